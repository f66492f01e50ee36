#include "watch/report.h"
#include "count/counter.h"
#include <stdlib.h>

/* A key's peak is the highest count of it that ever was. */
typedef struct {
  pool const *mem;
  cell counter;
  uint64_t peak, total;
} ranking_row;

/* The keys of one rule by what they have done so far. */
typedef struct {
  uint64_t singles; /* keys whose peak is 1, since they had one event */
  uint64_t *peak;   /* of the others, sorted */
  size_t peaks;
  ranking_row *row; /* the busiest first: by peak, then by total, then by key */
  size_t rows, top; /* row has room for twice as many as asked for */
} ranking;

static int by_number(void const *left, void const *right)
{
  uint64_t const *a = left, *b = right;
  return (*a > *b) - (*a < *b);
}

/* Busiest first. */
static int by_rank(void const *left, void const *right)
{
  ranking_row const *a = left, *b = right;

  if (a->peak != b->peak)
    return a->peak < b->peak ? 1 : -1;
  if (a->total != b->total)
    return a->total < b->total ? 1 : -1;
  return counter_compare(a->mem, counter_at(a->mem, a->counter), counter_at(b->mem, b->counter));
}

/* Keeps the busiest: sorted once for as many rows as are dropped. */
static void row_add(ranking *k, pool const *mem, cell c, uint64_t peak, uint64_t total)
{
  if (!k->top)
    return;
  if (k->rows == 2 * k->top) {
    qsort(k->row, k->rows, sizeof *k->row, &by_rank);
    k->rows = k->top;
  }
  k->row[k->rows++] = (ranking_row){mem, c, peak, total};
}

static void keys_add(ranking *k, pool const *mem, cell c)
{
  for (; c; c = list_next(mem, c)) {
    counter const *n = counter_at(mem, c);
    if (n->state < COUNTER_RECORDED) {
      k->singles++;
      row_add(k, mem, c, 1, 1);
    } else {
      counter_record const *r = counter_record_of(mem, n);
      k->peak[k->peaks++] = r->peak;
      row_add(k, mem, c, r->peak, r->total);
    }
  }
}

static size_t keys_in(pool const *mem, cell c)
{
  size_t n = 0;

  for (; c; c = list_next(mem, c))
    n++;
  return n;
}

/* Returns 1, or 0 with errno ENOMEM; to be closed even then. */
static int ranking_open(ranking *k, pool const *mem, counter_set const *l, size_t top)
{
  size_t others = keys_in(mem, l->recorded.head) + keys_in(mem, l->over.head);
  size_t all = others + keys_in(mem, l->single.head);

  *k = (ranking){.top = top < all ? top : all};
  k->peak = malloc(others * sizeof *k->peak + 1);
  k->row = malloc(2 * k->top * sizeof *k->row + 1);
  if (!k->peak || !k->row)
    return 0;
  keys_add(k, mem, l->single.head);
  keys_add(k, mem, l->recorded.head);
  keys_add(k, mem, l->over.head);
  qsort(k->peak, k->peaks, sizeof *k->peak, &by_number);
  qsort(k->row, k->rows, sizeof *k->row, &by_rank);
  if (k->rows > k->top)
    k->rows = k->top;
  return 1;
}

static void ranking_close(ranking *k)
{
  free(k->peak);
  free(k->row);
}

static uint64_t ranking_keys(ranking const *k)
{
  return k->singles + k->peaks;
}

/* The nearest-rank percentile of the peaks: the smallest one that at least so many in 1,000 keys do not
 * exceed; 0 without keys. */
static uint64_t ranking_peak(ranking const *k, uint64_t in_1000)
{
  uint64_t n = ranking_keys(k), rank = (n * in_1000 + 999) / 1000, zeros = 0;

  if (!n)
    return 0;
  while (zeros < k->peaks && !k->peak[zeros])
    zeros++;
  if (rank <= zeros)
    return 0;
  return rank <= zeros + k->singles ? 1 : k->peak[rank - k->singles - 1];
}

static void begin(tap *t, char const *word)
{
  alert_begin(&t->watch.line, timeline_label_now(&t->watch.clock), word);
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
  counter const *c = counter_at(&t->mem, r->counter);
  int64_t past = timeline_present(&t->watch.clock) - script_rule(t->watch.rules, i)->period;
  counter_record record;
  char key[ALERT_FIELD];

  if (c->state >= COUNTER_RECORDED) {
    record = *counter_record_of(&t->mem, c);
    record.window.sum = window_sum_after(&t->mem, c, past);
  } else
    record = record_of_one(c, past);
  begin(t, ALERT_TOP);
  alert_field(line, script_rule_text(t->watch.rules, i));
  alert_field(line, (span){key, counter_key(&t->mem, c, key, sizeof key)});
  alert_number(line, "now=", record.window.sum);
  alert_number(line, "peak=", r->peak);
  alert_label(line, "at=", timeline_label(&t->watch.clock, record.peak_at));
  alert_number(line, "total=", r->total);
  alert_number(line, "over=", record.overs);
  write(t);
}

static void write_rule(tap *t, size_t i, size_t top)
{
  alert *line = &t->watch.line;
  ranking k;

  if (ranking_open(&k, &t->mem, &t->watch.store.sets[t->watch.rule[i].set], top)) {
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

  watch_now(&t->watch);
  for (size_t i = 0; i < script_len(t->watch.rules); i++)
    write_rule(t, i, top);
  begin(t, ALERT_STAT);
  alert_number(line, "lines=", t->lines);
  alert_number(line, "events=", t->watch.store.events);
  alert_number(line, "odd=", t->odd);
  alert_number(line, "unknown=", t->senders.unknown);
  alert_number(line, "late=", t->watch.late);
  alert_number(line, "messages=", t->senders.queue.by_number.nodes);
  alert_number(line, "over=", t->watch.store.now_over);
  alert_number(line, "alerts=", t->watch.alerts);
  alert_number(line, "lost=", lost);
  alert_number(line, "memory=", t->mem.bytes);
  write(t);
}
