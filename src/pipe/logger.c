#include "pipe/logger.h"
#include "pipe/spawn.h"
#include "pipe/splice.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <skalibs/djbunix.h>
#include <sys/wait.h>
#include <unistd.h>

int logger_start(logger *l, int64_t mono)
{
  int e;

  if (l->pid || mono - l->started < LOGGER_RESTART_NS)
    return 1;
  l->started = mono;
  l->waiting = 0;
  e = spawn_program(&l->pid, l->argv, l->pipe[0], 0, l->hidden, SPAWN_DEFAULT);
  if (!e)
    return 1;
  errno = e;
  return 0;
}

/* The pipe that is written to is ours alone, so it may be made non-blocking. */
int logger_open(logger *l, char const *const *argv, int hidden, int64_t mono)
{
  *l = (logger){.argv = argv, .pipe = {-1, -1}, .hidden = hidden, .started = mono - LOGGER_RESTART_NS};
  if (pipe2(l->pipe, O_CLOEXEC) < 0 || ndelay_on(l->pipe[1]) < 0)
    return 0;
  return logger_start(l, mono);
}

/* ECHILD: its end was seen elsewhere, so it is gone as well. */
static int has_ended(logger *l)
{
  pid_t pid = waitpid(l->pid, &l->status, WNOHANG);
  return pid > 0 || (pid < 0 && errno == ECHILD);
}

logger_state logger_check(logger *l)
{
  int died = l->pid && has_ended(l);

  if (died)
    l->pid = 0;
  if (l->pid)
    return LOGGER_RUNS;
  if (l->pipe[1] < 0 && !input_waits(l->pipe[0]))
    return LOGGER_DONE;
  return died ? LOGGER_DIED : LOGGER_WAITS;
}

void logger_close_input(logger *l)
{
  if (l->pipe[1] < 0)
    return;
  close(l->pipe[1]);
  l->pipe[1] = -1;
}

/* The kernel does not report a pipe that was drained, so it is looked at again after a quarter of the time
 * that draining has taken so far: late by a fifth at most, and seldom if it takes long. */
static int64_t look_after(int64_t waited)
{
  int64_t quarter = waited / 4;
  return quarter < LOGGER_LOOK_MIN_NS   ? LOGGER_LOOK_MIN_NS
         : quarter > LOGGER_LOOK_MAX_NS ? LOGGER_LOOK_MAX_NS
                                        : quarter;
}

size_t logger_room(logger *l, int64_t mono, int64_t *again)
{
  if (!l->pid)
    *again = l->started + LOGGER_RESTART_NS;
  else if (mono < l->started + LOGGER_TRIAL_NS)
    *again = l->started + LOGGER_TRIAL_NS;
  else if (input_waits(l->pipe[0])) {
    if (!l->waiting)
      l->waiting = mono;
    *again = mono + look_after(mono - l->waiting);
  } else {
    l->waiting = 0;
    return LOGGER_PIECE_LEN;
  }
  return 0;
}

void logger_rotate(logger *l)
{
  l->rotate = 1;
}

int64_t logger_tend(logger *l, int64_t mono)
{
  if (!l->pid)
    return l->started + LOGGER_RESTART_NS;
  if (!l->rotate)
    return INT64_MAX;
  if (mono < l->started + LOGGER_TRIAL_NS)
    return l->started + LOGGER_TRIAL_NS;
  l->rotate = 0;
  kill(l->pid, SIGALRM);
  return INT64_MAX;
}

int logger_code(logger const *l)
{
  return WIFSIGNALED(l->status) ? 128 + WTERMSIG(l->status) : WEXITSTATUS(l->status);
}
