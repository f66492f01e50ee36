/* stage.h - what the measuring tools share: starting a filter between two pipes, and asking what it has used.
 *
 * All functions end the program with a message if they fail. Times are microseconds. */
#ifndef BENCH_STAGE_H
#define BENCH_STAGE_H

#include <stddef.h>
#include <sys/types.h>

typedef struct {
  pid_t pid;
  int in, out; /* our ends: what we write to it, and what we read from it */
} stage;

extern void stage_fail(char const *what);

/* Starts argv with these descriptors as 0, 1 and 2; err -1: $BENCH_ERR, or nowhere. */
extern pid_t stage_start(char *const *argv, int in, int out, int err);

/* The same between two pipes of ours. */
extern stage stage_open(char *const *argv, int err);

extern void stage_pipe(int p[2]);
extern int stage_file(char const *name, int flags);
extern long long stage_clock(void);

/* Processor time, user and system, of a process that has not been waited for. */
extern long long stage_used(pid_t pid);

/* Waits until the process has taken all that was written to the pipe fd, and uses no more time. */
extern void stage_settle(pid_t pid, int fd);

extern void stage_write(int fd, char const *s, size_t len);

/* Writes the file to fd. */
extern void stage_feed(int fd, char const *file);

/* Writes the lines of log to fd as qmail-send does, each in eleven writes; rate lines a second. Returns how
 * many. */
extern long stage_write_live(int fd, char const *log, long rate);

/* Reads and forgets what comes out, in a child of ours. */
extern void stage_drain(stage *s);

#endif
