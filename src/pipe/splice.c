#include "pipe/splice.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

int bysplice_is_refusal(int error)
{
  return error == ENOSYS || error == EINVAL || error == EPERM;
}

void bysplice_close(bysplice *s)
{
  if (s->view[0] >= 0) {
    close(s->view[0]);
    close(s->view[1]);
  }
  s->view[0] = s->view[1] = -1;
}

#ifdef __linux__
static int is_pipe(int fd)
{
  struct stat st;
  return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

int bysplice_fits(int in, int out)
{
  return is_pipe(in) && is_pipe(out);
}

int bysplice_open(bysplice *s)
{
  *s = (bysplice){.view = {-1, -1}};
  return pipe2(s->view, O_CLOEXEC | O_NONBLOCK) == 0;
}

static ssize_t refuse(bysplice *s, int error)
{
  bysplice_close(s);
  s->refused = error;
  errno = error;
  return -1;
}

/* tee(2) returns 0 at the end of input, and also if another reader has emptied the pipe meanwhile. */
static ssize_t nothing_there(int in)
{
  struct pollfd p = {.fd = in, .events = POLLIN};

  if (poll(&p, 1, 0) == 1 && (p.revents & (POLLIN | POLLHUP)) == POLLHUP)
    return 0;
  errno = EAGAIN;
  return -1;
}

/* Without the copy there is nothing to see, but the bytes are all still in the input. */
static ssize_t read_copy(bysplice *s, char *buf, size_t len)
{
  size_t got = 0;

  while (got < len) {
    ssize_t n = read(s->view[0], buf + got, len - got);
    if (n > 0)
      got += (size_t)n;
    else if (n == 0 || errno != EINTR)
      return refuse(s, n ? errno : EIO);
  }
  return (ssize_t)got;
}

/* What has come into the view, n bytes, is shown. */
static ssize_t show(bysplice *s, int in, char *buf, ssize_t n)
{
  if (n > 0)
    return read_copy(s, buf, (size_t)n);
  if (n == 0)
    return nothing_there(in);
  return bysplice_is_refusal(errno) ? refuse(s, errno) : -1;
}

ssize_t bysplice_look(bysplice *s, int in, char *buf, size_t most)
{
  return show(s, in, buf, tee(in, s->view[1], most, SPLICE_F_NONBLOCK));
}

ssize_t bysplice_take(bysplice *s, int in, char *buf, size_t most)
{
  return show(s, in, buf, splice(in, 0, s->view[1], 0, most, SPLICE_F_NONBLOCK));
}

/* A pipe that refuses to move what was seen in it may be empty, since somebody else has taken the bytes: then
 * they are no longer ours to pass on. */
ssize_t bysplice_move(bysplice *s, int in, int out, size_t len)
{
  ssize_t n = splice(in, 0, out, 0, len, SPLICE_F_NONBLOCK);
  int left, error = errno;

  if (n >= 0)
    return n;
  if (bysplice_is_refusal(error))
    return refuse(s, error);
  if (error == EAGAIN && ioctl(in, FIONREAD, &left) == 0 && !left)
    return 0;
  errno = error;
  return -1;
}

static void enlarge(int fd, size_t size)
{
  int now = fcntl(fd, F_GETPIPE_SZ);

  if (now >= 0 && (size_t)now < size)
    fcntl(fd, F_SETPIPE_SZ, (int)size);
}

/* A pipe that cannot be enlarged does its work as before. */
void bysplice_enlarge(bysplice *s, int in, int out, size_t size)
{
  s->large = 1;
  enlarge(in, size);
  enlarge(out, size);
  enlarge(s->view[1], size);
}
#else
int bysplice_fits(int in, int out)
{
  (void)in;
  (void)out;
  return 0;
}

int bysplice_open(bysplice *s)
{
  *s = (bysplice){.view = {-1, -1}};
  return 1;
}

ssize_t bysplice_look(bysplice *s, int in, char *buf, size_t most)
{
  (void)s;
  (void)in;
  (void)buf;
  (void)most;
  errno = ENOSYS;
  return -1;
}

ssize_t bysplice_move(bysplice *s, int in, int out, size_t len)
{
  (void)s;
  (void)in;
  (void)out;
  (void)len;
  errno = ENOSYS;
  return -1;
}

ssize_t bysplice_take(bysplice *s, int in, char *buf, size_t most)
{
  return bysplice_look(s, in, buf, most);
}

void bysplice_enlarge(bysplice *s, int in, int out, size_t size)
{
  (void)s;
  (void)in;
  (void)out;
  (void)size;
}
#endif

#define PAGE 4096

char *input_buffer(size_t size)
{
  return aligned_alloc(PAGE, size);
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
  return type == SOCK_STREAM ? INPUT_SOCKET : INPUT_DATAGRAM;
}

size_t input_waits(int fd)
{
  int n;

  if (ioctl(fd, FIONREAD, &n) < 0)
    return 0;
  return n < 0 ? INT_MAX : (size_t)n; /* of a file, more than an int can tell */
}

#define PIPE_LEAST 16384 /* bytes that a pipe holds on the systems that do not tell */

/* Who writes to a socket in small pieces is stopped by much less than it could hold, and a terminal gives one
 * line at a time. */
size_t input_enough(int fd, size_t most)
{
  int size = PIPE_LEAST;

  if (input_kind_of(fd) != INPUT_PIPE)
    return 0;
#ifdef F_GETPIPE_SZ
  size = fcntl(fd, F_GETPIPE_SZ);
  if (size < 0)
    size = PIPE_LEAST;
#endif
  return (size_t)size / 2 < most ? (size_t)size / 2 : most;
}

/* Will nothing more come? Asked after an empty read from a socket of datagrams. */
static int has_ended(int fd)
{
  struct pollfd p = {.fd = fd, .events = INPUT_ENDS};
  return poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | INPUT_ENDS)) && !input_waits(fd);
}

ssize_t input_read(int fd, input_kind kind, char *buf, size_t most)
{
  ssize_t n = kind == INPUT_SOCKET || kind == INPUT_DATAGRAM ? recv(fd, buf, most, MSG_DONTWAIT)
                                                             : read(fd, buf, most);

  if (n == 0 && kind == INPUT_DATAGRAM && !has_ended(fd)) {
    errno = EAGAIN;
    return -1;
  }
  if (n < 0 && errno == EIO && isatty(fd)) /* nobody has the other side any more */
    return 0;
  return n;
}
