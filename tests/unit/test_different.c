/* Different values through the whole store: what it says of a key is compared with counting afresh each time.
 */
#include "stores.h"

#include "chance.h"

#define NAMES 14

static stores f;

/* One key under one rule, from the definition. */
typedef struct {
  uint64_t limit, clear, mark, peak, total;
  int64_t period, newest[NAMES];
  int over;
} model;

static uint64_t model_count(model const *m, int64_t now)
{
  uint64_t n = 0;
  for (int i = 0; i < NAMES; i++)
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
  return books_put(&f, 0, &e);
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
  uint64_t names = 1 + chance_below(&seed, NAMES), pace = 1 + chance_below(&seed, 4);
  int64_t before = 0, now = 0;
  m.clear = chance_below(&seed, m.limit + 1);
  for (size_t i = 0; i < NAMES; i++)
    m.newest[i] = -1000;
  books_open(&f, keep);
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
  books_close(&f);
}

static void as_counted_afresh(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 4000; seed++)
    play(seed, seed % 2);
}

static void value_is_a_cell_at_most(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 1000, 1000, 1000000);
  store_count_distinct(&f.b, 0);
  add(0, "ann", 0);
  assert_int_equal(f.mem.used, 1);
  for (uint64_t i = 1; i < 1000; i++) {
    add(i, "ann", (int64_t)i);
    assert_true(f.mem.used <= 2 + i + 1);
  }
  books_close(&f);
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
    books_open(&f, 0);
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
    books_close(&f);
  }
}

/* A set of different values whose number a set of events gets, and the other way round. */
static void numbers_change_hands(void **state)
{
  (void)state;
  books_open(&f, 0);
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
  books_close(&f);
}

/* More values than fit: keys idle longest go, and no other is taken for one of theirs. */
static void within_the_budget(void **state)
{
  char key[3] = "k0";
  (void)state;
  books_within(&f, 2 * POOL_CHUNK, 0);
  store_open_set(&f.b, 1000, 1000, 1000000);
  store_count_distinct(&f.b, 0);
  for (uint64_t i = 0; i < 20000; i++) {
    key[1] = (char)('0' + i / 400 % 10);
    assert_int_equal(add(i, key, (int64_t)i), STORE_COUNTED);
    assert_int_equal(f.count, i % 400 + 1);
    assert_true(f.mem.used <= POOL_CELLS);
  }
  assert_true(f.b.evicted > 40);
  books_close(&f);
}

/* If only one key that is over is left, its new values are not counted, but those it has still keep their
 * time. */
static void over_and_full(void **state)
{
  uint64_t full = 0;
  (void)state;
  books_within(&f, 2 * POOL_CHUNK, 0);
  store_open_set(&f.b, 10, 10, 100000);
  store_count_distinct(&f.b, 0);
  for (uint64_t i = 0; i < 2000; i++)
    full += add(i, "ann", (int64_t)i) == STORE_FULL;
  assert_true(full > 900 && f.b.evicted == full);
  assert_int_equal(add(0, "ann", 5000), STORE_COUNTED);
  assert_int_equal(f.count, 2000 - full);
  assert_int_equal(episode_end_due(&f.b, 200000, &f.end), 1);
  assert_int_equal(f.end.when, 100000 + (int64_t)(2000 - full) - 10);
  books_close(&f);
}

/* The 65,537th value takes the place of the one whose event is oldest: the count stays, the key is over. */
static void most_values(void **state)
{
  (void)state;
  books_open(&f, 0);
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
  books_close(&f);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "counts, answers and ends are as if counted afresh each time", as_counted_afresh);
  rows_one(&list, "a value is one cell at most, and a key of one value is one cell", value_is_a_cell_at_most);
  rows_one(&list, "values of what is gone are nobody's, and their cells come back", forgotten);
  rows_one(&list, "sets of events and of values can have each other's numbers", numbers_change_hands);
  rows_one(&list, "within the budget the keys idle longest go with their values", within_the_budget);
  rows_one(&list, "an event for which memory is missing did not happen", over_and_full);
  rows_one(&list, "at most 65,536 values of a key are known", most_values);
  return rows_run(&list, "different");
}
