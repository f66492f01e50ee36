#include "flow/outlet.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static outlet_kind kind_of(int fd)
{
  struct stat st;

  if (fstat(fd, &st) < 0)
    return OUTLET_FILE;
  return S_ISFIFO(st.st_mode) ? OUTLET_PIPE : S_ISSOCK(st.st_mode) ? OUTLET_SOCKET : OUTLET_FILE;
}

int outlet_open(outlet *o, int fd, size_t memory)
{
  o->fd = fd;
  o->kind = kind_of(fd);
  o->private[0] = o->private[1] = -1;
  o->lost = 0;
  o->begun = o->len = 0;
  backlog_open(&o->waiting, memory);
#ifdef __linux__
  if (o->kind == OUTLET_PIPE)
    return pipe2(o->private, O_CLOEXEC | O_NONBLOCK) == 0;
#endif
  return 1;
}

void outlet_close(outlet *o)
{
  if (o->private[0] >= 0) {
    close(o->private[0]);
    close(o->private[1]);
  }
  backlog_close(&o->waiting);
}

void outlet_put(outlet *o, span line)
{
  if (o->lost || !backlog_put(&o->waiting, line))
    o->lost++;
}

uint64_t outlet_gap(outlet *o)
{
  uint64_t lost = o->lost;

  if (!lost || !backlog_half_empty(&o->waiting))
    return 0;
  o->lost = 0;
  return lost;
}

/* Puts the line into the private pipe, which is empty whenever a line is begun and so takes all of it. */
static int pipe_load(outlet *o)
{
  ssize_t n;

  do
    n = write(o->private[1], o -> line, o -> len);
  while (n < 0 && errno == EINTR);
  return n >= 0;
}

/* poll(2) says that a page of a pipe, or a buffer of a terminal, is free; another writer may still come
 * between. */
static ssize_t write_if_free(outlet *o)
{
  struct pollfd p = {.fd = o->fd, .events = POLLOUT};

  if (poll(&p, 1, 0) == 1 && !(p.revents & POLLOUT))
    errno = EPIPE;
  else if (p.revents & POLLOUT)
    return write(o->fd, o->line + o->begun, o->len - o->begun);
  else
    errno = EAGAIN;
  return -1;
}

static ssize_t send_line(outlet *o)
{
#ifdef __linux__
  if (o->kind == OUTLET_PIPE)
    return splice(o->private[0], 0, o -> fd, 0, o -> len - o -> begun, SPLICE_F_NONBLOCK);
#endif
  if (o->kind == OUTLET_SOCKET)
    return send(o->fd, o->line + o->begun, o->len - o->begun, MSG_DONTWAIT | MSG_NOSIGNAL);
  return write_if_free(o);
}

static int line_begin(outlet *o)
{
  o->begun = 0;
  o->len = backlog_take(&o->waiting, o->line);
  if (o->len && o->private[1] >= 0 && !pipe_load(o)) {
    o->len = 0;
    o->lost++;
  }
  return o->len != 0;
}

outlet_state outlet_flush(outlet *o)
{
  while (o->begun < o->len || line_begin(o)) {
    ssize_t n = send_line(o);
    if (n > 0)
      o->begun += (size_t)n;
    else if (n == 0 || errno == EAGAIN || errno == EWOULDBLOCK)
      return OUTLET_FULL;
    else if (errno != EINTR)
      return OUTLET_BROKEN;
  }
  return OUTLET_IDLE;
}
