#include "tap/tap.h"
#include "count/ending.h"
#include "count/idle.h"
#include "tap/handover.h"
#include <skalibs/random.h>

#define NOTE_FULL (60 * SECOND)
#define NOTE_TIMELINE 1000 /* lines */

int tap_open(tap *t, tap_plan const *plan, moment machine, tally_sink *sink, void *to)
{
  pool_open(&t->mem, plan->memory, &idle_evict, &t->tally.counters);
  random_buf((char *)&t->key, sizeof t->key);
  timeline_start(&t->clock, machine);
  t->look = INT64_MAX;
  t->lines = t->late = t->timeline_line = t->evicted = 0;
  t->full_from = INT64_MIN;
  t->restoring = 0;
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
  timeline_machine(&t->clock, machine);
}

static void say_under(tap *t, ending const *e)
{
  tally *y = &t->tally;
  size_t i = 0;

  while (y->ledger[i] != e->ledger)
    i++;
  alert_begin(&y->line, timeline_label(&t->clock, e->when), "under");
  alert_field(&y->line, script_rule_text(y->rules, i));
  alert_field(&y->line, (span){e->key, e->length});
  alert_number(&y->line, "count=", e->count);
  alert_number(&y->line, "peak=", e->peak);
  alert_number(&y->line, "total=", e->total);
  alert_label(&y->line, "since=", e->since_label);
  alert_number(&y->line, "lasted=", ((uint64_t)e->when - (uint64_t)e->since) / SECOND);
  tally_say(y);
}

static void look_next(tap *t)
{
  if (!ending_next(&t->tally.counters, &t->look))
    t->look = INT64_MAX;
}

static void end_due(tap *t, int64_t now)
{
  ending e;

  if (t->look > now)
    return;
  while (ending_take(&t->tally.counters, now, &e)) {
    if (t->clock.now < e.when)
      timeline_tick(&t->clock, e.when);
    say_under(t, &e);
  }
  look_next(t);
}

static void note_begin(tap *t, char const *word)
{
  alert_begin(&t->tally.line, timeline_label(&t->clock, timeline_present(&t->clock)), "note");
  alert_field(&t->tally.line, span_of(word));
}

void tap_note(tap *t, char const *word, char const *name, uint64_t number)
{
  note_begin(t, word);
  if (name)
    alert_number(&t->tally.line, name, number);
  tally_say(&t->tally);
}

static void note_timeline(tap *t, uint64_t back)
{
  if (t->timeline_line && t->lines - t->timeline_line < NOTE_TIMELINE)
    return;
  t->timeline_line = t->lines;
  tap_note(t, "timeline", "back=", back / SECOND);
}

static void new_timeline(tap *t, int64_t when)
{
  uint64_t back = (uint64_t)t->clock.now - (uint64_t)when;
  ending e;

  while (ending_force(&t->tally.counters, t->clock.now, &e))
    say_under(t, &e);
  book_clear(&t->tally.counters);
  look_next(t);
  timeline_go(&t->clock, when, TIMELINE_BACK);
  t->full_from = when;
  note_timeline(t, back);
}

static void first_stamp(tap *t)
{
  book_drop(&t->tally.counters);
  look_next(t);
}

void tap_restore(tap *t, int begin)
{
  t->restoring = begin;
  t->tally.quiet = begin;
  if (begin)
    return;
  timeline_resume(&t->clock);
  t->evicted = t->tally.counters.evicted;
  note_begin(t, "restored");
  alert_number(&t->tally.line, "lines=", t->lines);
  alert_number(&t->tally.line, "over=", t->tally.counters.now_over);
  tally_say(&t->tally);
}

static void pass_time(tap *t, stamp *s)
{
  int64_t when;
  timeline_verdict verdict;

  if (t->restoring && s->timed && s->when > t->clock.machine.wall)
    s->when = t->clock.machine.wall;
  verdict = timeline_judge(&t->clock, s, &when);

  if (verdict == TIMELINE_BACK) {
    new_timeline(t, when);
    return;
  }
  if (verdict == TIMELINE_FIRST)
    first_stamp(t);
  else
    end_due(t, when);
  t->late += verdict == TIMELINE_LATE_LINE;
  timeline_go(&t->clock, when, verdict);
}

static void note_full(tap *t)
{
  uint64_t evicted = t->tally.counters.evicted;

  if (evicted == t->evicted || t->clock.now < t->full_from)
    return;
  tap_note(t, "full", "evicted=", evicted - t->evicted);
  t->evicted = evicted;
  t->full_from = t->clock.now + NOTE_FULL;
}

void tap_line(void *p, span line)
{
  tap *t = p;
  occurrence o;
  event e;
  stamp s;
  span text;
  int happened;

  t->lines++;
  if (!skim_stamp(&t->skim, &s, line))
    stamp_read(&s, line);
  pass_time(t, &s);
  if (s.timed && s.when == t->clock.now && *line.s == '@' && s.when != t->clock.machine.wall)
    skim_learn(&t->skim, line, s.when);
  text = (span){line.s + s.len, line.len - s.len};
  happened = event_read(&e, text) != EVENT_NONE && join_event(&t->senders, s.host, &e, &o);
  if (!happened && !t->tally.lines)
    return;
  if (!happened)
    o.counts = 0;
  tally_count(&t->tally, &t->senders, &o, text, &t->clock);
  look_next(t);
  note_full(t);
}

size_t tap_skip(void *p, span rest)
{
  tap *t = p;
  skim *k = &t->skim;
  int labelled = t->clock.stamped;
  int64_t when;
  size_t n;

  if (t->tally.lines || (labelled && k->now != t->clock.now))
    return 0;
  k->lines = k->late = 0;
  n = skim_lines(k, rest, labelled);
  if (!n)
    return 0;
  when = labelled ? k->now : timeline_present(&t->clock);
  end_due(t, when);
  timeline_go(&t->clock, when, labelled && k->late < k->lines ? TIMELINE_ON : TIMELINE_HERE);
  t->lines += k->lines;
  t->late += k->late;
  return n;
}

void tap_tick(tap *t)
{
  int64_t now;

  if (timeline_live(&t->clock, &now))
    end_due(t, now);
}

int tap_deadline(tap const *t, int64_t *mono)
{
  int64_t now;

  if (t->look == INT64_MAX || !timeline_live(&t->clock, &now))
    return 0;
  *mono = t->clock.machine.mono + (t->look > now ? t->look - now : 0);
  return 1;
}
