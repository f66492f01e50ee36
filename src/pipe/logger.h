/* start.h - starts the program that stores the log. */

/* keeper.h - runs the program that stores the log, behind a pipe of which it holds both ends.
 *
 * The program may die at any time: what is in the pipe stays there until its successor reads it. Only when
 * the input is closed and the pipe is empty is the end of the program the end of the story.
 *
 * But if we are killed while no program has it open, the pipe is gone with all that is in it. So it is given
 * little, and only when a program is there to take it: keeper_room. */
#ifndef PIPE_LOGGER_H
#define PIPE_LOGGER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Starts argv[0], looked up in PATH, with input as its standard input, default signals and an empty mask, and
 * without the descriptor hidden, unless that is standard error or -1. Returns 0 with *pid set, or an errno
 * (also if the program cannot be executed). */
extern int start_program(pid_t *pid, char const *const *argv, int input, int hidden);

/* In nanoseconds. */
#define KEEPER_PAUSE 1000000000   /* between two starts */
#define KEEPER_TRIAL 200000000    /* a program that cannot take its lock has ended by then */
#define KEEPER_LOOK 100000        /* until the pipe is looked at again, at first */
#define KEEPER_LOOK_MOST 50000000 /* ... and at last */

#define KEEPER_PIECE ((size_t)1 << 16) /* bytes that may be lost with the pipe */

typedef struct {
  char const *const *argv;
  int pipe[2];     /* -1: closed */
  int hidden;      /* a descriptor that the program does not get, or -1 */
  pid_t pid;       /* 0: not running */
  int status;      /* as wait(2) gave it when the program ended last */
  int64_t started; /* when it was last started, on the monotonic clock */
  int64_t waiting; /* since when the pipe has been seen to hold a piece; 0: it does not */
  int rotate;      /* a SIGALRM is due */
} keeper;

typedef enum {
  KEEPER_RUNS,
  KEEPER_DIED,  /* it has just ended, too early; or could not be started, errno then says why */
  KEEPER_WAITS, /* not running: keeper_start is due at started + KEEPER_PAUSE */
  KEEPER_DONE   /* ended, and nothing is left to read */
} keeper_state;

/* Makes the pipe and starts argv[0], looked up in PATH, with the pipe as its standard input, default signals
 * and an empty mask. Returns 1, or 0 with errno (also if the program cannot be executed). */
extern int keeper_open(keeper *k, char const *const *argv, int hidden, int64_t mono);

/* Starts the program again if it is time to. Returns 1, or 0 with errno if that failed; then it is tried
 * again later. */
extern int keeper_start(keeper *k, int64_t mono);

/* Has the program ended? To be asked after SIGCHLD. */
extern keeper_state keeper_check(keeper *k);

/* Lets the program see the end of its input once it has read all. */
extern void keeper_close_input(keeper *k);

/* How many bytes the program may be given now, in one piece: none before it has run for KEEPER_TRIAL, none
 * while the pipe holds an earlier piece. If none, *again becomes when to ask again. */
extern size_t keeper_room(keeper *k, int64_t mono, int64_t *again);

/* The program is to get a SIGALRM. A new one, which that would kill, gets it after KEEPER_TRIAL. */
extern void keeper_rotate(keeper *k);

/* Does that if it is time to. Returns when the program has to be tended to again, started or signalled,
 * whatever comes, or INT64_MAX. */
extern int64_t keeper_tend(keeper *k, int64_t mono);

/* What to exit with after KEEPER_DONE: the program's exit code, or 128 and the number of the signal that
 * ended it. */
extern int keeper_code(keeper const *k);

#endif
