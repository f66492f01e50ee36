#include "flow/start.h"
#include <signal.h>
#include <spawn.h>

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
