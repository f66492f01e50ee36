/* logger.h - keeps the program that stores the log running, and holds both ends of the pipe to it.
 *
 * The program may die at any time: what is in the pipe stays there until its successor reads it. Only when
 * the input is closed and the pipe is empty is the end of the program the end of all. But if we are killed
 * while no program has the pipe open, it is gone with all that is in it. So it is given little, and only when
 * a program is there to take it: logger_room. All times are the monotonic clock's. */
#ifndef PIPE_LOGGER_H
#define PIPE_LOGGER_H

#include "base/span.h"
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define LOGGER_RESTART_NS SECOND             /* between two starts */
#define LOGGER_TRIAL_NS INT64_C(200000000)   /* a program that cannot take its lock has ended by then */
#define LOGGER_LOOK_MIN_NS INT64_C(100000)   /* until the pipe is looked at again, at first */
#define LOGGER_LOOK_MAX_NS INT64_C(50000000) /* ... and at last */
#define LOGGER_PIECE_LEN ((size_t)1 << 16)   /* bytes that may be lost with the pipe */

typedef struct {
  char const *const *argv;
  int pipe[2];     /* -1: closed */
  int hidden;      /* a descriptor that the program does not get, or -1 */
  pid_t pid;       /* 0: not running */
  int status;      /* as wait(2) gave it when the program ended last */
  int64_t started; /* when it was last started, on the monotonic clock */
  int64_t waiting; /* since when the pipe has been seen to hold a piece; 0: it does not */
  int rotate;      /* a SIGALRM is due */
} logger;

typedef enum {
  LOGGER_RUNS,
  LOGGER_DIED,  /* it has just ended, too early; or could not be started, errno then says why */
  LOGGER_WAITS, /* not running: logger_start is due at started + LOGGER_RESTART_NS */
  LOGGER_DONE   /* ended, and nothing is left to read */
} logger_state;

/* Makes the pipe and starts argv[0], looked up in PATH, with the pipe as its standard input, default signals
 * and an empty mask. Returns 1, or 0 with errno (also if the program cannot be executed). */
extern int logger_open(logger *l, char const *const *argv, int hidden, int64_t mono);

/* Starts the program again if it is time to. Returns 1, or 0 with errno if that failed; then it is tried
 * again later. */
extern int logger_start(logger *l, int64_t mono);

/* Has the program ended? To be asked after SIGCHLD. */
extern logger_state logger_check(logger *l);

/* Lets the program see the end of its input once it has read all. */
extern void logger_close_input(logger *l);

/* How many bytes the program may be given now, in one piece: none before it has run for LOGGER_TRIAL_NS, none
 * while the pipe holds an earlier piece. If none, *again becomes when to ask again. */
extern size_t logger_room(logger *l, int64_t mono, int64_t *again);

/* The program is to get a SIGALRM. A new one, which that would kill, gets it after LOGGER_TRIAL_NS. */
extern void logger_rotate(logger *l);

/* Does that if it is time to. Returns when the program has to be tended to again, started or signalled,
 * whatever comes, or INT64_MAX. */
extern int64_t logger_tend(logger *l, int64_t mono);

/* What to exit with after LOGGER_DONE: the program's exit code, or 128 and the number of the signal that
 * ended it. */
extern int logger_code(logger const *l);

#endif
