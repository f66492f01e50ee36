#include "tap/logclock.h"
#include "count/standing.h"

_Static_assert(ENDING_KEY >= ALERT_FIELD && EPISODE_FROM >= ALERT_FIELD,
               "an alert shows as much of an episode");

#define NOTE_TIMELINE 1000 /* events */

void logclock_start(logclock *p, watch *y, moment machine)
{
  *p = (logclock){.watch = y, .look = INT64_MAX};
  timeline_start(&p->clock, machine);
}

static void begin_about(logclock *p, char const *word, ending const *e)
{
  watch *y = p->watch;

  alert_begin(&y->line, timeline_label(&p->clock, e->when), word);
  alert_field(&y->line, script_rule_text(y->rules, y->of.rule_of[e->set]));
  alert_field(&y->line, (span){e->key, e->length});
  alert_number(&y->line, "count=", e->count);
  alert_number(&y->line, "peak=", e->peak);
  alert_number(&y->line, "total=", e->total);
  alert_label(&y->line, "since=", e->since_label);
}

static void say_under(void *to, ending const *e)
{
  logclock *p = to;

  begin_about(p, ALERT_UNDER, e);
  alert_number(&p->watch->line, "lasted=", ((uint64_t)e->when - (uint64_t)e->since) / SECOND);
  watch_say(p->watch);
}

static void say_still(void *to, ending const *e)
{
  logclock *p = to;
  watch *y = p->watch;

  begin_about(p, ALERT_STILL, e);
  if (script_rule(y->rules, y->of.rule_of[e->set])->key != KEY_TEXT)
    alert_text(&y->line, "from=", (span){e->from, e->from_length});
  watch_say(y);
}

void logclock_say_still(logclock *p)
{
  standing_each(&p->watch->store, 0, timeline_present(&p->clock), &say_still, p);
}

void logclock_look(logclock *p)
{
  if (!ending_next(&p->watch->store, &p->look))
    p->look = INT64_MAX;
}

static void end_due(logclock *p, int64_t now)
{
  ending e;

  if (p->look > now)
    return;
  while (ending_take(&p->watch->store, now, &e)) {
    if (p->clock.now < e.when)
      timeline_tick(&p->clock, e.when);
    say_under(p, &e);
  }
  logclock_look(p);
}

static void note_timeline(logclock *p, uint64_t back)
{
  if (p->noted && p->events - p->noted < NOTE_TIMELINE)
    return;
  p->noted = p->events;
  watch_note(p->watch, timeline_label_now(&p->clock), ALERT_TIMELINE);
  alert_number(&p->watch->line, "back=", back / SECOND);
  watch_say(p->watch);
}

/* Ends all episodes as of now, as if nothing had been counted. */
static void end_all(logclock *p, int64_t now)
{
  ending e;

  while (ending_force(&p->watch->store, now, &e))
    say_under(p, &e);
}

static void new_timeline(logclock *p, stamp const *s)
{
  uint64_t back = (uint64_t)p->clock.now - (uint64_t)s->when;

  end_all(p, p->clock.now);
  store_clear(&p->watch->store);
  logclock_look(p);
  timeline_go(&p->clock, s, s->when, TIMELINE_BACK);
  note_timeline(p, back);
}

/* What counted on the live clock is of another time than the stamps. */
static void first_stamp(logclock *p)
{
  end_all(p, timeline_present(&p->clock));
  store_drop(&p->watch->store);
  logclock_look(p);
}

/* An event at *s: what of that. */
static timeline_verdict judge(logclock *p, stamp const *s)
{
  int64_t when;
  timeline_verdict verdict = timeline_judge(&p->clock, s, &when);

  if (verdict == TIMELINE_BACK) {
    new_timeline(p, s);
    return verdict;
  }
  if (verdict == TIMELINE_FIRST)
    first_stamp(p);
  else
    end_due(p, when);
  p->late += verdict == TIMELINE_LATE_LINE;
  timeline_go(&p->clock, s, when, verdict);
  return verdict;
}

timeline_verdict logclock_event(logclock *p, stamp const *s)
{
  stamp at;

  p->events++;
  if (timeline_follow(&p->clock, s, p->look))
    return TIMELINE_ON;
  if (!p->restoring || !s->timed || s->when <= p->clock.machine.wall)
    return judge(p, s);
  at = *s;
  at.when = p->clock.machine.wall;
  return judge(p, &at);
}

void logclock_end_sets(logclock *p, unsigned char const *which)
{
  int64_t now;

  logclock_tick(p);
  if (timeline_live(&p->clock, &now) && now > p->clock.now)
    timeline_tick(&p->clock, now);
  standing_each(&p->watch->store, which, p->clock.now, &say_under, p);
}

void logclock_tick(logclock *p)
{
  int64_t now;

  if (timeline_live(&p->clock, &now))
    end_due(p, now);
}

int logclock_deadline(logclock const *p, int64_t *mono)
{
  int64_t now;

  if (p->look == INT64_MAX || !timeline_live(&p->clock, &now))
    return 0;
  *mono = p->clock.machine.mono + (p->look > now ? p->look - now : 0);
  return 1;
}
