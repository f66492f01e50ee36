#include "pipe/batch.h"
#include "base/span.h"
#include "pipe/splice.h"
#include <errno.h>

#define LEAST 100000 /* nanoseconds that are worth a sleep */

void gather_end(gather *g)
{
  g->until = INT64_MAX;
  g->since = 0;
}

static int64_t between(int64_t low, int64_t n, int64_t high)
{
  return n < low ? low : n > high ? high : n;
}

/* Where input comes again at once, the next wait begins now, without a wake-up for its first bytes. */
static void take(gather *g, size_t waits, int64_t now)
{
  int dense = g->since - g->taken < GATHER_TIME / 2;

  g->pace = between(LEAST, (now - g->since) * (int64_t)g->enough / (int64_t)waits, GATHER_TIME);
  g->taken = now;
  gather_end(g);
  if (dense && waits < g->enough) {
    g->since = now;
    g->until = now + GATHER_TIME;
  }
}

int gather_take(gather *g, size_t waits, int64_t now)
{
  int64_t last;

  if (!g->since)
    g->since = now;
  last = g->since + GATHER_TIME;
  if (waits >= g->enough || now >= last) {
    take(g, waits, now);
    return 1;
  }
  g->until = now == g->since && g->pace ? now + g->pace : last;
  return 0;
}

#define RETRY SECOND

int stream_open(stream *s, int in, int out, keeper *k)
{
  *s = (stream){.gather = {.enough = input_enough(in, GATHER_ENOUGH), .until = INT64_MAX},
                .keeper = k,
                .answer = RELAY_WANT_INPUT,
                .again = INT64_MAX};
  return relay_open(&s->log, in, k ? k->pipe[1] : out, k != 0);
}

void stream_close(stream *s)
{
  relay_close(&s->log);
}

void stream_end(stream *s)
{
  if (s->keeper)
    keeper_close_input(s->keeper);
  else
    relay_end_output(&s->log);
}

/* Input that is left waiting wakes nobody but by its end. */
void stream_poll(stream const *s, struct pollfd *fd)
{
  fd[0].fd = s->answer == RELAY_WANT_INPUT ? s->log.way.in : -1;
  fd[0].events = s->gather.until == INT64_MAX ? POLLIN : INPUT_ENDS;
  fd[1].fd = s->answer == RELAY_WANT_OUTPUT ? relay_output(&s->log) : -1;
  fd[1].events = POLLOUT;
  fd[0].revents = fd[1].revents = 0;
}

int64_t stream_deadline(stream const *s)
{
  switch (s->answer) {
  case RELAY_MOVED: return 0;
  case RELAY_WANT_INPUT: return s->gather.until;
  case RELAY_HELD:
  case RELAY_RETRY: return s->again;
  default: return INT64_MAX;
  }
}

void stream_polled(stream *s, struct pollfd const *fd)
{
  s->readable = fd[0].revents != 0;
  s->urgent = (fd[0].revents & ~POLLIN) != 0;
}

/* Is there input, and is it time to take it? */
static int take_input(stream *s, int64_t mono)
{
  int hurry = s->urgent || s->log.stop;
  size_t waits;

  if (!s->readable && !hurry && mono < s->gather.until)
    return 0;
  waits = input_waits(s->log.way.in);
  if (waits)
    s->readable = 1;
  if (waits && s->gather.enough && !hurry)
    return gather_take(&s->gather, waits, mono);
  gather_end(&s->gather);
  return s->readable || hurry;
}

static size_t room(stream *s, int64_t mono, int dead)
{
  if (!s->keeper)
    return RELAY_ALL;
  s->again = mono;
  return dead ? 0 : keeper_room(s->keeper, mono, &s->again);
}

int stream_move(stream *s, int64_t mono, int dead, span *seen)
{
  if ((s->answer == RELAY_HELD || s->answer == RELAY_RETRY) && mono < s->again && !s->urgent)
    return 0;
  if (s->answer == RELAY_WANT_INPUT && !take_input(s, mono))
    return 0;
  s->answer = relay_step(&s->log, room(s, mono, dead), s->readable, seen);
  s->error = errno;
  if (s->answer == RELAY_RETRY)
    s->again = mono + RETRY;
  return 1;
}
