/* feedlib.h - writes numbered lines to a descriptor, at a pace, in pieces.
 *
 * A line can go out in several writes, as qmail-send does it (up to 11 a line). Counters may be shared with
 * another process, which can also hold the writer back at a line of its choice. */

#ifndef FEEDLIB_H
#define FEEDLIB_H

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "numbered.h"

typedef struct {
  char kind;
  uint64_t lines;
  unsigned even, odd; /* writes a line, for even and odd lines; 0: many lines in one write */
  uint64_t rate;      /* lines a second; 0: as fast as possible */
} feed_plan;

typedef struct {
  _Atomic uint64_t lines, bytes; /* written so far */
  _Atomic uint64_t gate;         /* do not begin this line yet */
} feed_state;

/* Writes all n bytes, waiting where the descriptor is non-blocking. Returns 1, or 0 with errno. */
static inline int feed_bytes(int fd, char const *s, size_t n, feed_state *st)
{
  while (n) {
    ssize_t const w = write(fd, s, n);

    if (w < 0 && errno == EAGAIN)
      (void)poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
    else if (w < 0 && errno != EINTR)
      return 0;
    if (w <= 0)
      continue;
    s += w;
    n -= (size_t)w;
    atomic_fetch_add(&st->bytes, (uint64_t)w);
  }
  return 1;
}

static inline int feed_pieces(int fd, char const *s, size_t n, unsigned pieces, feed_state *st)
{
  size_t done = 0;

  for (unsigned k = 1; k <= pieces; k++) {
    size_t const end = n * k / pieces;

    if (end > done && !feed_bytes(fd, s + done, end - done, st))
      return 0;
    done = end;
  }
  return 1;
}

static inline void feed_nap(long nanoseconds)
{
  (void)nanosleep(&(struct timespec){.tv_nsec = nanoseconds}, 0);
}

static inline void feed_pace(feed_plan const *plan, uint64_t i, struct timespec const *start)
{
  struct timespec due = *start;

  if (!plan->rate || i % 16)
    return;
  due.tv_sec += (time_t)(i / plan->rate);
  due.tv_nsec += (long)(i % plan->rate * 1000000000U / plan->rate);
  if (due.tv_nsec >= 1000000000) {
    due.tv_nsec -= 1000000000;
    due.tv_sec++;
  }
  (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, 0);
}

/* Writes the plan to fd. Returns 1, or 0 with errno. */
static inline int feed_run(int fd, feed_plan const *plan, feed_state *st)
{
  static char buf[65536 + NUMBERED_MAX];
  struct timespec start;
  size_t held = 0;

  (void)clock_gettime(CLOCK_MONOTONIC, &start);
  for (uint64_t i = 0; i < plan->lines; i++) {
    unsigned const pieces = i % 2 ? plan->odd : plan->even;

    while (i >= atomic_load(&st->gate))
      feed_nap(100000);
    feed_pace(plan, i, &start);
    held += numbered_line(buf + held, plan->kind, i);
    if (pieces || held >= 65536 || i + 1 == plan->lines) {
      if (!feed_pieces(fd, buf, held, pieces ? pieces : 1, st))
        return 0;
      held = 0;
    }
    atomic_store(&st->lines, i + 1);
  }
  return 1;
}

#endif
