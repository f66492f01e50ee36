/* start.h - starts the program that stores the log. */
#ifndef FLOW_START_H
#define FLOW_START_H

#include <sys/types.h>

/* Starts argv[0], looked up in PATH, with input as its standard input, default signals and an empty mask, and
 * without the descriptor hidden, unless that is standard error or -1. Returns 0 with *pid set, or an errno
 * (also if the program cannot be executed). */
extern int start_program(pid_t *pid, char const *const *argv, int input, int hidden);

#endif
