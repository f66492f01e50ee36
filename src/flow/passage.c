#include "flow/passage.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSAGE_SIZE                                                                                         \
  ((size_t)1 << 18) /* of one step: larger ones save little, and let what follows wait for longer */
#define PASSAGE_PIPE ((size_t)1 << 16) /* a pipe's usual size: who gets that much at once gets a lot */

static int is_type(int fd, mode_t type)
{
  struct stat st;
  return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == type;
}

int passage_open(passage *p, int in, int out)
{
  *p = (passage){.in = in, .out = out, .view = {-1, -1}, .size = PASSAGE_SIZE};
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

void passage_close(passage *p)
{
  if (p->view[0] >= 0) {
    close(p->view[0]);
    close(p->view[1]);
  }
  free(p->buf);
}

/* Cuts what is not passed on yet after the end of the line under way. */
static void cut(passage *p)
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
void passage_stop(passage *p)
{
  p->stop = 1;
  if (p->by_tee)
    cut(p);
}

static passage_answer failed_input(void)
{
  if (errno == EAGAIN || errno == EWOULDBLOCK)
    return PASSAGE_WANT_INPUT;
  return errno == EINTR ? PASSAGE_MOVED : PASSAGE_FAILED;
}

static passage_answer failed_output(void)
{
  switch (errno) {
  case EINTR: return PASSAGE_MOVED;
  case EPIPE: return PASSAGE_GONE;
  case ENOSPC:
  case EDQUOT:
  case ENOMEM: return PASSAGE_RETRY;
  default: return errno == EAGAIN || errno == EWOULDBLOCK ? PASSAGE_WANT_OUTPUT : PASSAGE_FAILED;
  }
}

#ifdef __linux__
/* Fewer and larger steps where a lot waits; a pipe that cannot be enlarged does its work as before. */
static void enlarge(passage *p)
{
  p->large = 1;
  fcntl(p->in, F_SETPIPE_SZ, (int)p->size);
  fcntl(p->out, F_SETPIPE_SZ, (int)p->size);
  fcntl(p->view[1], F_SETPIPE_SZ, (int)p->size);
}

/* Without the copy there is nothing to see, but the bytes are all still in the input. */
static passage_answer view_failed(passage *p)
{
  close(p->view[0]);
  close(p->view[1]);
  p->view[0] = p->view[1] = -1;
  p->by_tee = 0;
  return PASSAGE_MOVED;
}

static passage_answer look(passage *p, span *seen)
{
  ssize_t n = tee(p->in, p->view[1], p->size, SPLICE_F_NONBLOCK);
  size_t got = 0;

  if (n == 0)
    return PASSAGE_END;
  if (n < 0 && errno == ENOMEM)
    return PASSAGE_RETRY;
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
  if (got >= PASSAGE_PIPE && !p->large)
    enlarge(p);
  return PASSAGE_MOVED;
}
#endif

static passage_answer take(passage *p, int readable, span *seen)
{
  ssize_t n;

  if (!readable && !p->by_file)
    return PASSAGE_WANT_INPUT;
  n = read(p->in, p->buf, p->stop ? 1 : p->size);
  if (n == 0)
    return PASSAGE_END;
  if (n < 0)
    return failed_input();
  p->from = 0;
  p->to = (size_t)n;
  *seen = (span){p->buf, p->to};
  return PASSAGE_MOVED;
}

/* A pipe that refuses to move what was seen in it may be empty, since somebody else has taken the bytes: then
 * they are no longer ours to pass on. */
static ssize_t pass(passage *p)
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

static passage_answer get(passage *p, int readable, span *seen)
{
#ifdef __linux__
  if (p->by_tee) {
    passage_answer answer = look(p, seen);
    if (p->stop)
      cut(p);
    return answer;
  }
#endif
  return take(p, readable, seen);
}

static passage_answer pass_all(passage *p)
{
  passage_answer answer = PASSAGE_MOVED;

  while (answer == PASSAGE_MOVED && p->from < p->to) {
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

passage_answer passage_step(passage *p, int readable, span *seen)
{
  passage_answer answer = PASSAGE_MOVED;

  *seen = (span){p->buf, 0};
  if (p->from == p->to && !(p->stop && !p->midline))
    answer = get(p, readable, seen);
  if (answer == PASSAGE_MOVED)
    answer = pass_all(p);
  if (answer != PASSAGE_MOVED)
    return answer;
  if (p->stop && !p->midline)
    return PASSAGE_END;
  return p->by_file ? PASSAGE_MOVED : PASSAGE_WANT_INPUT;
}
