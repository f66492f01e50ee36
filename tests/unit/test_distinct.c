#include "rows.h"

#include "stores.h"
#include "chance.h"
#include "count/counter.h"
#include "count/distinct.h"
#include <errno.h>

/* Different values through the whole store: what it says of a key is compared with counting afresh each time.
 */

#define NAMES_OF_DIFFERENT 14

static stores f;

/* One key under one rule, from the definition. */
typedef struct {
  uint64_t limit, clear, mark, peak, total;
  int64_t period, newest[NAMES_OF_DIFFERENT];
  int over;
} model;

static uint64_t model_count(model const *m, int64_t now)
{
  uint64_t n = 0;
  for (int i = 0; i < NAMES_OF_DIFFERENT; i++)
    n += m->newest[i] > now - m->period;
  return n;
}

/* The first instant at which no more than clear values are left, if no more come. */
static int64_t model_end(model const *m, int64_t now)
{
  while (model_count(m, now) > m->clear)
    now++;
  return now;
}

static store_answer model_add(model *m, size_t value, int64_t now, uint64_t *count)
{
  int comes_in = m->newest[value] <= now - m->period, more = 0;
  m->newest[value] = now;
  *count = model_count(m, now);
  m->total += (uint64_t)comes_in;
  if (*count > m->peak)
    m->peak = *count;
  if (m->over) {
    for (; m->limit && *count > m->mark; more = 1)
      m->mark *= 2;
    return more ? STORE_MORE : STORE_COUNTED;
  }
  if (*count <= m->limit)
    return STORE_COUNTED;
  m->over = 1;
  m->peak = m->total = *count;
  for (m->mark = 2 * m->limit; m->limit && *count > m->mark;)
    m->mark *= 2;
  return STORE_OVER;
}

static store_answer add(uint64_t value, char const *key, int64_t when)
{
  static hash_key const secret = {{1, 2}};
  store_event e = {.key = span_of(key), .weight = 1, .value = value, .when = when, .label = when};
  e.hash = hash_bytes(&secret, 0, e.key);
  f.count = 0;
  return stores_put(&f, 0, &e);
}

static void check_endings(model *m, int64_t before, int64_t now)
{
  int64_t end = m->over ? model_end(m, before) : INT64_MAX;
  assert_int_equal(episode_end_due(&f.b, now, &f.end), end <= now);
  if (end > now)
    return;
  assert_int_equal(f.end.when, end);
  assert_int_equal(f.end.count, model_count(m, end));
  assert_int_equal(f.end.peak, m->peak);
  assert_int_equal(f.end.total, m->total);
  m->over = 0;
  assert_int_equal(episode_end_due(&f.b, now, &f.end), 0);
}

static void play(uint64_t seed, int keep)
{
  model m = {.limit = chance_below(&seed, 9), .period = 1 + (int64_t)chance_below(&seed, 20)};
  uint64_t names = 1 + chance_below(&seed, NAMES_OF_DIFFERENT), pace = 1 + chance_below(&seed, 4);
  int64_t before = 0, now = 0;
  m.clear = chance_below(&seed, m.limit + 1);
  for (size_t i = 0; i < NAMES_OF_DIFFERENT; i++)
    m.newest[i] = -1000;
  stores_open(&f, keep);
  store_open_set(&f.b, m.limit, m.clear, m.period);
  store_count_distinct(&f.b, 0);
  for (int step = 0; step < 120; step++) {
    uint64_t value = chance_below(&seed, names), count;
    store_answer want;
    now += (int64_t)(chance_below(&seed, 20) ? chance_below(&seed, pace) : chance_below(&seed, 40));
    check_endings(&m, before, now);
    want = model_add(&m, value, now, &count);
    assert_int_equal(add(value, "ann", now), want);
    assert_int_equal(f.count, count);
    assert_int_equal(f.b.now_over, m.over);
    before = now;
  }
  check_endings(&m, before, now + 1000);
  for (int i = 0; i < 200 && !keep; i++)
    store_forget_idle(&f.b, &f.b.sets[0], now + 2000);
  assert_true(keep || !f.mem.used);
  stores_close(&f);
}

static void as_counted_afresh_of_different(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 4000; seed++)
    play(seed, seed % 2);
}

static void value_is_a_cell_at_most(void **state)
{
  (void)state;
  stores_open(&f, 0);
  store_open_set(&f.b, 1000, 1000, 1000000);
  store_count_distinct(&f.b, 0);
  add(0, "ann", 0);
  assert_int_equal(f.mem.used, 1);
  for (uint64_t i = 1; i < 1000; i++) {
    add(i, "ann", (int64_t)i);
    assert_true(f.mem.used <= 2 + i + 1);
  }
  stores_close(&f);
}

static uint64_t events_of(uint64_t value)
{
  add(value, "ann", 10);
  return f.count;
}

/* What is forgotten, given up for want of memory, or of a set that was closed, is nobody's. */
static void forgotten(void **state)
{
  (void)state;
  for (int how = 0; how < 4; how++) {
    stores_open(&f, 0);
    store_open_set(&f.b, 100, 100, 1000);
    store_count_distinct(&f.b, 0);
    for (uint64_t i = 0; i < 50; i++)
      assert_int_equal(events_of(i), i + 1);
    switch (how) {
    case 0: assert_int_equal(store_evict(&f.b), 1); break;
    case 1: store_drop(&f.b); break;
    case 2: store_clear(&f.b); break;
    default:
      store_close_set(&f.b, 0);
      assert_int_equal(store_open_set(&f.b, 100, 100, 1000), 0);
      store_count_distinct(&f.b, 0);
    }
    for (uint64_t i = 0; i < 50; i++)
      assert_int_equal(events_of(49 - i), i + 1);
    assert_true(f.mem.used <= 2 * 52);
    for (int i = 0; i < 100; i++)
      store_forget_idle(&f.b, &f.b.sets[0], 10);
    assert_true(f.mem.used <= 52);
    stores_close(&f);
  }
}

/* A set of different values whose number a set of events gets, and the other way round. */
static void numbers_change_hands(void **state)
{
  (void)state;
  stores_open(&f, 0);
  store_open_set(&f.b, 100, 100, 1000);
  store_count_distinct(&f.b, 0);
  for (uint64_t i = 0; i < 20; i++)
    add(i, "ann", 1);
  store_close_set(&f.b, 0);
  store_open_set(&f.b, 100, 100, 1000);
  for (uint64_t i = 0; i < 20; i++)
    add(7, "ann", 1);
  assert_int_equal(f.count, 20);
  store_close_set(&f.b, 0);
  store_open_set(&f.b, 100, 100, 1000);
  store_count_distinct(&f.b, 0);
  for (uint64_t i = 0; i < 20; i++)
    add(7, "ann", 1);
  assert_int_equal(f.count, 1);
  stores_close(&f);
}

/* More values than fit: keys idle longest go, and no other is taken for one of theirs. */
static void within_the_budget(void **state)
{
  char key[3] = "k0";
  (void)state;
  stores_within(&f, 2 * POOL_CHUNK, 0);
  store_open_set(&f.b, 1000, 1000, 1000000);
  store_count_distinct(&f.b, 0);
  for (uint64_t i = 0; i < 20000; i++) {
    key[1] = (char)('0' + i / 400 % 10);
    assert_int_equal(add(i, key, (int64_t)i), STORE_COUNTED);
    assert_int_equal(f.count, i % 400 + 1);
    assert_true(f.mem.used <= POOL_CELLS);
  }
  assert_true(f.b.evicted > 40);
  stores_close(&f);
}

/* If only one key that is over is left, its new values are not counted, but those it has still keep their
 * time. */
static void over_and_full(void **state)
{
  uint64_t full = 0;
  (void)state;
  stores_within(&f, 2 * POOL_CHUNK, 0);
  store_open_set(&f.b, 10, 10, 100000);
  store_count_distinct(&f.b, 0);
  for (uint64_t i = 0; i < 2000; i++)
    full += add(i, "ann", (int64_t)i) == STORE_FULL;
  assert_true(full > 900 && f.b.evicted == full);
  assert_int_equal(add(0, "ann", 5000), STORE_COUNTED);
  assert_int_equal(f.count, 2000 - full);
  assert_int_equal(episode_end_due(&f.b, 200000, &f.end), 1);
  assert_int_equal(f.end.when, 100000 + (int64_t)(2000 - full) - 10);
  stores_close(&f);
}

/* The 65,537th value takes the place of the one whose event is oldest: the count stays, the key is over. */
static void most_values(void **state)
{
  (void)state;
  stores_open(&f, 0);
  store_open_set(&f.b, 65535, 65535, 10000000);
  store_count_distinct(&f.b, 0);
  for (uint64_t i = 0; i < 65535; i++)
    assert_int_equal(add(i, "ann", (int64_t)i), STORE_COUNTED);
  assert_int_equal(add(65535, "ann", 65535), STORE_OVER);
  for (uint64_t i = 65536; i < 66000; i++) {
    assert_int_equal(add(i, "ann", (int64_t)i), STORE_COUNTED);
    assert_int_equal(f.count, 65536);
  }
  add(65999, "ann", 66001);
  add(465, "ann", 66001);
  assert_int_equal(episode_end_due(&f.b, INT64_MAX, &f.end), 1);
  assert_int_equal(f.end.when, 464 + 10000000);
  assert_int_equal(f.end.peak, 65536);
  assert_int_equal(f.end.total, 66000);
  stores_close(&f);
}

static pool mem;
static table known;
static distinct_all v;

static void open_values(size_t bytes)
{
  pool_open(&mem, bytes, 0, 0);
  assert_int_equal(table_open(&known, &mem), 1);
  v = (distinct_all){.mem = &mem, .table = &known};
}

static void close_values(void)
{
  table_close(&known);
  pool_close(&mem);
}

static void event(distinct_set *s, uint64_t x, int64_t when, cell *place)
{
  cell c = distinct_find(&v, s, x);
  if (c)
    distinct_again(&v, s, c, when, place);
  else
    assert_int_equal(distinct_add(&v, s, x, when, place), 1);
}

/* The time of the value that is so many-th of a few: so many are gone when it is. */
static int64_t few_when(distinct_set const *s, cell number)
{
  int64_t when = distinct_oldest(&mem, s);
  while (distinct_after(&mem, s, when) > s->sum - number)
    when++;
  return when;
}

/* The time of what distinct_find found. */
static int64_t when_of(distinct_set const *s, cell c)
{
  return s->all.tail ? distinct_when(&mem, c) : few_when(s, c);
}

/* How many values are newer than c. */
static uint64_t newer_than(cell c)
{
  uint64_t n = 0;
  while ((c = list_next(&mem, c)))
    n++;
  return n;
}

static void sets_are_apart(void **state)
{
  distinct_set one = {0}, two = {0};
  (void)state;
  open_values(1 << 20);
  event(&one, 1, 10, 0);
  event(&two, 2, 10, 0);
  assert_int_equal(distinct_find(&v, &one, 2), 0);
  assert_int_equal(distinct_find(&v, &two, 1), 0);
  event(&two, 1, 10, 0);
  assert_true(one.sum == 1 && two.sum == 2);
  for (uint64_t x = 10; x < 20; x++) {
    event(&one, x, 10, 0);
    assert_int_equal(distinct_find(&v, &two, x), 0);
    event(&two, x, 10, 0);
    assert_true(distinct_find(&v, &one, x) != distinct_find(&v, &two, x) || !one.all.tail);
  }
  assert_true(one.sum == 11 && two.sum == 12);
  assert_int_equal(mem.used, 23);
  close_values();
}

static void an_empty_set_has_nothing(void **state)
{
  distinct_set s = {0};
  (void)state;
  open_values(1 << 20);
  assert_int_equal(distinct_find(&v, &s, 0), 0);
  distinct_forget(&v, &s, 10);
  distinct_leave(&v, &s);
  assert_int_equal(distinct_free(&v), 0);
  close_values();
}

/* What was left behind is nobody's, though its cells are still there. */
static void left_behind(void **state)
{
  distinct_set s = {0};
  (void)state;
  open_values(1 << 20);
  for (uint64_t x = 0; x < 100; x++)
    event(&s, x, 10, 0);
  distinct_leave(&v, &s);
  assert_int_equal(s.sum, 0);
  assert_int_equal(mem.used, 100);
  event(&s, 5, 11, 0);
  assert_int_equal(s.sum, 1);
  assert_int_equal(distinct_find(&v, &s, 6), 0);
  distinct_forget(&v, &s, 11);
  assert_int_equal(s.sum, 0);
  event(&s, 7, 12, 0);
  for (int i = 0; i < 100; i++)
    assert_int_equal(distinct_free(&v), 1);
  assert_int_equal(distinct_free(&v), 0);
  assert_int_not_equal(distinct_find(&v, &s, 7), 0);
  assert_int_equal(mem.used, 1);
  assert_int_equal(known.nodes, 0);
  close_values();
}

/* The cells of a table's other users begin as these do. */
static void other_cells_in_the_table(void **state)
{
  distinct_set s = {0};
  cell c, other, place = 0;
  (void)state;
  open_values(1 << 20);
  event(&s, 5, 1, &place);
  c = distinct_find(&v, &s, 5);
  other = pool_take(&mem);
  memcpy(pool_at(&mem, other), pool_at(&mem, c), CELL_BYTES);
  counter_at(&mem, other)->set = 0;
  table_add(&known, other, ((table_node const *)pool_at(&mem, c))->hash);
  assert_int_equal(distinct_find(&v, &s, 5), c);
  close_values();
}

/* Up to four values share a cell; the fifth needs five more, and with fewer nothing has happened. */
static void no_memory(void **state)
{
  (void)state;
  for (size_t room = 0; room < 5; room++) {
    distinct_set s = {0}, other = {0};
    cell held[5];
    open_values(2 * POOL_CHUNK);
    for (uint64_t x = 0; x < 4; x++)
      event(&s, x, (int64_t)x, 0);
    assert_int_equal(mem.used, 1);
    for (size_t i = 0; i < room; i++)
      held[i] = pool_take(&mem);
    while (mem.used < POOL_CELLS)
      pool_take(&mem);
    for (size_t i = 0; i < room; i++)
      pool_give(&mem, held[i]);
    errno = 0;
    assert_int_equal(distinct_add(&v, &s, 4, 9, 0), 0);
    assert_int_equal(errno, ENOMEM);
    assert_int_equal(distinct_add(&v, &other, 4, 9, 0), room > 0);
    assert_int_equal(s.sum, 4);
    assert_int_equal(mem.used, POOL_CELLS - room + (room > 0));
    event(&s, 1, 9, 0);
    distinct_forget(&v, &s, 3);
    assert_int_equal(s.sum, 1);
    assert_int_equal(distinct_find(&v, &s, 1), 1);
    close_values();
  }
}

static void few_share_a_cell(void **state)
{
  distinct_set s = {0};
  (void)state;
  open_values(1 << 20);
  for (uint64_t x = 0; x < 4; x++)
    event(&s, x, (int64_t)x, 0);
  assert_int_equal(mem.used, 1);
  event(&s, 4, 4, 0);
  assert_int_equal(mem.used, 5);
  distinct_forget(&v, &s, 3);
  assert_true(s.sum == 1 && mem.used == 1);
  distinct_forget(&v, &s, 4);
  while (distinct_free(&v))
    ;
  assert_int_equal(mem.used, 0);
  event(&s, 5, 5, 0);
  event(&s, 6, 6, 0);
  assert_int_equal(mem.used, 1);
  distinct_leave(&v, &s);
  assert_true(!s.sum && !mem.used);
  close_values();
}

static void at_most_65536(void **state)
{
  distinct_set s = {0};
  (void)state;
  open_values(64 << 20);
  for (uint64_t x = 0; x < DISTINCT_MOST; x++)
    event(&s, x, (int64_t)x, 0);
  assert_int_equal(s.sum, DISTINCT_MOST);
  event(&s, 0, DISTINCT_MOST, 0);
  assert_int_equal(s.sum, DISTINCT_MOST);
  event(&s, DISTINCT_MOST, DISTINCT_MOST + 1, 0);
  assert_int_equal(s.sum, DISTINCT_MOST);
  assert_int_not_equal(distinct_find(&v, &s, 0), 0);
  assert_int_equal(distinct_find(&v, &s, 1), 0); /* its event is the oldest */
  assert_int_not_equal(distinct_find(&v, &s, 2), 0);
  assert_int_equal(mem.used, DISTINCT_MOST);
  close_values();
}

/* Every value's newest event in a plain array, beside the set. */
#define NAMES_OF_VALUES 24
static int64_t last[NAMES_OF_VALUES];

static uint64_t in_window(int64_t until)
{
  uint64_t n = 0;
  for (int x = 0; x < NAMES_OF_VALUES; x++)
    n += last[x] > until;
  return n;
}

static size_t newest(void)
{
  size_t found = 0;
  for (size_t x = 0; x < NAMES_OF_VALUES; x++)
    found = last[x] > last[found] ? x : found;
  return found;
}

static size_t oldest(void)
{
  size_t found = newest();
  for (size_t x = 0; x < NAMES_OF_VALUES; x++)
    found = last[x] != INT64_MIN && last[x] < last[found] ? x : found;
  return found;
}

static void as_counted_afresh_of_values(void **state)
{
  (void)state;
  open_values(1 << 20);
  for (uint64_t round = 1; round < 400; round++) {
    uint64_t seed = round, newer = 0;
    distinct_set s = {0};
    cell place = 0, none = 0;
    for (int x = 0; x < NAMES_OF_VALUES; x++)
      last[x] = INT64_MIN;
    for (int64_t now = 0, step = 0; step < 200; step++) {
      uint64_t x = chance_below(&seed, NAMES_OF_VALUES), kind = chance_below(&seed, 30);
      now += (int64_t)chance_below(&seed, 4);
      if (!kind) {
        int64_t until = now - (int64_t)chance_below(&seed, 40);
        if (place && distinct_when(&mem, place) <= until)
          place = 0;
        distinct_forget(&v, &s, until);
        for (int i = 0; i < NAMES_OF_VALUES; i++)
          if (last[i] <= until)
            last[i] = INT64_MIN;
      } else if (kind == 1 && s.all.tail) { /* begins to keep a place */
        newer = chance_below(&seed, s.sum);
        for (place = s.all.head; newer_than(place) > newer;)
          place = list_next(&mem, place);
      } else {
        event(&s, x, now, place ? &place : round % 2 ? &none : 0);
        last[x] = now;
      }
      assert_true(s.sum == in_window(INT64_MIN));
      assert_true(!place || newer_than(place) == newer);
      for (uint64_t i = 0; i < NAMES_OF_VALUES; i++) {
        cell c = distinct_find(&v, &s, i);
        assert_true((c != 0) == (last[i] != INT64_MIN));
        assert_true(!c || when_of(&s, c) == last[i]);
      }
      assert_true(!s.sum || distinct_newest(&mem, &s) == last[newest()]);
      assert_true(!s.sum || distinct_oldest(&mem, &s) == last[oldest()]);
    }
    distinct_leave(&v, &s);
    while (distinct_free(&v))
      ;
    assert_true(mem.used == 0 && known.nodes == 0);
  }
  close_values();
}

int main(void)
{
  static rows_list list;

  rows_one(&list, "counts, answers and ends are as if counted afresh each time",
           as_counted_afresh_of_different);
  rows_one(&list, "a value is one cell at most, and a key of one value is one cell", value_is_a_cell_at_most);
  rows_one(&list, "values of what is gone are nobody's, and their cells come back", forgotten);
  rows_one(&list, "sets of events and of values can have each other's numbers", numbers_change_hands);
  rows_one(&list, "within the budget the keys idle longest go with their values", within_the_budget);
  rows_one(&list, "an event for which memory is missing did not happen", over_and_full);
  rows_one(&list, "at most 65,536 values of a key are known", most_values);
  rows_one(&list, "each set has values of its own", sets_are_apart);
  rows_one(&list, "an empty set has nothing to find or forget", an_empty_set_has_nothing);
  rows_one(&list, "what was left behind is not found again", left_behind);
  rows_one(&list, "other cells of the table are no values", other_cells_in_the_table);
  rows_one(&list, "without memory nothing is added, and what is there can come again", no_memory);
  rows_one(&list, "up to four values share a cell", few_share_a_cell);
  rows_one(&list, "beyond 65,536 values the one whose event is oldest goes", at_most_65536);
  rows_one(&list, "sets and places are as if counted afresh each time", as_counted_afresh_of_values);
  return rows_run(&list, "distinct");
}
