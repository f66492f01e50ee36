#include "tap/report.h"
#include "count/ranking.h"
#include "count/window.h"

static void begin(tap *t, char const *word)
{
  alert_begin(&t->watch.line, timeline_label_now(&t->time.clock), word);
}

static void write(tap *t)
{
  (*t->watch.sink)(t->watch.to, alert_end(&t->watch.line));
}

/* What there is to say of a key that had one event. */
static counter_record record_of_one(counter const *c, int64_t past)
{
  return (counter_record){.window.sum = c->state == COUNTER_SINGLE && c->u.when > past, .peak_at = c->u.when};
}

static void write_top(tap *t, size_t i, ranking_row const *r)
{
  alert *line = &t->watch.line;
  counter *c = counter_at(&t->mem, r->counter);
  int64_t past = timeline_present(&t->time.clock) - script_rule(t->watch.rules, i)->period;
  counter_record record;
  char key[ALERT_FIELD];

  if (c->state >= COUNTER_MANY) {
    window_forget(&t->watch.store.values, c, past);
    record = *counter_record_of(&t->mem, c);
  } else
    record = record_of_one(c, past);
  begin(t, ALERT_TOP);
  alert_field(line, script_rule_text(t->watch.rules, i));
  alert_field(line, (span){key, counter_key(&t->mem, c, key, sizeof key)});
  alert_number(line, "now=", record.window.sum);
  alert_number(line, "peak=", r->peak);
  alert_label(line, "at=", timeline_label(&t->time.clock, record.peak_at));
  alert_number(line, "total=", r->total);
  alert_number(line, "over=", record.overs);
  write(t);
}

static void write_rule(tap *t, size_t i, size_t top)
{
  alert *line = &t->watch.line;
  ranking k;

  if (ranking_open(&k, &t->mem, &t->watch.store.sets[t->watch.of.set[i]], top)) {
    for (size_t n = 0; n < k.rows; n++)
      write_top(t, i, &k.row[n]);
    begin(t, ALERT_PEAKS);
    alert_field(line, script_rule_text(t->watch.rules, i));
    alert_number(line, "keys=", ranking_keys(&k));
    alert_number(line, "p50=", ranking_peak(&k, 500));
    alert_number(line, "p90=", ranking_peak(&k, 900));
    alert_number(line, "p99=", ranking_peak(&k, 990));
    alert_number(line, "p99.9=", ranking_peak(&k, 999));
    alert_number(line, "max=", ranking_peak(&k, 1000));
    write(t);
  }
  ranking_close(&k);
}

void report_write(tap *t, size_t top, uint64_t lost)
{
  alert *line = &t->watch.line;

  for (size_t i = 0; i < script_len(t->watch.rules); i++)
    write_rule(t, i, top);
  begin(t, ALERT_STAT);
  alert_number(line, "lines=", t->time.lines);
  alert_number(line, "events=", t->watch.store.events);
  alert_number(line, "odd=", t->odd);
  alert_number(line, "unknown=", t->senders.unknown);
  alert_number(line, "late=", t->time.late);
  alert_number(line, "messages=", t->senders.queue.by_number.nodes);
  alert_number(line, "over=", t->watch.store.now_over);
  alert_number(line, "alerts=", t->watch.alerts);
  alert_number(line, "lost=", lost);
  alert_number(line, "memory=", t->mem.bytes);
  write(t);
}
