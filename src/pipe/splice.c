#include "pipe/splice.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#if SPLICE_IS_HERE
static ssize_t copy_some(int in, int out, size_t len)
{
  return tee(in, out, len, SPLICE_F_NONBLOCK);
}

ssize_t splice_some(int in, int out, size_t len)
{
  return splice(in, 0, out, 0, len, SPLICE_F_NONBLOCK);
}
#else
static ssize_t copy_some(int in, int out, size_t len)
{
  (void)in, (void)out, (void)len;
  errno = ENOSYS;
  return -1;
}

ssize_t splice_some(int in, int out, size_t len)
{
  return copy_some(in, out, len);
}
#endif

int splice_is_refusal(int error)
{
  return error == ENOSYS || error == EINVAL || error == EPERM;
}

int splice_open(splice_view *s)
{
  *s = (splice_view){.view = {-1, -1}};
  if (SPLICE_IS_HERE)
    return pipe2(s->view, O_CLOEXEC | O_NONBLOCK) == 0;
  errno = ENOSYS;
  return 0;
}

void splice_close(splice_view *s)
{
  if (s->view[0] >= 0) {
    close(s->view[0]);
    close(s->view[1]);
  }
  s->view[0] = s->view[1] = -1;
}

static ssize_t refuse(splice_view *s, int error)
{
  splice_close(s);
  s->refused = error;
  errno = error;
  return -1;
}

/* tee(2) and splice(2) return 0 at the end of input, and also if another reader has emptied the pipe
 * meanwhile. */
static ssize_t nothing_there(int in)
{
  struct pollfd p = {.fd = in, .events = POLLIN};

  if (poll(&p, 1, 0) == 1 && (p.revents & (POLLIN | POLLHUP)) == POLLHUP)
    return 0;
  errno = EAGAIN;
  return -1;
}

/* Shows what has come into the view, n bytes. */
static ssize_t show(splice_view *s, int in, char *buf, ssize_t n)
{
  size_t got = 0;

  if (n == 0)
    return nothing_there(in);
  if (n < 0)
    return splice_is_refusal(errno) ? refuse(s, errno) : -1;
  while (got < (size_t)n) {
    ssize_t r = read(s->view[0], buf + got, (size_t)n - got);
    if (r > 0)
      got += (size_t)r;
    else if (r == 0 || errno != EINTR)
      return refuse(s, r ? errno : EIO);
  }
  return n;
}

ssize_t splice_look(splice_view *s, int in, char *buf, size_t most, int *full)
{
  ssize_t n = copy_some(in, s->view[1], most);

  if (full) {
    int error = errno;
    *full = n == (ssize_t)most || poll(&(struct pollfd){s->view[1], POLLOUT, 0}, 1, 0) <= 0;
    errno = error;
  }
  return show(s, in, buf, n);
}

ssize_t splice_take(splice_view *s, int in, char *buf, size_t most)
{
  return show(s, in, buf, splice_some(in, s->view[1], most));
}

/* A pipe that refuses to move what was seen in it may be empty, since another reader has taken the bytes:
 * then they are no longer ours to pass on. */
ssize_t splice_move(splice_view *s, int in, int out, size_t len)
{
  ssize_t n = splice_some(in, out, len);
  int left, error = errno;

  if (n >= 0)
    return n;
  if (splice_is_refusal(error))
    return refuse(s, error);
  if (error == EAGAIN && ioctl(in, FIONREAD, &left) == 0 && !left)
    return 0;
  errno = error;
  return -1;
}

#define PIPE_SIZE_USUAL 16384 /* bytes, on the systems that do not tell */

size_t input_pipe_size(int fd)
{
#ifdef F_GETPIPE_SZ
  int size = fcntl(fd, F_GETPIPE_SZ);
  if (size > 0)
    return (size_t)size;
#else
  (void)fd;
#endif
  return PIPE_SIZE_USUAL;
}

void splice_enlarge(int fd, size_t size)
{
#ifdef F_SETPIPE_SZ
  if (input_pipe_size(fd) < size)
    fcntl(fd, F_SETPIPE_SZ, (int)size);
#else
  (void)fd, (void)size;
#endif
}

input_kind input_kind_of(int fd)
{
  struct stat st;
  int type = SOCK_STREAM;
  socklen_t len = sizeof type;

  if (fstat(fd, &st) < 0)
    return INPUT_OTHER;
  if (S_ISFIFO(st.st_mode))
    return INPUT_PIPE;
  if (!S_ISSOCK(st.st_mode))
    return INPUT_OTHER;
  getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len);
  return type == SOCK_STREAM ? INPUT_STREAM : INPUT_DATAGRAM;
}

size_t input_waits(int fd)
{
  int n;

  if (ioctl(fd, FIONREAD, &n) < 0)
    return 0;
  return n < 0 ? INT_MAX : (size_t)n; /* of a file, more than an int can tell */
}

/* Will nothing more come? Asked after an empty read from a socket of datagrams. */
static int has_ended(int fd)
{
  struct pollfd p = {.fd = fd, .events = INPUT_ENDS};
  return poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | INPUT_ENDS)) && !input_waits(fd);
}

ssize_t input_read(int fd, input_kind kind, char *buf, size_t most)
{
  int socket = kind == INPUT_STREAM || kind == INPUT_DATAGRAM;
  ssize_t n = socket ? recv(fd, buf, most, MSG_DONTWAIT) : read(fd, buf, most);

  if (n == 0 && kind == INPUT_DATAGRAM && !has_ended(fd)) {
    errno = EAGAIN;
    return -1;
  }
  if (n < 0 && errno == EIO && isatty(fd)) /* the other side is closed */
    return 0;
  return n;
}

#define PAGE 4096

char *input_buffer(size_t size)
{
  return aligned_alloc(PAGE, size);
}
