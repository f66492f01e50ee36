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

#define INTERRUPT_NS 2000000 /* until a write is interrupted, and between further tries to */

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
  struct itimerspec times = {{0, INTERRUPT_NS}, {0, INTERRUPT_NS}};
  sigset_t ours;

  sigemptyset(&ours);
  sigaddset(&ours, SIGRTMIN);
  if (sigaction(SIGRTMIN, &action, 0) < 0 || sigprocmask(SIG_UNBLOCK, &ours, 0) < 0 ||
      timer_create(CLOCK_MONOTONIC, &event, timer) < 0)
    return 0;
  if (timer_settime(*timer, 0, &times, 0) == 0)
    return 1;
  timer_delete(*timer);
  return 0;
}

/* The last resort. Writes some of the bytes if poll(2) says that fd takes some, and gives up after a few
 * milliseconds if it does not after all. Returns how many bytes, or -1 with errno, EAGAIN if that is none. */
static ssize_t timed_write(int fd, char const *bytes, size_t len)
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

/* Opens anew, for writing and with O_NONBLOCK, the pipe or device that fd is open on: that flag belongs to
 * the open description, which other processes share, and this one is ours alone. Returns the new descriptor,
 * or -1: /proc is not there, it is not permitted, or what would be opened is another one. */
static int reopen(int fd)
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

static void open_anew(nbwrite *w)
{
  int own = reopen(w->given);

  w->kind = own < 0 ? NBWRITE_TIMED : NBWRITE_PLAIN;
  w->fd = own < 0 ? w->given : own;
}

static void open_pipe(nbwrite *w, nbwrite_use use)
{
  if (SPLICE_IS_HERE && use == NBWRITE_LINES && pipe2(w->private, O_CLOEXEC | O_NONBLOCK) == 0) {
    w->kind = NBWRITE_SPLICE;
    return;
  }
  w->private[0] = w->private[1] = -1;
  open_anew(w);
}

void nbwrite_open_own(nbwrite *w, int fd)
{
  *w = (nbwrite){.fd = fd, .given = fd, .kind = NBWRITE_PLAIN, .private = {-1, -1}};
}

void nbwrite_open(nbwrite *w, int fd, nbwrite_use use)
{
  struct stat st;

  nbwrite_open_own(w, fd);
  if (fstat(fd, &st) < 0 || S_ISREG(st.st_mode) || S_ISBLK(st.st_mode))
    return;
  if (S_ISSOCK(st.st_mode))
    w->kind = NBWRITE_SOCKET;
  else if (S_ISFIFO(st.st_mode))
    open_pipe(w, use);
  else
    open_anew(w);
}

static void close_private(nbwrite *w)
{
  if (w->private[0] >= 0) {
    close(w->private[0]);
    close(w->private[1]);
  }
  w->private[0] = w->private[1] = -1;
  w->loaded = 0;
}

void nbwrite_close(nbwrite *w)
{
  close_private(w);
  if (w->fd != w->given)
    close(w->fd);
  w->fd = w->given;
}

void nbwrite_forget(nbwrite *w)
{
  char rest[512];

  while (w->loaded && read(w->private[0], rest, sizeof rest) > 0)
    ;
  w->loaded = 0;
}

/* The private pipe is empty whenever a line is begun, and takes all of it. */
static int load(nbwrite *w, char const *bytes, size_t len)
{
  ssize_t n;

  if (w->loaded)
    return 1;
  do
    n = write(w->private[1], bytes, len);
  while (n < 0 && errno == EINTR);
  w->loaded = n > 0 ? (size_t)n : 0;
  return n > 0;
}

static ssize_t move(nbwrite *w, char const *bytes, size_t len)
{
  ssize_t n;

  if (!load(w, bytes, len))
    return -1;
  n = splice_some(w->private[0], w -> fd, w -> loaded);
  if (n > 0)
    w->loaded -= (size_t)n;
  return n;
}

/* A socket of datagrams takes no more in one than its buffer holds. */
static ssize_t send_some(int fd, char const *bytes, size_t len)
{
  ssize_t n;

  while ((n = send(fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL)) < 0 && errno == EMSGSIZE && len > 1)
    len /= 2;
  return n;
}

ssize_t nbwrite_some(nbwrite *w, char const *bytes, size_t len)
{
  if (w->kind == NBWRITE_SPLICE) {
    ssize_t n = move(w, bytes, len);
    if (n >= 0 || !splice_is_refusal(errno))
      return n;
    close_private(w);
    open_anew(w);
  }
  if (w->kind == NBWRITE_SOCKET)
    return send_some(w->fd, bytes, len);
  return w->kind == NBWRITE_TIMED ? timed_write(w->fd, bytes, len) : write(w->fd, bytes, len);
}
