/* ora_report.c - the lines of -r: who was busiest, and how the peaks of all keys are spread.
 *
 * Rule by rule: its top lines, then its peaks line; the stat line last. */
#include "ora.h"

static int busier(ora_counter const *a, ora_counter const *b)
{
  if (a->all_peak != b->all_peak)
    return a->all_peak > b->all_peak;
  if (a->all_total != b->all_total)
    return a->all_total > b->all_total;
  return ora_order(a->key, b->key) < 0;
}

static void sort(ora_rule *r)
{
  for (size_t i = 1; i < r->n; i++)
    for (size_t k = i; k && busier(r->counters[k], r->counters[k - 1]); k--) {
      ora_counter *c = r->counters[k];
      r->counters[k] = r->counters[k - 1];
      r->counters[k - 1] = c;
    }
}

static void begin(ora *o, char const *word)
{
  ora_label(o->pool, &o->out, o->clock);
  ora_print(o->pool, &o->out, " %s", word);
}

static void top(ora *o, ora_rule const *r, ora_counter const *c)
{
  begin(o, "top ");
  ora_put(o->pool, &o->out, r->name);
  ora_put(o->pool, &o->out, ora_lit(" "));
  ora_show(o->pool, &o->out, c->key);
  ora_print(o->pool, &o->out, " now=%llu peak=%llu at=", (unsigned long long)ora_window(r, c, o->clock),
            (unsigned long long)c->all_peak);
  ora_label(o->pool, &o->out, c->all_at);
  ora_print(o->pool, &o->out, " total=%llu over=%llu\n", (unsigned long long)c->all_total,
            (unsigned long long)c->episodes);
}

/* The smallest peak that at least thousandths of all peaks do not exceed; the counters are sorted. */
static unsigned long long percentile(ora_rule const *r, size_t thousandths)
{
  size_t rank = (r->n * thousandths + 999) / 1000;

  return r->n ? r->counters[r->n - rank]->all_peak : 0;
}

static void peaks(ora *o, ora_rule const *r)
{
  begin(o, "peaks ");
  ora_put(o->pool, &o->out, r->name);
  ora_print(o->pool, &o->out, " keys=%zu p50=%llu p90=%llu p99=%llu p99.9=%llu max=%llu\n", r->n,
            percentile(r, 500), percentile(r, 900), percentile(r, 990), percentile(r, 999),
            percentile(r, 1000));
}

void ora_report(ora *o)
{
  size_t over = 0;

  for (size_t i = 0; i < o->script.nrules; i++) {
    ora_rule *r = &o->script.rules[i];
    sort(r);
    for (size_t k = 0; k < r->n; k++) {
      over += r->counters[k]->over != 0;
      if (k < o->script.top)
        top(o, r, r->counters[k]);
    }
    peaks(o, r);
  }
  begin(o, "stat");
  ora_print(o->pool, &o->out,
            " lines=%llu events=%llu odd=%llu unknown=%llu late=%llu messages=%zu over=%zu alerts=%llu "
            "lost=0 memory=0\n",
            (unsigned long long)o->lines, (unsigned long long)o->events, (unsigned long long)o->odd,
            (unsigned long long)o->join.unknown, (unsigned long long)o->late, o->join.nmessages, over,
            (unsigned long long)o->alerts);
}
