#include "flow/gather.h"

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
static void take(gather *g, int waits, int64_t now)
{
  int dense = g->since - g->taken < GATHER_TIME / 2;

  g->pace = between(LEAST, (now - g->since) * GATHER_ENOUGH / waits, GATHER_TIME);
  g->taken = now;
  gather_end(g);
  if (dense && waits < GATHER_ENOUGH) {
    g->since = now;
    g->until = now + GATHER_TIME;
  }
}

int gather_take(gather *g, int waits, int64_t now)
{
  int64_t last;

  if (!waits) {
    gather_end(g);
    return 0;
  }
  if (!g->since)
    g->since = now;
  last = g->since + GATHER_TIME;
  if (waits >= GATHER_ENOUGH || now >= last) {
    take(g, waits, now);
    return 1;
  }
  g->until = now == g->since && g->pace ? now + g->pace : last;
  return 0;
}
