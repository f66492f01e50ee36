#include "flow/relay.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define RELAY_SIZE                                                                                           \
  ((size_t)1 << 18) /* of one step: larger ones save little, and let what follows wait for longer */
#define RELAY_PIPE ((size_t)1 << 16) /* a pipe's usual size: who gets that much at once gets a lot */

static int is_type(int fd, mode_t type)
{
  struct stat st;
  return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == type;
}

int relay_open(relay *p, int in, int out)
{
  *p = (relay){.in = in, .out = out, .view = {-1, -1}, .size = RELAY_SIZE};
  p->by_file = is_type(in, S_IFREG);
#ifdef __linux__
  if (is_type(in, S_IFIFO) && is_type(out, S_IFIFO)) {
    if (pipe2(p->view, O_CLOEXEC | O_NONBLOCK) < 0)
      return 0;
    p->by_tee = 1;
  }
#endif
  p->buf = malloc(p->size);
  return p->buf != 0;
}

void relay_close(relay *p)
{
  if (p->view[0] >= 0) {
    close(p->view[0]);
    close(p->view[1]);
  }
  free(p->buf);
}

/* Cuts what is not passed on yet after the end of the line under way. */
static void cut(relay *p)
{
  char const *newline;

  if (p->from == p->to)
    return;
  newline = memchr(p->buf + p->from, '\n', p->to - p->from);
  if (!p->midline)
    p->to = p->from;
  else if (newline)
    p->to = (size_t)(newline - p->buf) + 1;
}

/* What was read cannot be put back, so only what was merely seen is cut. */
void relay_stop(relay *p)
{
  p->stop = 1;
  if (p->by_tee)
    cut(p);
}

static relay_answer failed_input(void)
{
  if (errno == EAGAIN || errno == EWOULDBLOCK)
    return RELAY_WANT_INPUT;
  return errno == EINTR ? RELAY_MOVED : RELAY_FAILED;
}

static relay_answer failed_output(void)
{
  switch (errno) {
  case EINTR: return RELAY_MOVED;
  case EPIPE: return RELAY_GONE;
  case ENOSPC:
  case EDQUOT:
  case ENOMEM: return RELAY_RETRY;
  default: return errno == EAGAIN || errno == EWOULDBLOCK ? RELAY_WANT_OUTPUT : RELAY_FAILED;
  }
}

#ifdef __linux__
/* Fewer and larger steps where a lot waits; a pipe that cannot be enlarged does its work as before. */
static void enlarge(relay *p)
{
  p->large = 1;
  fcntl(p->in, F_SETPIPE_SZ, (int)p->size);
  fcntl(p->out, F_SETPIPE_SZ, (int)p->size);
  fcntl(p->view[1], F_SETPIPE_SZ, (int)p->size);
}

/* Without the copy there is nothing to see, but the bytes are all still in the input. */
static relay_answer view_failed(relay *p)
{
  close(p->view[0]);
  close(p->view[1]);
  p->view[0] = p->view[1] = -1;
  p->by_tee = 0;
  return RELAY_MOVED;
}

static relay_answer look(relay *p, span *seen)
{
  ssize_t n = tee(p->in, p->view[1], p->size, SPLICE_F_NONBLOCK);
  size_t got = 0;

  if (n == 0)
    return RELAY_END;
  if (n < 0 && errno == ENOMEM)
    return RELAY_RETRY;
  if (n < 0)
    return failed_input();
  while (got < (size_t)n) {
    ssize_t r = read(p->view[0], p->buf + got, (size_t)n - got);
    if (r > 0)
      got += (size_t)r;
    else if (r == 0 || errno != EINTR)
      return view_failed(p);
  }
  p->from = 0;
  p->to = got;
  *seen = (span){p->buf, got};
  if (got >= RELAY_PIPE && !p->large)
    enlarge(p);
  return RELAY_MOVED;
}
#endif

static relay_answer take(relay *p, int readable, span *seen)
{
  ssize_t n;

  if (!readable && !p->by_file)
    return RELAY_WANT_INPUT;
  n = read(p->in, p->buf, p->stop ? 1 : p->size);
  if (n == 0)
    return RELAY_END;
  if (n < 0)
    return failed_input();
  p->from = 0;
  p->to = (size_t)n;
  *seen = (span){p->buf, p->to};
  return RELAY_MOVED;
}

/* A pipe that refuses to move what was seen in it may be empty, since somebody else has taken the bytes: then
 * they are no longer ours to pass on. */
static ssize_t pass(relay *p)
{
#ifdef __linux__
  if (p->by_tee) {
    ssize_t n = splice(p->in, 0, p->out, 0, p->to - p->from, SPLICE_F_NONBLOCK);
    int left, error = errno;
    if (n < 0 && error == EAGAIN && ioctl(p->in, FIONREAD, &left) == 0 && !left)
      return 0;
    errno = error;
    return n;
  }
#endif
  return write(p->out, p->buf + p->from, p->to - p->from);
}

static relay_answer get(relay *p, int readable, span *seen)
{
#ifdef __linux__
  if (p->by_tee) {
    relay_answer answer = look(p, seen);
    if (p->stop)
      cut(p);
    return answer;
  }
#endif
  return take(p, readable, seen);
}

static relay_answer pass_all(relay *p)
{
  relay_answer answer = RELAY_MOVED;

  while (answer == RELAY_MOVED && p->from < p->to) {
    ssize_t n = pass(p);
    if (n > 0) {
      p->from += (size_t)n;
      p->midline = p->buf[p->from - 1] != '\n';
    } else if (n == 0)
      p->from = p->to;
    else
      answer = failed_output();
  }
  return answer;
}

relay_answer relay_step(relay *p, int readable, span *seen)
{
  relay_answer answer = RELAY_MOVED;

  *seen = (span){p->buf, 0};
  if (p->from == p->to && !(p->stop && !p->midline))
    answer = get(p, readable, seen);
  if (answer == RELAY_MOVED)
    answer = pass_all(p);
  if (answer != RELAY_MOVED)
    return answer;
  if (p->stop && !p->midline)
    return RELAY_END;
  return p->by_file ? RELAY_MOVED : RELAY_WANT_INPUT;
}
