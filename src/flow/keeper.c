#include "flow/keeper.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <skalibs/djbunix.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <unistd.h>

extern char **environ;

static int spawn_attributes(posix_spawnattr_t *a)
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
static int spawn_descriptors(posix_spawn_file_actions_t *f, keeper const *k)
{
  int e = posix_spawn_file_actions_adddup2(f, k->pipe[0], 0);

  if (!e && k->hidden > 2)
    e = posix_spawn_file_actions_addclose(f, k->hidden);
  return e;
}

static int spawn(keeper *k)
{
  posix_spawnattr_t a;
  posix_spawn_file_actions_t f;
  pid_t pid;
  int e = posix_spawnattr_init(&a);

  if (e)
    return e;
  e = posix_spawn_file_actions_init(&f);
  if (!e) {
    e = spawn_attributes(&a);
    if (!e)
      e = spawn_descriptors(&f, k);
    if (!e)
      e = posix_spawnp(&pid, k->argv[0], &f, &a, (char *const *)k->argv, environ);
    posix_spawn_file_actions_destroy(&f);
  }
  posix_spawnattr_destroy(&a);
  if (!e)
    k->pid = pid;
  return e;
}

int keeper_start(keeper *k, int64_t mono)
{
  int e;

  if (k->pid || mono - k->started < KEEPER_PAUSE)
    return 1;
  k->started = mono;
  e = spawn(k);
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

static int unread(keeper const *k)
{
  int left;
  return ioctl(k->pipe[0], FIONREAD, &left) < 0 || left > 0;
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
  if (k->pipe[1] < 0 && !unread(k))
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

void keeper_signal(keeper const *k, int sig)
{
  if (k->pid)
    kill(k->pid, sig);
}

int keeper_code(keeper const *k)
{
  return WIFSIGNALED(k->status) ? 128 + WTERMSIG(k->status) : WEXITSTATUS(k->status);
}
