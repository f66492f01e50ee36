#include "flow/sink.h"
#include "flow/bysplice.h"
#include "flow/reopen.h"
#include "flow/timed.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

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
