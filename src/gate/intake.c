#include "gate/intake.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

void intake_open(intake *i, int fd)
{
  i->fd = fd;
  i->seen = 0;
  i->full = 0;
  i->view[0] = i->view[1] = -1;
#ifdef __linux__
  if (pipe2(i->view, O_CLOEXEC) < 0)
    i->view[0] = i->view[1] = -1;
#endif
}

void intake_close(intake *i)
{
  for (int end = 0; end < 2; end++) {
    if (i->view[end] >= 0)
      close(i->view[end]);
    i->view[end] = -1;
  }
}

static intake_answer answer(ssize_t n)
{
  if (n > 0)
    return INTAKE_SOME;
  if (!n)
    return INTAKE_END;
  return errno == EAGAIN || errno == EINTR ? INTAKE_NOTHING : INTAKE_FAILED;
}

#ifdef __linux__
/* Reads all of the copy, which is there. */
static int read_copy(intake *i, size_t len)
{
  for (size_t got = 0; got < len;) {
    ssize_t n = read(i->view[0], i->buf + got, len - got);
    if (n > 0)
      got += (size_t)n;
    else if (!n || errno != EINTR)
      return 0;
  }
  return 1;
}

static intake_answer look_at_copy(intake *i, span *piece)
{
  ssize_t n = tee(i->fd, i->view[1], sizeof i->buf, SPLICE_F_NONBLOCK);
  intake_answer a = answer(n);

  i->full = n == sizeof i->buf || poll(&(struct pollfd){i->view[1], POLLOUT, 0}, 1, 0) <= 0;
  if (a == INTAKE_SOME && read_copy(i, (size_t)n)) {
    if ((size_t)n <= i->seen)
      return INTAKE_NOTHING;
    *piece = (span){i->buf + i->seen, (size_t)n - i->seen};
    i->seen = (size_t)n;
    return a;
  }
  if (a == INTAKE_SOME || a == INTAKE_FAILED) {
    intake_close(i); /* it is no pipe: read it from now on */
    return INTAKE_NOTHING;
  }
  return a;
}
#endif

intake_answer intake_look(intake *i, span *piece)
{
  ssize_t n;

#ifdef __linux__
  if (i->view[0] >= 0)
    return look_at_copy(i, piece);
#endif
  n = read(i->fd, i->buf, sizeof i->buf);
  *piece = (span){i->buf, n > 0 ? (size_t)n : 0};
  return answer(n);
}

int intake_full(intake const *i)
{
  return i->full;
}

int intake_take(intake *i)
{
  while (i->seen) {
    ssize_t n = read(i->fd, i->buf, i->seen);
    if (n > 0)
      i->seen -= (size_t)n;
    else if (!n)
      i->seen = 0;
    else if (errno != EINTR)
      return 0;
  }
  return 1;
}
