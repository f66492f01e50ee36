#include "watch/clock.h"

void timeline_start(timeline *t, moment machine)
{
  *t = (timeline){.now = machine.wall, .machine = machine};
  t->anchor = t->offset = machine.wall - machine.mono;
}

void timeline_machine(timeline *t, moment machine)
{
  int64_t offset = machine.wall - machine.mono;

  t->machine = machine;
  if (offset > t->offset + TIMELINE_JITTER || offset < t->offset - TIMELINE_JITTER)
    t->offset = offset;
}

static int64_t live_clock(timeline const *t)
{
  int64_t now = t->machine.mono + t->anchor;
  return now > t->now ? now : t->now;
}

/* Does the live clock count, and no stamp? */
static int is_unstamped(timeline const *t)
{
  return !t->stamped || t->resumed;
}

int64_t timeline_present(timeline const *t)
{
  return is_unstamped(t) ? live_clock(t) : t->now;
}

/* A stamp far ahead of everything, as one damaged line may have, must not take the clock with it. */
static int is_future(timeline const *t, int64_t when)
{
  int64_t most = t->current || t->resumed ? TIMELINE_AHEAD_LIVE : TIMELINE_AHEAD;
  return when > t->newest + most && when > t->machine.wall + most;
}

/* The machine's clock may be ahead of the stamps or behind them, as s6-log's are by 27 seconds: what counts
 * is the time that has passed since the newest one was read. */
static int64_t live_stamped(timeline const *t)
{
  int64_t now = t->newest + (t->machine.mono - t->read);
  return now > t->now ? now : t->now;
}

static int64_t present_stamped(timeline const *t)
{
  if (t->resumed)
    return live_clock(t);
  return t->current ? live_stamped(t) : t->now;
}

timeline_verdict timeline_judge(timeline const *t, stamp const *s, int64_t *when)
{
  if (!s->timed && !t->stamped) {
    *when = live_clock(t);
    return TIMELINE_LIVE;
  }
  if (s->timed && !t->stamped) {
    *when = s->when;
    return TIMELINE_FIRST;
  }
  if (!s->timed || is_future(t, s->when)) {
    *when = present_stamped(t);
    return TIMELINE_HERE;
  }
  *when = s->when;
  if (s->when < t->newest - TIMELINE_LATE)
    return TIMELINE_BACK;
  if (s->when < t->now)
    *when = t->now;
  return s->when < t->newest ? TIMELINE_LATE_LINE : TIMELINE_ON;
}

/* Only sums with small numbers: two stamps may lie further apart than a difference could hold. */
void timeline_go(timeline *t, stamp const *s, int64_t when, timeline_verdict verdict)
{
  t->now = when;
  if (verdict == TIMELINE_HERE || verdict == TIMELINE_LATE_LINE)
    return;
  t->resumed = 0;
  t->stamped = verdict != TIMELINE_LIVE;
  if (!t->stamped) {
    t->current = 0;
    return;
  }
  if (verdict != TIMELINE_ON || s->when > t->newest) {
    t->newest = s->when;
    t->read = t->machine.mono;
  }
  t->current =
      t->newest <= t->machine.wall + TIMELINE_LIVE_IS && t->newest >= t->machine.wall - TIMELINE_LIVE_IS;
}

int timeline_follow(timeline *t, stamp const *s, int64_t before)
{
  int64_t when = s->when;

  if (!s->timed || !t->stamped || when < t->newest || when < t->now || when >= before ||
      when > t->machine.wall)
    return 0;
  if (when > t->newest)
    t->read = t->machine.mono;
  t->now = t->newest = when;
  t->resumed = 0;
  t->current = when >= t->machine.wall - TIMELINE_LIVE_IS;
  return 1;
}

void timeline_resume(timeline *t, int program)
{
  int64_t wall = t->machine.wall;

  t->resumed = t->stamped && program;
  if (t->resumed)
    t->anchor = (wall > t->newest ? wall : t->newest) - t->machine.mono;
  else if (t->current && wall > t->newest)
    t->read = t->machine.mono - (wall - t->newest);
}

void timeline_tick(timeline *t, int64_t when)
{
  if (!t->resumed)
    t->now = when;
}

int timeline_live(timeline const *t, int64_t *now)
{
  *now = is_unstamped(t) ? live_clock(t) : live_stamped(t);
  return is_unstamped(t) || t->current;
}

int64_t timeline_label(timeline const *t, int64_t when)
{
  return is_unstamped(t) ? when + t->offset - t->anchor : when;
}

int64_t timeline_label_now(timeline const *t)
{
  return timeline_label(t, timeline_present(t));
}
