/* keeper.h - runs the program that stores the log, behind a pipe of which it holds both ends.
 *
 * The program may die at any time: what is in the pipe stays there until its successor reads it. Only when
 * the input is closed and the pipe is empty is the end of the program the end of the story. */
#ifndef FLOW_KEEPER_H
#define FLOW_KEEPER_H

#include <stdint.h>
#include <sys/types.h>

#define KEEPER_PAUSE (1000000000) /* nanoseconds between two starts */

typedef struct {
  char const *const *argv;
  int pipe[2];     /* -1: closed */
  int hidden;      /* a descriptor that the program does not get, or -1 */
  pid_t pid;       /* 0: not running */
  int status;      /* as wait(2) gave it when the program ended last */
  int64_t started; /* when it was last started, on the monotonic clock */
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

/* Sends the program a signal if it runs. */
extern void keeper_signal(keeper const *k, int sig);

/* What to exit with after KEEPER_DONE: the program's exit code, or 128 and the number of the signal that
 * ended it. */
extern int keeper_code(keeper const *k);

#endif
