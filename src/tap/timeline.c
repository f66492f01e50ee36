#include "tap/timeline.h"

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

int64_t timeline_present(timeline const *t)
{
  return t->stamped ? t->now : live_clock(t);
}

static int is_future(timeline const *t, int64_t when)
{
  return when > t->now + TIMELINE_AHEAD && when > t->machine.wall + TIMELINE_AHEAD;
}

timeline_verdict timeline_judge(timeline const *t, stamp const *s, int64_t *when)
{
  int live = !t->stamped || t->resumed;

  *when = live ? live_clock(t) : t->now;
  if (!s->timed)
    return live ? TIMELINE_LIVE : TIMELINE_HERE;
  *when = s->when;
  if (!t->stamped)
    return TIMELINE_FIRST;
  if (s->when >= t->now && !is_future(t, s->when))
    return TIMELINE_ON;
  if (s->when < t->now - TIMELINE_LATE)
    return TIMELINE_BACK;
  *when = t->now;
  return s->when < t->now ? TIMELINE_LATE_LINE : TIMELINE_HERE;
}

/* Only sums with small numbers: two stamps may lie further apart than a difference could hold. */
void timeline_go(timeline *t, int64_t when, timeline_verdict verdict)
{
  t->now = when;
  if (verdict == TIMELINE_HERE || verdict == TIMELINE_LATE_LINE)
    return;
  t->resumed = 0;
  t->stamped = verdict != TIMELINE_LIVE;
  t->read = t->machine.mono;
  t->current = when <= t->machine.wall + TIMELINE_LATE && when >= t->machine.wall - TIMELINE_LATE;
}

void timeline_resume(timeline *t)
{
  t->resumed = t->stamped;
}

void timeline_tick(timeline *t, int64_t when)
{
  t->read += when - t->now;
  t->now = when;
}

/* The machine's clock may be ahead of the stamps or behind them, as s6-log's are by 27 seconds: what counts
 * is the time that has passed since the newest one was read. */
int timeline_live(timeline const *t, int64_t *now)
{
  *now = t->stamped ? t->now + (t->machine.mono - t->read) : live_clock(t);
  return !t->stamped || t->current;
}

int64_t timeline_label(timeline const *t, int64_t when)
{
  return t->stamped ? when : when + t->offset - t->anchor;
}

int64_t timeline_label_now(timeline const *t)
{
  return timeline_label(t, timeline_present(t));
}
