#include "pipe/nbwrite.h"
#include "pipe/splice.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
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

static int is_same(int a, int b)
{
  struct stat x, y;

  return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino &&
         x.st_rdev == y.st_rdev && x.st_mode == y.st_mode;
}

/* /dev/ptmx gives a new pseudo-terminal to each who opens it. */
static int is_master(int fd)
{
  char name[64];
  return ptsname_r(fd, name, sizeof name) == 0;
}

int reopen(int fd)
{
  char path[32];
  int own;

  if (is_master(fd))
    return -1;
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (own >= 0 && !is_same(fd, own)) {
    close(own);
    return -1;
  }
  return own;
}

/* Of a pipe or a device. */
static void open_anew(sink *s)
{
  int own = reopen(s->given);

  s->kind = own < 0 ? SINK_TIMED : SINK_FILE;
  s->fd = own < 0 ? s->given : own;
}

static void open_pipe(sink *s, sink_use use)
{
#ifdef __linux__
  if (use == SINK_LINES && pipe2(s->private, O_CLOEXEC | O_NONBLOCK) == 0) {
    s->kind = SINK_PIPE;
    return;
  }
#endif
  s->private[0] = s->private[1] = -1;
  open_anew(s);
}

void sink_open_own(sink *s, int fd)
{
  *s = (sink){.fd = fd, .given = fd, .kind = SINK_FILE, .private = {-1, -1}};
}

void sink_open(sink *s, int fd, sink_use use)
{
  struct stat st;

  sink_open_own(s, fd);
  if (fstat(fd, &st) < 0 || S_ISREG(st.st_mode) || S_ISBLK(st.st_mode))
    return;
  if (S_ISSOCK(st.st_mode))
    s->kind = SINK_SOCKET;
  else if (S_ISFIFO(st.st_mode))
    open_pipe(s, use);
  else
    open_anew(s);
}

static void close_private(sink *s)
{
  if (s->private[0] >= 0) {
    close(s->private[0]);
    close(s->private[1]);
  }
  s->private[0] = s->private[1] = -1;
  s->loaded = 0;
}

void sink_close(sink *s)
{
  close_private(s);
  if (s->fd != s->given)
    close(s->fd);
  s->fd = s->given;
}

void sink_forget(sink *s)
{
  char rest[512];

  while (s->loaded && read(s->private[0], rest, sizeof rest) > 0)
    ;
  s->loaded = 0;
}

#ifdef __linux__
/* The private pipe is empty whenever a line is begun, and takes all of it. */
static int load(sink *s, char const *bytes, size_t len)
{
  ssize_t n;

  if (s->loaded)
    return 1;
  do
    n = write(s->private[1], bytes, len);
  while (n < 0 && errno == EINTR);
  s->loaded = n > 0 ? (size_t)n : 0;
  return n > 0;
}

static ssize_t move(sink *s, char const *bytes, size_t len)
{
  ssize_t n;

  if (!load(s, bytes, len))
    return -1;
  n = splice(s->private[0], 0, s -> fd, 0, s -> loaded, SPLICE_F_NONBLOCK);
  if (n > 0)
    s->loaded -= (size_t)n;
  return n;
}
#endif

ssize_t sink_write(sink *s, char const *bytes, size_t len)
{
#ifdef __linux__
  if (s->kind == SINK_PIPE) {
    ssize_t n = move(s, bytes, len);
    if (n >= 0 || !bysplice_is_refusal(errno))
      return n;
    close_private(s);
    open_anew(s);
  }
#endif
  if (s->kind == SINK_SOCKET)
    return send(s->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
  return s->kind == SINK_TIMED ? timed_write(s->fd, bytes, len) : write(s->fd, bytes, len);
}
