#include "watch/clock.h"

void timeline_start(timeline *t, moment machine)
{
  *t = (timeline){.now = machine.wall, .machine = machine};
  t->live_offset = t->wall_offset = machine.wall - machine.mono;
}

void timeline_machine(timeline *t, moment machine)
{
  int64_t offset = machine.wall - machine.mono;

  t->machine = machine;
  if (offset > t->wall_offset + TIMELINE_JITTER || offset < t->wall_offset - TIMELINE_JITTER)
    t->wall_offset = offset;
}

static int64_t live_clock(timeline const *t)
{
  int64_t now = t->machine.mono + t->live_offset;
  return now > t->now ? now : t->now;
}

/* Does the live clock count, and no stamp? */
static int is_unstamped(timeline const *t)
{
  return !t->is_stamped || t->is_resumed;
}

int64_t timeline_present(timeline const *t)
{
  return is_unstamped(t) ? live_clock(t) : t->now;
}

/* A stamp far ahead of everything, as one damaged line may have, must not take the clock with it. */
static int is_future(timeline const *t, int64_t when)
{
  int64_t most = t->is_current || t->is_resumed ? TIMELINE_FUTURE_LIVE : TIMELINE_FUTURE;
  return when > t->newest + most && when > t->machine.wall + most;
}

/* The machine's clock may be ahead of the stamps or behind them, as s6-log's are by 27 seconds: what counts
 * is the time that has passed since the newest one was read. */
static int64_t live_stamped(timeline const *t)
{
  int64_t now = t->newest + (t->machine.mono - t->newest_read);
  return now > t->now ? now : t->now;
}

static int64_t present_stamped(timeline const *t)
{
  if (t->is_resumed)
    return live_clock(t);
  return t->is_current ? live_stamped(t) : t->now;
}

timeline_verdict timeline_judge(timeline const *t, stamp const *s, int64_t *when)
{
  if (!s->timed && !t->is_stamped) {
    *when = live_clock(t);
    return TIMELINE_UNSTAMPED;
  }
  if (s->timed && !t->is_stamped) {
    *when = s->when;
    return TIMELINE_FIRST;
  }
  if (!s->timed || is_future(t, s->when)) {
    *when = present_stamped(t);
    return TIMELINE_NO_TIME;
  }
  *when = s->when;
  if (s->when < t->newest - TIMELINE_LATE_MOST)
    return TIMELINE_BACK;
  if (s->when < t->now)
    *when = t->now;
  return s->when < t->newest ? TIMELINE_LATE : TIMELINE_NEWEST;
}

/* Only sums with small numbers: two stamps may lie further apart than a difference could hold. */
void timeline_go(timeline *t, stamp const *s, int64_t when, timeline_verdict verdict)
{
  int begins = verdict == TIMELINE_FIRST || verdict == TIMELINE_BACK;

  t->now = when;
  if (verdict == TIMELINE_UNSTAMPED || verdict == TIMELINE_NO_TIME)
    return;
  if (begins || t->is_resumed || s->when > t->newest)
    t->newest_read = t->machine.mono;
  if (begins || s->when > t->newest)
    t->newest = s->when;
  t->is_stamped = 1;
  t->is_resumed = 0;
  t->is_current =
      t->newest <= t->machine.wall + TIMELINE_LIVE_MOST && t->newest >= t->machine.wall - TIMELINE_LIVE_MOST;
}

void timeline_resume(timeline *t, int program)
{
  int64_t wall = t->machine.wall;

  t->is_resumed = t->is_stamped && program;
  if (t->is_resumed)
    t->live_offset = (wall > t->newest ? wall : t->newest) - t->machine.mono;
  else if (t->is_current && wall > t->newest)
    t->newest_read = t->machine.mono - (wall - t->newest);
}

void timeline_tick(timeline *t, int64_t when)
{
  if (!t->is_resumed)
    t->now = when;
}

int timeline_live(timeline const *t, int64_t *now)
{
  *now = is_unstamped(t) ? live_clock(t) : live_stamped(t);
  return is_unstamped(t) || t->is_current;
}

int64_t timeline_label(timeline const *t, int64_t when)
{
  return is_unstamped(t) ? when + (t->wall_offset - t->live_offset) : when;
}

int64_t timeline_label_now(timeline const *t)
{
  return timeline_label(t, timeline_present(t));
}
