#include "tap/logclock.h"
#include "count/ending.h"

#define NOTE_TIMELINE 1000 /* lines */

void logclock_start(logclock *p, watch *y, moment machine)
{
  *p = (logclock){.watch = y, .look = INT64_MAX};
  timeline_start(&p->clock, machine);
}

static void say_under(logclock *p, ending const *e)
{
  watch *y = p->watch;
  size_t i = 0;

  while (y->set[i] != e->set)
    i++;
  alert_begin(&y->line, timeline_label(&p->clock, e->when), "under");
  alert_field(&y->line, script_rule_text(y->rules, i));
  alert_field(&y->line, (span){e->key, e->length});
  alert_number(&y->line, "count=", e->count);
  alert_number(&y->line, "peak=", e->peak);
  alert_number(&y->line, "total=", e->total);
  alert_label(&y->line, "since=", e->since_label);
  alert_number(&y->line, "lasted=", ((uint64_t)e->when - (uint64_t)e->since) / SECOND);
  watch_say(y);
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
  if (p->noted && p->lines - p->noted < NOTE_TIMELINE)
    return;
  p->noted = p->lines;
  watch_note(p->watch, timeline_label_now(&p->clock), "timeline");
  alert_number(&p->watch->line, "back=", back / SECOND);
  watch_say(p->watch);
}

static void new_timeline(logclock *p, int64_t when)
{
  uint64_t back = (uint64_t)p->clock.now - (uint64_t)when;
  ending e;

  while (ending_force(&p->watch->store, p->clock.now, &e))
    say_under(p, &e);
  store_clear(&p->watch->store);
  logclock_look(p);
  timeline_go(&p->clock, when, TIMELINE_BACK);
  note_timeline(p, back);
}

timeline_verdict logclock_line(logclock *p, stamp *s)
{
  int64_t when;
  timeline_verdict verdict;

  p->lines++;
  if (p->restoring && s->timed && s->when > p->clock.machine.wall)
    s->when = p->clock.machine.wall;
  verdict = timeline_judge(&p->clock, s, &when);
  if (verdict == TIMELINE_BACK) {
    new_timeline(p, when);
    return verdict;
  }
  if (verdict == TIMELINE_FIRST) {
    store_drop(&p->watch->store);
    logclock_look(p);
  } else
    end_due(p, when);
  p->late += verdict == TIMELINE_LATE_LINE;
  timeline_go(&p->clock, when, verdict);
  return verdict;
}

void logclock_to(logclock *p, int64_t when)
{
  end_due(p, when);
  timeline_go(&p->clock, when, TIMELINE_HERE);
}

void logclock_passed(logclock *p, uint64_t lines, uint64_t late)
{
  timeline_go(&p->clock, p->clock.now, p->clock.stamped && late < lines ? TIMELINE_ON : TIMELINE_HERE);
  p->lines += lines;
  p->late += late;
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
