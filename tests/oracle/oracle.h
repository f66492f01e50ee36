/* oracle.h - the slow, plain reading of what ratetap must say of a log.
 *
 * Shares no code with the program.  Every event is kept, every count is a fresh walk over a list, so that the
 * answer can be seen to be right.  Replay only: no timers, no memory cap, one moment of wall clock.
 * Times are int64_t nanoseconds since the Unix epoch. */
#ifndef ORACLE_H
#define ORACLE_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  char const *s;
  size_t len;
} oracle_file;

typedef struct {
  char const *const *args, *const *next; /* after the program's name: -e, -x CHARS, -r COUNT, --, directives;
                                            words from PROGRAM on are ignored. next: the rules that a reload
                                            brings, or 0 */
  size_t nargs, nnext, before_next;      /* before_next: after how many lines */
  char const *log;
  size_t len;
  int64_t wall;              /* what the machine's clock shows all the time */
  oracle_file const *stored; /* what a directory of -w holds, oldest first, or 0 */
  size_t nstored;
  int keeps_program; /* PROGRAM is there */
} oracle_asked;

/* Reads the log and appends the alert lines it must cause to *alerts, which is 0 or from malloc, is grown,
 * stays the caller's, and gets a zero byte after its *alen bytes. Returns 1, or 0 with errno EINVAL (bad
 * command line) or ENOMEM, *alerts and *alen unchanged. Keeps nothing between calls. */
extern int oracle_answer(oracle_asked const *a, char **alerts, size_t *alen);

#endif
