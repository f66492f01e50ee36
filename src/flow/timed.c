#include "flow/timed.h"
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define TICK 2000000 /* nanoseconds until a write is interrupted, and between further tries to */

static void nothing(int sig)
{
  (void)sig;
}

/* The timer goes on, since its first signal may come just before the write begins. Returns 1, or 0 with
 * errno. */
static int start(timer_t *timer)
{
  struct sigaction action = {.sa_handler = &nothing}; /* without SA_RESTART */
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
  struct itimerspec ticks = {{0, TICK}, {0, TICK}};
  sigset_t ours;

  sigemptyset(&ours);
  sigaddset(&ours, SIGRTMIN);
  if (sigaction(SIGRTMIN, &action, 0) < 0 || sigprocmask(SIG_UNBLOCK, &ours, 0) < 0 ||
      timer_create(CLOCK_MONOTONIC, &event, timer) < 0)
    return 0;
  if (timer_settime(*timer, 0, &ticks, 0) == 0)
    return 1;
  timer_delete(*timer);
  return 0;
}

ssize_t timed_write(int fd, char const *bytes, size_t len)
{
  struct pollfd p = {.fd = fd, .events = POLLOUT};
  timer_t timer;
  ssize_t n;
  int error;

  if (poll(&p, 1, 0) <= 0 || !start(&timer)) {
    errno = EAGAIN;
    return -1;
  }
  n = write(fd, bytes, len < PIPE_BUF ? len : PIPE_BUF);
  error = errno;
  timer_delete(timer);
  errno = error == EINTR ? EAGAIN : error;
  return n;
}
