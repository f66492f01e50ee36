/* spawn.h - starts a program. */
#ifndef PIPE_SPAWN_H
#define PIPE_SPAWN_H

#include <sys/types.h>

typedef enum {
  SPAWN_INHERIT, /* signals are as they are here, as for exec */
  SPAWN_DEFAULT  /* default actions and an empty mask */
} spawn_signals;

/* Starts argv[0], looked up in PATH, with descriptor from as its descriptor to, and without the descriptor
 * hidden if that is above 2. Returns 0 with *pid set, or an errno (also if the program cannot be executed).
 */
extern int spawn_program(pid_t *pid, char const *const *argv, int from, int to, int hidden,
                         spawn_signals signals);

#endif
