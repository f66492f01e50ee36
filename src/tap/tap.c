#include "tap/tap.h"
#include "count/idle.h"
#include "tap/reload.h"
#include "tap/take.h"
#include <skalibs/random.h>

_Static_assert(LINES_KEPT <= COUNTER_KEY_MAX, "a word of a line can be a key");
_Static_assert(LINES_KEPT <= SENDER_MAX + 1, "a sender is shorter than its line");

/* Tables take 1/64 of the memory if all cells are counters and 1/128 if half of them are messages, four to a
 * bucket. */
#define TABLES_SHARE 32

int tap_open(tap *t, tap_plan const *plan, moment machine, watch_sink *sink, void *to)
{
  pool_open(&t->mem, plan->memory, &idle_evict, &t->watch.store);
  pool_reserve(&t->mem, plan->memory / TABLES_SHARE);
  random_buf((char *)&t->key, sizeof t->key);
  logclock_start(&t->time, &t->watch, machine);
  t->evicted = t->odd = 0;
  t->understood = t->odd_told = 0;
  t->tell_odd = 0;
  t->full_from = INT64_MIN;
  parts_open(&t->parts, &t->mem, &t->key, plan->memory / 16 / CELL_BYTES);
  if (!watch_open(&t->watch, &t->mem, &t->key, plan->keep, sink, to) ||
      !join_open(&t->senders, &t->mem, &t->key, plan->how, plan->memory / 2 / CELL_BYTES))
    return 0;
  t->senders.changes = plan->changes;
  return tap_rules(t, plan->rules);
}

void tap_tell_odd(tap *t, tap_odd *tell, void *to)
{
  t->tell_odd = tell;
  t->tell_odd_to = to;
}

void tap_close(tap *t)
{
  join_close(&t->senders);
  watch_close(&t->watch);
  pool_close(&t->mem);
}

int tap_rules(tap *t, script const *rules)
{
  if (!reload_rules(&t->time, rules))
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
  watch_note(&t->watch, timeline_label_now(&t->time.clock), ALERT_RESTORED);
  alert_number(&t->watch.line, "lines=", t->time.lines);
  alert_number(&t->watch.line, "over=", t->watch.store.now_over);
  watch_say(&t->watch);
}

void tap_start(tap *t)
{
  watch_note(&t->watch, timeline_label_now(&t->time.clock), ALERT_START);
  alert_number(&t->watch.line, "rules=", script_len(t->watch.rules));
  alert_number(&t->watch.line, "over=", t->watch.store.now_over);
  watch_say(&t->watch);
  logclock_say_still(&t->time);
}

void tap_stamp(tap const *t, stamp *s, span line)
{
  timeline const *c = &t->time.clock;
  stamp_read(s, line, &(local_hints){c->machine.wall, c->stamped ? c->newest : INT64_MIN});
}

void tap_line(void *p, span whole)
{
  tap *t = p;
  span line = lines_trim(whole), text;
  stamp s;

  t->time.lines++;
  tap_stamp(t, &s, line);
  text = (span){line.s + s.len, line.len - s.len};
  if (s.number.len)
    take_part(t, &s, text, whole);
  else if (t->watch.of.lines || !fastpath_is_quiet(&t->fastpath, text))
    take_whole(t, &s, text, line);
}

size_t tap_skip(void *p, span rest)
{
  tap *t = p;
  fastpath *k = &t->fastpath;
  char const *from = rest.s;
  span text;
  stamp s;

  if (t->watch.of.lines || !fastpath_may_begin(rest))
    return 0;
  k->lines = 0;
  while (fastpath_next(k, &rest, &s, &text))
    take_whole(t, &s, lines_trim(text), (span){text.s - s.len, text.len + s.len});
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
