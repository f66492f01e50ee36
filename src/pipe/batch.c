#include "pipe/batch.h"
#include <errno.h>

#define RETRY_NS SECOND
#define PACE_MIN_NS 100000 /* what is worth a sleep */

static size_t enough(int in)
{
  size_t half;

  if (input_kind_of(in) != INPUT_PIPE)
    return 0;
  half = input_pipe_size(in) / 2;
  return half < BATCH_LEN ? half : BATCH_LEN;
}

int batch_open(batch *b, int in, int out, logger *l)
{
  *b = (batch){
      .logger = l, .answer = PASS_WANT_INPUT, .again = INT64_MAX, .enough = enough(in), .look = INT64_MAX};
  return pass_open(&b->log, in, l ? l->pipe[1] : out, l != 0);
}

void batch_close(batch *b)
{
  pass_close(&b->log);
}

void batch_stop(batch *b)
{
  pass_stop(&b->log);
}

void batch_end(batch *b)
{
  if (b->logger)
    logger_close_input(b->logger);
  else
    pass_end_output(&b->log);
}

/* Of input that is left waiting only its end wakes us. */
void batch_poll(batch const *b, struct pollfd *fd)
{
  fd[0].fd = b->answer == PASS_WANT_INPUT ? b->log.in : -1;
  fd[0].events = b->look == INT64_MAX ? POLLIN : INPUT_ENDS;
  fd[1].fd = b->answer == PASS_WANT_OUTPUT ? pass_output(&b->log) : -1;
  fd[1].events = POLLOUT;
  fd[0].revents = fd[1].revents = 0;
}

void batch_polled(batch *b, struct pollfd const *fd)
{
  b->readable = fd[0].revents != 0;
  b->urgent = (fd[0].revents & ~POLLIN) != 0;
}

int64_t batch_deadline(batch const *b)
{
  switch (b->answer) {
  case PASS_MOVED: return 0;
  case PASS_WANT_INPUT: return b->look;
  case PASS_HELD:
  case PASS_RETRY: return b->again;
  default: return INT64_MAX;
  }
}

static void end_wait(batch *b)
{
  b->look = INT64_MAX;
  b->since = 0;
}

static int64_t between(int64_t low, int64_t n, int64_t high)
{
  return n < low ? low : n > high ? high : n;
}

/* If input comes again at once, the next wait begins now, without a wake-up for its first bytes. */
static void take(batch *b, size_t waits, int64_t now)
{
  int dense = b->since - b->taken < BATCH_NS / 2;
  int64_t waited = between(0, now - b->since, BATCH_NS);

  b->pace = between(PACE_MIN_NS, waited * (int64_t)b->enough / (int64_t)waits, BATCH_NS);
  b->taken = now;
  end_wait(b);
  if (dense && waits < b->enough) {
    b->since = now;
    b->look = now + BATCH_NS;
  }
}

/* So many bytes wait. Is it time to take them? */
static int may_take(batch *b, size_t waits, int64_t now)
{
  int64_t last;

  if (!b->since)
    b->since = now;
  last = b->since + BATCH_NS;
  if (waits >= b->enough || now >= last) {
    take(b, waits, now);
    return 1;
  }
  b->look = now == b->since && b->pace ? now + b->pace : last;
  return 0;
}

/* Is there input, and is it time to take it? */
static int take_input(batch *b, int64_t mono)
{
  int hurry = b->urgent || b->log.stop;
  size_t waits;

  if (!b->readable && !hurry && mono < b->look)
    return 0;
  waits = input_waits(b->log.in);
  if (waits)
    b->readable = 1;
  if (waits && b->enough && !hurry)
    return may_take(b, waits, mono);
  end_wait(b);
  return b->readable || hurry;
}

static size_t room(batch *b, int64_t mono, int dead)
{
  if (!b->logger)
    return PASS_ALL;
  b->again = mono;
  return dead ? 0 : logger_room(b->logger, mono, &b->again);
}

int batch_move(batch *b, int64_t mono, int dead, span *seen)
{
  if ((b->answer == PASS_HELD || b->answer == PASS_RETRY) && mono < b->again && !b->urgent)
    return 0;
  if (b->answer == PASS_WANT_INPUT && !take_input(b, mono))
    return 0;
  b->answer = pass_step(&b->log, room(b, mono, dead), b->readable, seen);
  b->error = errno;
  if (b->answer == PASS_RETRY)
    b->again = mono + RETRY_NS;
  return 1;
}
