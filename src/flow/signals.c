#include "flow/signals.h"
#include <signal.h>
#include <skalibs/selfpipe.h>
#include <skalibs/sig.h>

/* A signal that was inherited as ignored would never arrive, blocked or not. */
static int trap(int sig)
{
  return sig_restore(sig) && selfpipe_trap(sig);
}

static int trap_if(int wanted, int sig)
{
  return wanted ? trap(sig) : sig_ignore(sig);
}

int signals_open(int reload, int program)
{
  int fd = selfpipe_init();

  if (fd < 0 || !sig_ignore(SIGPIPE) || !sig_ignore(SIGXFSZ) || !trap(SIGTERM) || !trap(SIGUSR1) ||
      !trap_if(reload, SIGHUP) || !trap_if(program, SIGALRM) || (program && !trap(SIGCHLD)))
    return -1;
  return fd;
}
