#include "tap/tap.h"
#include "count/idle.h"
#include "tap/reload.h"
#include <skalibs/random.h>

#define NOTE_FULL (60 * SECOND)

_Static_assert(TAP_LINE <= COUNTER_KEY_MAX, "a word of a line can be a key");

int tap_open(tap *t, tap_plan const *plan, moment machine, watch_sink *sink, void *to)
{
  pool_open(&t->mem, plan->memory, &idle_evict, &t->watch.store);
  random_buf((char *)&t->key, sizeof t->key);
  logclock_start(&t->time, &t->watch, machine);
  t->evicted = 0;
  t->full_from = INT64_MIN;
  return watch_open(&t->watch, &t->mem, &t->key, plan->keep, sink, to) &&
         join_open(&t->senders, &t->mem, &t->key, plan->how, plan->memory / 2 / CELL_BYTES) &&
         tap_rules(t, plan->rules);
}

void tap_close(tap *t)
{
  join_close(&t->senders);
  watch_close(&t->watch);
  pool_close(&t->mem);
}

int tap_rules(tap *t, script const *rules)
{
  if (!reload_rules(&t->watch, rules))
    return 0;
  join_rules(&t->senders, rules);
  t->fastpath.deliveries = t->senders.deliveries;
  return 1;
}

void tap_machine(tap *t, moment machine)
{
  timeline_machine(&t->time.clock, machine);
}

void tap_note(tap *t, char const *word, char const *name, uint64_t number)
{
  watch_note(&t->watch, timeline_label_now(&t->time.clock), word);
  if (name)
    alert_number(&t->watch.line, name, number);
  watch_say(&t->watch);
}

void tap_restore(tap *t, int begin)
{
  t->time.restoring = begin;
  t->watch.quiet = begin;
  if (begin)
    return;
  timeline_resume(&t->time.clock);
  t->evicted = t->watch.store.evicted;
  watch_note(&t->watch, timeline_label_now(&t->time.clock), "restored");
  alert_number(&t->watch.line, "lines=", t->time.lines);
  alert_number(&t->watch.line, "over=", t->watch.store.now_over);
  watch_say(&t->watch);
}

static void note_full(tap *t)
{
  uint64_t evicted = t->watch.store.evicted;

  if (evicted == t->evicted || t->time.clock.now < t->full_from)
    return;
  tap_note(t, "full", "evicted=", evicted - t->evicted);
  t->evicted = evicted;
  t->full_from = t->time.clock.now + NOTE_FULL;
}

/* Counts what the text of a line with that stamp says, and what its words say if they match a line rule. */
static void take_text(tap *t, stamp const *s, span text)
{
  int found = t->watch.lines && watch_find(&t->watch, text);
  occurrence o;
  event e;

  if (event_read(&e, text) == EVENT_NONE || !join_concerns(&t->senders, &e))
    e.kind = EVENT_NONE;
  if (e.kind == EVENT_NONE && !found)
    return;
  if (logclock_event(&t->time, s) == TIMELINE_BACK)
    t->full_from = t->time.clock.now;
  if (e.kind == EVENT_NONE || !join_event(&t->senders, s->host, &e, &o)) {
    if (!found)
      return;
    o.counts = 0;
  }
  if (watch_count(&t->watch, &t->senders, &o, &t->time.clock))
    logclock_look(&t->time);
  note_full(t);
}

void tap_stamp(tap const *t, stamp *s, span line)
{
  timeline const *c = &t->time.clock;
  stamp_read(s, line, &(local_hints){c->machine.wall, c->stamped ? c->newest : INT64_MIN});
}

void tap_line(void *p, span line)
{
  tap *t = p;
  stamp s;

  t->time.lines++;
  tap_stamp(t, &s, line);
  take_text(t, &s, (span){line.s + s.len, line.len - s.len});
}

size_t tap_skip(void *p, span rest)
{
  tap *t = p;
  fastpath *k = &t->fastpath;
  char const *from = rest.s;
  span text;
  stamp s;

  if (t->watch.lines)
    return 0;
  k->lines = 0;
  while (fastpath_next(k, &rest, &s, &text))
    take_text(t, &s, text);
  t->time.lines += k->lines;
  return (size_t)(rest.s - from);
}

void tap_tick(tap *t)
{
  logclock_tick(&t->time);
}

int tap_deadline(tap const *t, int64_t *mono)
{
  return logclock_deadline(&t->time, mono);
}
