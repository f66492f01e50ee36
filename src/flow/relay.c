#include "flow/relay.h"
#include "flow/input.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

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

/* Nothing is taken that may not be passed on, except from what does not say whether it has ended. */
static relay_answer hold(relay *p, int readable, span *seen)
{
  int waits;
  relay_answer answer;

  if (!all_passed_on(p))
    return RELAY_HELD;
  waits = input_waits(p->way.in);
  if (waits > 0)
    return RELAY_HELD;
  if (waits == 0)
    return input_ended(p->way.in) ? RELAY_END : RELAY_WANT_INPUT;
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
  return p->way.by_file ? RELAY_MOVED : RELAY_WANT_INPUT;
}
