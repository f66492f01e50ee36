#include "tap/passing.h"
#include "count/ending.h"

#define NOTE_TIMELINE 1000 /* lines */

void passing_start(passing *p, tally *y, moment machine)
{
  *p = (passing){.tally = y, .look = INT64_MAX};
  timeline_start(&p->clock, machine);
}

static void say_under(passing *p, ending const *e)
{
  tally *y = p->tally;
  size_t i = 0;

  while (y->ledger[i] != e->ledger)
    i++;
  alert_begin(&y->line, timeline_label(&p->clock, e->when), "under");
  alert_field(&y->line, script_rule_text(y->rules, i));
  alert_field(&y->line, (span){e->key, e->length});
  alert_number(&y->line, "count=", e->count);
  alert_number(&y->line, "peak=", e->peak);
  alert_number(&y->line, "total=", e->total);
  alert_label(&y->line, "since=", e->since_label);
  alert_number(&y->line, "lasted=", ((uint64_t)e->when - (uint64_t)e->since) / SECOND);
  tally_say(y);
}

void passing_look(passing *p)
{
  if (!ending_next(&p->tally->counters, &p->look))
    p->look = INT64_MAX;
}

static void end_due(passing *p, int64_t now)
{
  ending e;

  if (p->look > now)
    return;
  while (ending_take(&p->tally->counters, now, &e)) {
    if (p->clock.now < e.when)
      timeline_tick(&p->clock, e.when);
    say_under(p, &e);
  }
  passing_look(p);
}

static void note_timeline(passing *p, uint64_t back)
{
  if (p->noted && p->lines - p->noted < NOTE_TIMELINE)
    return;
  p->noted = p->lines;
  tally_note(p->tally, timeline_label_now(&p->clock), "timeline");
  alert_number(&p->tally->line, "back=", back / SECOND);
  tally_say(p->tally);
}

static void new_timeline(passing *p, int64_t when)
{
  uint64_t back = (uint64_t)p->clock.now - (uint64_t)when;
  ending e;

  while (ending_force(&p->tally->counters, p->clock.now, &e))
    say_under(p, &e);
  book_clear(&p->tally->counters);
  passing_look(p);
  timeline_go(&p->clock, when, TIMELINE_BACK);
  note_timeline(p, back);
}

timeline_verdict passing_line(passing *p, stamp *s)
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
    book_drop(&p->tally->counters);
    passing_look(p);
  } else
    end_due(p, when);
  p->late += verdict == TIMELINE_LATE_LINE;
  timeline_go(&p->clock, when, verdict);
  return verdict;
}

void passing_to(passing *p, int64_t when)
{
  end_due(p, when);
  timeline_go(&p->clock, when, TIMELINE_HERE);
}

void passing_skimmed(passing *p, uint64_t lines, uint64_t late)
{
  timeline_go(&p->clock, p->clock.now, p->clock.stamped && late < lines ? TIMELINE_ON : TIMELINE_HERE);
  p->lines += lines;
  p->late += late;
}

void passing_tick(passing *p)
{
  int64_t now;

  if (timeline_live(&p->clock, &now))
    end_due(p, now);
}

int passing_deadline(passing const *p, int64_t *mono)
{
  int64_t now;

  if (p->look == INT64_MAX || !timeline_live(&p->clock, &now))
    return 0;
  *mono = p->clock.machine.mono + (p->look > now ? p->look - now : 0);
  return 1;
}
