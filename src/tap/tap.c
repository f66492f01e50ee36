#include "tap/tap.h"
#include "count/idle.h"
#include "tap/handover.h"
#include <skalibs/random.h>

#define NOTE_FULL (60 * SECOND)

int tap_open(tap *t, tap_plan const *plan, moment machine, tally_sink *sink, void *to)
{
  pool_open(&t->mem, plan->memory, &idle_evict, &t->tally.counters);
  random_buf((char *)&t->key, sizeof t->key);
  passing_start(&t->time, &t->tally, machine);
  t->evicted = 0;
  t->full_from = INT64_MIN;
  return tally_open(&t->tally, &t->mem, &t->key, plan->keep, sink, to) &&
         join_open(&t->senders, &t->mem, &t->key, plan->how, plan->memory / 2 / CELL_BYTES) &&
         tap_rules(t, plan->rules);
}

void tap_close(tap *t)
{
  join_close(&t->senders);
  tally_close(&t->tally);
  pool_close(&t->mem);
}

int tap_rules(tap *t, script const *rules)
{
  if (!handover_rules(&t->tally, rules))
    return 0;
  join_rules(&t->senders, rules);
  skim_start(&t->skim, t->senders.deliveries);
  return 1;
}

void tap_machine(tap *t, moment machine)
{
  timeline_machine(&t->time.clock, machine);
}

void tap_note(tap *t, char const *word, char const *name, uint64_t number)
{
  tally_note(&t->tally, timeline_label_now(&t->time.clock), word);
  if (name)
    alert_number(&t->tally.line, name, number);
  tally_say(&t->tally);
}

void tap_restore(tap *t, int begin)
{
  t->time.restoring = begin;
  t->tally.quiet = begin;
  if (begin)
    return;
  timeline_resume(&t->time.clock);
  t->evicted = t->tally.counters.evicted;
  tally_note(&t->tally, timeline_label_now(&t->time.clock), "restored");
  alert_number(&t->tally.line, "lines=", t->time.lines);
  alert_number(&t->tally.line, "over=", t->tally.counters.now_over);
  tally_say(&t->tally);
}

static void note_full(tap *t)
{
  uint64_t evicted = t->tally.counters.evicted;

  if (evicted == t->evicted || t->time.clock.now < t->full_from)
    return;
  tap_note(t, "full", "evicted=", evicted - t->evicted);
  t->evicted = evicted;
  t->full_from = t->time.clock.now + NOTE_FULL;
}

/* Counts what the text of a line says at the present time. */
static void take_text(tap *t, span host, span text)
{
  occurrence o;
  event e;

  if (event_read(&e, text) == EVENT_NONE || !join_event(&t->senders, host, &e, &o)) {
    if (!t->tally.lines)
      return;
    o.counts = 0;
  }
  if (tally_count(&t->tally, &t->senders, &o, text, &t->time.clock))
    passing_look(&t->time);
  note_full(t);
}

/* Is the line's label the newest, and one that can be learned as it stands? Stored stamps may not be. */
static int is_newest(passing const *p, stamp const *s, span line)
{
  return s->timed && s->when == p->clock.now && *line.s == '@' &&
         (!p->restoring || s->when < p->clock.machine.wall - SECOND);
}

void tap_line(void *p, span line)
{
  tap *t = p;
  stamp s;

  stamp_read(&s, line);
  if (passing_line(&t->time, &s) == TIMELINE_BACK)
    t->full_from = s.when;
  if (is_newest(&t->time, &s, line))
    skim_learn(&t->skim, line, s.when);
  take_text(t, s.host, (span){line.s + s.len, line.len - s.len});
}

static void skimmed_to(tap *t, int labelled)
{
  passing_to(&t->time, labelled ? t->skim.now : timeline_present(&t->time.clock));
}

size_t tap_skip(void *p, span rest)
{
  tap *t = p;
  skim *k = &t->skim;
  int labelled = t->time.clock.stamped;
  char const *from = rest.s;
  span text;

  if (t->tally.lines || (labelled && k->now != t->time.clock.now))
    return 0;
  k->lines = k->late = 0;
  k->latest = t->time.restoring ? t->time.clock.machine.wall : STAMP_MAX;
  while (skim_next(k, &rest, labelled, &text)) {
    skimmed_to(t, labelled);
    take_text(t, (span){"", 0}, text);
  }
  skimmed_to(t, labelled);
  passing_skimmed(&t->time, k->lines, k->late);
  return (size_t)(rest.s - from);
}

void tap_tick(tap *t)
{
  passing_tick(&t->time);
}

int tap_deadline(tap const *t, int64_t *mono)
{
  return passing_deadline(&t->time, mono);
}
