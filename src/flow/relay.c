#include "flow/relay.h"
#include "flow/input.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define RELAY_SIZE                                                                                           \
  ((size_t)1 << 18) /* of one step: larger ones save little, and let what follows wait for longer */
#define RELAY_PIPE ((size_t)1 << 16) /* a pipe's usual size: who gets that much at once gets a lot */

int relay_open(relay *p, int in, int out, int ours)
{
  *p = (relay){.in = in, .out = out, .ours = ours, .size = RELAY_SIZE, .kernel.view = {-1, -1}};
  p->by_file = input_is_file(in);
  p->by_splice = bysplice_fits(in, out);
  if (p->by_splice || ours)
    sink_open_own(&p->copies, out);
  else
    sink_open(&p->copies, out, SINK_BULK);
  if (p->by_splice && !bysplice_open(&p->kernel))
    return 0;
  p->buf = input_buffer(p->size);
  return p->buf != 0;
}

void relay_close(relay *p)
{
  bysplice_close(&p->kernel);
  sink_close(&p->copies);
  free(p->buf);
}

int relay_output(relay const *p)
{
  return p->copies.fd;
}

void relay_end_output(relay *p)
{
  sink_close(&p->copies);
  close(p->out);
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
  if (p->by_splice)
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
  case EFBIG:
  case ENOMEM: return RELAY_RETRY;
  default: return errno == EAGAIN || errno == EWOULDBLOCK ? RELAY_WANT_OUTPUT : RELAY_FAILED;
  }
}

/* What was seen and is still in the input is taken from it now; what somebody else has taken is not ours. */
static void take_seen(relay *p)
{
  size_t got = p->from;

  while (got < p->to && input_waits(p->in) > 0) {
    ssize_t n = read(p->in, p->buf + got, p->to - got);
    if (n > 0)
      got += (size_t)n;
    else if (n == 0 || errno != EINTR)
      break;
  }
  p->to = got;
}

/* The kernel has refused to move bytes. */
static void read_and_write(relay *p)
{
  p->by_splice = 0;
  if (!p->ours)
    sink_open(&p->copies, p->out, SINK_BULK);
  take_seen(p);
}

static relay_answer show(relay *p, size_t n, span *seen)
{
  p->from = 0;
  p->to = n;
  *seen = (span){p->buf, n};
  return RELAY_MOVED;
}

static relay_answer look(relay *p, size_t most, span *seen)
{
  ssize_t n = bysplice_look(&p->kernel, p->in, p->buf, most);

  if (n == 0)
    return RELAY_END;
  if (n < 0 && p->kernel.refused) {
    read_and_write(p);
    return RELAY_MOVED;
  }
  if (n < 0)
    return errno == ENOMEM ? RELAY_RETRY : failed_input();
  if ((size_t)n >= RELAY_PIPE && most > RELAY_PIPE && !p->kernel.large)
    bysplice_enlarge(&p->kernel, p->in, p->out, p->size);
  show(p, (size_t)n, seen);
  if (p->stop)
    cut(p);
  return RELAY_MOVED;
}

static relay_answer take(relay *p, size_t most, span *seen)
{
  ssize_t n = read(p->in, p->buf, p->stop ? 1 : most);

  if (n == 0)
    return RELAY_END;
  return n < 0 ? failed_input() : show(p, (size_t)n, seen);
}

static relay_answer get(relay *p, size_t room, int readable, span *seen)
{
  size_t most = room < p->size ? room : p->size;

  if (p->by_splice)
    return look(p, most, seen);
  return readable || p->by_file ? take(p, most, seen) : RELAY_WANT_INPUT;
}

static ssize_t pass(relay *p, size_t len)
{
  if (p->by_splice) {
    ssize_t n = bysplice_move(&p->kernel, p->in, p->out, len);
    if (!p->kernel.refused)
      return n;
    read_and_write(p);
    len = len < p->to - p->from ? len : p->to - p->from;
  }
  return sink_write(&p->copies, p->buf + p->from, len);
}

static relay_answer pass_on(relay *p, size_t room)
{
  relay_answer answer = RELAY_MOVED;

  while (answer == RELAY_MOVED && p->from < p->to && room) {
    ssize_t n = pass(p, p->to - p->from < room ? p->to - p->from : room);
    if (n > 0) {
      p->from += (size_t)n;
      p->midline = p->buf[p->from - 1] != '\n';
      room = room == RELAY_ALL ? room : 0;
    } else if (n == 0)
      p->from = p->to;
    else
      answer = failed_output();
  }
  return answer == RELAY_MOVED && p->from < p->to ? RELAY_HELD : answer;
}

/* Nothing is taken that may not be passed on, except from what does not say whether it has ended. */
static relay_answer hold(relay *p, int readable, span *seen)
{
  int waits;
  relay_answer answer;

  if (p->from < p->to)
    return RELAY_HELD;
  waits = input_waits(p->in);
  if (waits > 0)
    return RELAY_HELD;
  if (waits == 0)
    return input_ended(p->in) ? RELAY_END : RELAY_WANT_INPUT;
  answer = get(p, RELAY_PIPE, readable, seen);
  return answer == RELAY_MOVED ? RELAY_HELD : answer;
}

relay_answer relay_step(relay *p, size_t room, int readable, span *seen)
{
  relay_answer answer = RELAY_MOVED;

  *seen = (span){p->buf, 0};
  if (p->from == p->to && p->stop && !p->midline)
    return RELAY_END;
  if (!room)
    return hold(p, readable, seen);
  if (p->from == p->to)
    answer = get(p, room, readable, seen);
  if (answer == RELAY_MOVED)
    answer = pass_on(p, room);
  if (answer != RELAY_MOVED)
    return answer;
  if (p->stop && !p->midline)
    return RELAY_END;
  return p->by_file ? RELAY_MOVED : RELAY_WANT_INPUT;
}
