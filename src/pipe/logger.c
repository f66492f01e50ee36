#include "pipe/logger.h"
#include "pipe/splice.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <skalibs/djbunix.h>
#include <spawn.h>
#include <unistd.h>

extern char **environ;

static int attributes(posix_spawnattr_t *a)
{
  sigset_t all, none;
  int e;

  sigfillset(&all);
  sigemptyset(&none);
  e = posix_spawnattr_setsigdefault(a, &all);
  if (!e)
    e = posix_spawnattr_setsigmask(a, &none);
  return e ? e : posix_spawnattr_setflags(a, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

/* Standard error is hidden from nobody: that the program complains there is expected. */
static int descriptors(posix_spawn_file_actions_t *f, int input, int hidden)
{
  int e = posix_spawn_file_actions_adddup2(f, input, 0);

  if (!e && hidden > 2)
    e = posix_spawn_file_actions_addclose(f, hidden);
  return e;
}

int start_program(pid_t *pid, char const *const *argv, int input, int hidden)
{
  posix_spawnattr_t a;
  posix_spawn_file_actions_t f;
  int e = posix_spawnattr_init(&a);

  if (e)
    return e;
  e = posix_spawn_file_actions_init(&f);
  if (!e) {
    e = attributes(&a);
    if (!e)
      e = descriptors(&f, input, hidden);
    if (!e)
      e = posix_spawnp(pid, argv[0], &f, &a, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&f);
  }
  posix_spawnattr_destroy(&a);
  return e;
}

int keeper_start(keeper *k, int64_t mono)
{
  int e;

  if (k->pid || mono - k->started < KEEPER_PAUSE)
    return 1;
  k->started = mono;
  k->waiting = 0;
  e = start_program(&k->pid, k->argv, k->pipe[0], k->hidden);
  if (!e)
    return 1;
  errno = e;
  return 0;
}

/* The pipe that is written to is ours alone, so it may be made non-blocking. */
int keeper_open(keeper *k, char const *const *argv, int hidden, int64_t mono)
{
  *k = (keeper){.argv = argv, .pipe = {-1, -1}, .hidden = hidden, .started = mono - KEEPER_PAUSE};
  if (pipe2(k->pipe, O_CLOEXEC) < 0 || ndelay_on(k->pipe[1]) < 0)
    return 0;
  return keeper_start(k, mono);
}

/* A child that somebody else has waited for is gone as well. */
static int has_ended(keeper *k)
{
  pid_t pid = waitpid(k->pid, &k->status, WNOHANG);
  return pid > 0 || (pid < 0 && errno == ECHILD);
}

keeper_state keeper_check(keeper *k)
{
  int died = k->pid && has_ended(k);

  if (died)
    k->pid = 0;
  if (k->pid)
    return KEEPER_RUNS;
  if (k->pipe[1] < 0 && !input_waits(k->pipe[0]))
    return KEEPER_DONE;
  return died ? KEEPER_DIED : KEEPER_WAITS;
}

void keeper_close_input(keeper *k)
{
  if (k->pipe[1] < 0)
    return;
  close(k->pipe[1]);
  k->pipe[1] = -1;
}

/* Nobody tells when a reader has emptied a pipe, so it is asked again after a quarter of the time that it has
 * taken so far: late by a fifth at most, and seldom if it takes long. */
static int64_t patience(int64_t waited)
{
  int64_t quarter = waited / 4;
  return quarter < KEEPER_LOOK ? KEEPER_LOOK : quarter > KEEPER_LOOK_MOST ? KEEPER_LOOK_MOST : quarter;
}

size_t keeper_room(keeper *k, int64_t mono, int64_t *again)
{
  if (!k->pid)
    *again = k->started + KEEPER_PAUSE;
  else if (mono < k->started + KEEPER_TRIAL)
    *again = k->started + KEEPER_TRIAL;
  else if (input_waits(k->pipe[0])) {
    if (!k->waiting)
      k->waiting = mono;
    *again = mono + patience(mono - k->waiting);
  } else {
    k->waiting = 0;
    return KEEPER_PIECE;
  }
  return 0;
}

void keeper_rotate(keeper *k)
{
  k->rotate = 1;
}

int64_t keeper_tend(keeper *k, int64_t mono)
{
  if (!k->pid)
    return k->started + KEEPER_PAUSE;
  if (!k->rotate)
    return INT64_MAX;
  if (mono < k->started + KEEPER_TRIAL)
    return k->started + KEEPER_TRIAL;
  k->rotate = 0;
  kill(k->pid, SIGALRM);
  return INT64_MAX;
}

int keeper_code(keeper const *k)
{
  return WIFSIGNALED(k->status) ? 128 + WTERMSIG(k->status) : WEXITSTATUS(k->status);
}
