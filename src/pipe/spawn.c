#include "pipe/spawn.h"
#include <signal.h>
#include <spawn.h>

extern char **environ;

static int set_signals(posix_spawnattr_t *a)
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

/* Standard error is never hidden: that the program complains there is expected. */
static int set_descriptors(posix_spawn_file_actions_t *f, int from, int to, int hidden)
{
  int e = posix_spawn_file_actions_adddup2(f, from, to);
  return !e && hidden > 2 ? posix_spawn_file_actions_addclose(f, hidden) : e;
}

int spawn_program(pid_t *pid, char const *const *argv, int from, int to, int hidden, spawn_signals signals)
{
  posix_spawnattr_t a;
  posix_spawn_file_actions_t f;
  int e = posix_spawnattr_init(&a);

  if (e)
    return e;
  e = posix_spawn_file_actions_init(&f);
  if (!e) {
    e = set_descriptors(&f, from, to, hidden);
    if (!e && signals == SPAWN_DEFAULT)
      e = set_signals(&a);
    if (!e)
      e = posix_spawnp(pid, argv[0], &f, &a, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&f);
  }
  posix_spawnattr_destroy(&a);
  return e;
}
