#include "pipe/pass.h"
#include "pipe/splice.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE                                                                                                 \
  ((size_t)1 << 18) /* of one step: larger ones save little, and let what follows wait for longer */

int mover_open(mover *m, int in, int out, int ours)
{
  *m = (mover){.in = in, .out = out, .ours = ours, .kernel.view = {-1, -1}};
  m->kind = input_kind_of(in);
  m->by_splice = bysplice_fits(in, out);
  if (m->by_splice || ours)
    sink_open_own(&m->copies, out);
  else
    sink_open(&m->copies, out, SINK_BULK);
  if (m->kind == INPUT_PIPE && !bysplice_open(&m->kernel) && m->by_splice)
    return 0;
  m->buf = input_buffer(SIZE);
  return m->buf != 0;
}

void mover_close(mover *m)
{
  bysplice_close(&m->kernel);
  sink_close(&m->copies);
  free(m->buf);
}

/* What was seen and is still in the input is taken from it now; what somebody else has taken is not ours. */
static void take_seen(mover *m)
{
  size_t got = m->from;

  while (got < m->to && input_waits(m->in)) {
    ssize_t n = read(m->in, m->buf + got, m->to - got);
    if (n > 0)
      got += (size_t)n;
    else if (n == 0 || errno != EINTR)
      break;
  }
  m->to = got;
}

/* The kernel has refused to move bytes. */
static void read_and_write(mover *m)
{
  m->by_splice = 0;
  if (!m->ours)
    sink_open(&m->copies, m->out, SINK_BULK);
  take_seen(m);
}

static ssize_t look(mover *m, size_t most)
{
  ssize_t n = bysplice_look(&m->kernel, m->in, m->buf, most);

  if (n < 0 && m->kernel.refused) {
    read_and_write(m);
    errno = EINTR;
  }
  if (n >= (ssize_t)MOVER_PIPE && most > MOVER_PIPE && !m->kernel.large)
    bysplice_enlarge(&m->kernel, m->in, m->out, SIZE);
  return n;
}

static ssize_t take(mover *m, size_t most, int readable)
{
  if (!readable) {
    errno = EAGAIN;
    return -1;
  }
  if (m->kernel.view[0] >= 0) {
    ssize_t n = bysplice_take(&m->kernel, m->in, m->buf, most);
    if (m->kernel.view[0] >= 0)
      return n;
  }
  return input_read(m->in, m->kind, m->buf, m->kind == INPUT_DATAGRAM ? SIZE : most);
}

ssize_t mover_see(mover *m, size_t most, int readable)
{
  ssize_t n;

  if (most > SIZE)
    most = SIZE;
  n = m->by_splice ? look(m, most) : take(m, most, readable);
  if (n > 0) {
    m->from = 0;
    m->to = (size_t)n;
  }
  return n;
}

static ssize_t pass(mover *m, size_t len)
{
  if (m->by_splice) {
    ssize_t n = bysplice_move(&m->kernel, m->in, m->out, len);
    if (!m->kernel.refused)
      return n;
    read_and_write(m);
    len = len < m->to - m->from ? len : m->to - m->from;
  }
  return sink_write(&m->copies, m->buf + m->from, len);
}

ssize_t mover_pass(mover *m, size_t len)
{
  ssize_t n = pass(m, len);

  if (n > 0)
    m->from += (size_t)n;
  if (n == 0)
    m->from = m->to;
  return n;
}

int relay_open(relay *p, int in, int out, int ours)
{
  *p = (relay){0};
  return mover_open(&p->way, in, out, ours);
}

void relay_close(relay *p)
{
  mover_close(&p->way);
}

int relay_refused(relay const *p)
{
  return p->way.kernel.refused;
}

int relay_output(relay const *p)
{
  return p->way.copies.fd;
}

void relay_end_output(relay *p)
{
  sink_close(&p->way.copies);
  close(p->way.out);
}

static int all_passed_on(relay const *p)
{
  return p->way.from == p->way.to;
}

/* Cuts what is not passed on yet after the end of the line under way. What was read cannot be put back, so
 * only what was merely seen is cut. */
static void cut(relay *p)
{
  mover *m = &p->way;
  char const *newline;

  if (!m->by_splice || all_passed_on(p))
    return;
  newline = memchr(m->buf + m->from, '\n', m->to - m->from);
  if (!p->midline)
    m->to = m->from;
  else if (newline)
    m->to = (size_t)(newline - m->buf) + 1;
}

void relay_stop(relay *p)
{
  p->stop = 1;
  cut(p);
}

static relay_answer failed_input(relay const *p)
{
  switch (errno) {
  case EINTR: return RELAY_MOVED;
  case ENOMEM: return p->way.by_splice ? RELAY_RETRY : RELAY_FAILED;
  default: return errno == EAGAIN || errno == EWOULDBLOCK ? RELAY_WANT_INPUT : RELAY_FAILED;
  }
}

static relay_answer failed_output(void)
{
  switch (errno) {
  case EINTR: return RELAY_MOVED;
  case EPIPE: return RELAY_GONE;
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
  case ENOMEM: return RELAY_RETRY;
  default: return errno == EAGAIN || errno == EWOULDBLOCK ? RELAY_WANT_OUTPUT : RELAY_FAILED;
  }
}

static relay_answer get(relay *p, size_t room, int readable, span *seen)
{
  mover *m = &p->way;
  ssize_t n = mover_see(m, p->stop && !m->by_splice ? 1 : room, readable);

  if (n == 0)
    return RELAY_END;
  if (n < 0)
    return failed_input(p);
  if (p->stop)
    cut(p);
  *seen = (span){m->buf, m->to};
  return RELAY_MOVED;
}

static relay_answer pass_on(relay *p, size_t room)
{
  mover *m = &p->way;
  relay_answer answer = RELAY_MOVED;

  while (answer == RELAY_MOVED && !all_passed_on(p) && room) {
    size_t left = m->to - m->from;
    ssize_t n = mover_pass(m, left < room ? left : room);
    if (n > 0) {
      p->midline = m->buf[m->from - 1] != '\n';
      room = room == RELAY_ALL ? room : 0;
    } else if (n < 0)
      answer = failed_output();
  }
  return answer == RELAY_MOVED && !all_passed_on(p) ? RELAY_HELD : answer;
}

/* Nothing is taken that may not be passed on, except from what does not tell how much waits. */
static relay_answer hold(relay *p, int readable, span *seen)
{
  relay_answer answer;

  if (!all_passed_on(p) || input_waits(p->way.in))
    return RELAY_HELD;
  answer = get(p, MOVER_PIPE, readable, seen);
  return answer == RELAY_MOVED ? RELAY_HELD : answer;
}

relay_answer relay_step(relay *p, size_t room, int readable, span *seen)
{
  relay_answer answer = RELAY_MOVED;

  *seen = (span){p->way.buf, 0};
  if (all_passed_on(p) && p->stop && !p->midline)
    return RELAY_END;
  if (!room)
    return hold(p, readable, seen);
  if (all_passed_on(p))
    answer = get(p, room, readable, seen);
  if (answer == RELAY_MOVED)
    answer = pass_on(p, room);
  if (answer != RELAY_MOVED)
    return answer;
  if (p->stop && !p->midline)
    return RELAY_END;
  return RELAY_WANT_INPUT;
}
