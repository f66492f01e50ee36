/* nth.h - what one run of nth knows; the start of the filter, and its new start if it had the right to die.
 */

#ifndef NTH_H
#define NTH_H

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

#include "numbered.h"

typedef struct {
  char const *library, *call, *what, *only, *times;
  char **command;
  uint64_t lines;
  unsigned writes, max;
  int sockets, may_die;

  char mark[64]; /* made by the library when it strikes */
  char const *why;
  unsigned deaths, deaths_now; /* in all runs, in this one */
  pid_t pid;
  int in[2], out[2]; /* 0: where it is read, 1: where it is written */
  size_t passed;     /* bytes of the output seen so far */
} nth;

static inline void nth_arguments(nth *t, char **argv)
{
  t->library = argv[0];
  t->call = argv[1];
  t->what = argv[2];
  t->only = argv[3];
  t->lines = strtoull(argv[4], 0, 10);
  t->writes = (unsigned)atoi(argv[5]);
  t->command = argv + 6;
  (void)snprintf(t->mark, sizeof t->mark, "/tmp/nth.%d", (int)getpid());
  (void)unlink(t->mark);
}

static inline int nth_start(nth *t, unsigned n)
{
  char number[16];

  t->pid = fork();
  if (t->pid)
    return t->pid > 0;
  (void)signal(SIGPIPE, SIG_DFL);
  if (n) {
    (void)snprintf(number, sizeof number, "%u", n);
    (void)setenv("LD_PRELOAD", t->library, 1);
    (void)setenv("FAULT_CALL", t->call, 1);
    (void)setenv("FAULT_DO", t->what, 1);
    (void)setenv("FAULT_ONLY", t->only, 1);
    (void)setenv("FAULT_NTH", number, 1);
    (void)setenv("FAULT_TIMES", t->times, 1);
    (void)setenv("FAULT_MARK", t->mark, 1);
  }
  if (dup2(t->in[0], 0) == 0 && dup2(t->out[1], 1) == 1)
    execvp(t->command[0], t->command);
  _exit(127);
}

static inline int nth_wrong(nth *t, char const *why)
{
  t->why = why;
  return 0;
}

/* Starts a dead filter again, if it had the right to die. */
static inline int nth_revive(nth *t)
{
  int const kill_it = !strcmp(t->what, "kill");
  int status;

  if (waitpid(t->pid, &status, WNOHANG) != t->pid)
    return 1;
  t->pid = 0;
  t->deaths++;
  if (++t->deaths_now > 20)
    return nth_wrong(t, "dies again and again");
  if (kill_it ? !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL
              : !WIFEXITED(status) || WEXITSTATUS(status) != 111)
    return nth_wrong(t, "died in an unexpected way");
  if (!kill_it && !t->may_die && t->passed)
    return nth_wrong(t, "gave up after bytes were passed on");
  return nth_start(t, 0);
}

#endif
