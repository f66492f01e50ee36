#include "stores.h"

#include "chance.h"

static stores f;

static void expect_key(char const *key)
{
  assert_int_equal(f.end.length, strlen(key));
  assert_memory_equal(f.end.key, key, f.end.length);
}

static void nobody_is_over(void **state)
{
  int64_t when = 7;
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 1, 1, 100);
  books_add(&f, 0, "ann", 1);
  assert_int_equal(episode_end_next(&f.b, &when), 0);
  assert_int_equal(episode_end_due(&f.b, INT64_MAX, &f.end), 0);
  assert_int_equal(episode_end_any(&f.b, 5, &f.end), 0);
  books_close(&f);
}

static void what_an_ending_says(void **state)
{
  int64_t when;
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 9, 9, 100);
  store_open_set(&f.b, 2, 1, 100);
  books_add(&f, 1, "ann", 10);
  books_add(&f, 1, "ann", 200);
  books_add(&f, 1, "ann", 201);
  assert_int_equal(books_add(&f, 1, "ann", 202), STORE_OVER);
  books_add(&f, 1, "ann", 250);
  assert_int_equal(episode_end_next(&f.b, &when), 1);
  assert_true(when <= 302);
  assert_int_equal(episode_end_due(&f.b, 301, &f.end), 0);
  assert_int_equal(episode_end_due(&f.b, 302, &f.end), 1);
  assert_int_equal(f.end.set, 1);
  expect_key("ann");
  assert_int_equal(f.end.count, 1);
  assert_int_equal(f.end.peak, 4);
  assert_int_equal(f.end.total, 4);
  assert_int_equal(f.end.when, 302);
  assert_int_equal(f.end.since, 202);
  assert_int_equal(f.end.since_label, 202 + BOOKS_LABEL);
  assert_int_equal(episode_end_due(&f.b, 302, &f.end), 0);
  assert_int_equal(f.b.now_over, 0);
  books_close(&f);
}

/* Asked long afterwards, it says what was true at its own time. */
static void taken_late(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 1, 1, 100);
  books_add(&f, 0, "ann", 1);
  books_add(&f, 0, "ann", 2);
  books_add(&f, 0, "ann", 50);
  assert_int_equal(episode_end_due(&f.b, 100000, &f.end), 1);
  assert_int_equal(f.end.when, 102);
  assert_int_equal(f.end.count, 1);
  books_close(&f);
}

static void total_of_each_episode(void **state)
{
  (void)state;
  books_open(&f, 1);
  store_open_set(&f.b, 1, 0, 10);
  for (int64_t t = 0; t < 500; t += 100) {
    for (int64_t i = 0; i <= t / 100 + 1; i++)
      books_add(&f, 0, "ann", t + i);
    assert_int_equal(episode_end_due(&f.b, t + 99, &f.end), 1);
    assert_int_equal(f.end.total, t / 100 + 2);
    assert_int_equal(f.end.peak, t / 100 + 2);
    assert_int_equal(f.end.since, t + 1);
  }
  books_close(&f);
}

/* In the order of their ends, then of their beginnings, over several rules. */
static void in_order(void **state)
{
  static char const *const order[] = {"b", "c", "a", "d"};
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 0, 0, 100);
  store_open_set(&f.b, 0, 0, 50);
  books_add(&f, 0, "a", 10);
  books_add(&f, 1, "b", 20);
  books_add(&f, 1, "c", 20);
  books_add(&f, 1, "d", 60);
  for (size_t i = 0; i < 4; i++) {
    assert_int_equal(episode_end_due(&f.b, 200, &f.end), 1);
    expect_key(order[i]);
  }
  books_close(&f);
}

static void forced_in_order(void **state)
{
  static char const *const order[] = {"a", "b", "c", "d"};
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 0, 0, 1000);
  store_open_set(&f.b, 0, 0, 50);
  books_add(&f, 0, "a", 10);
  books_add(&f, 1, "b", 11);
  books_add(&f, 0, "c", 11);
  books_add(&f, 1, "d", 12);
  books_add(&f, 1, "b", 40);
  for (size_t i = 0; i < 4; i++) {
    assert_int_equal(episode_end_any(&f.b, 45, &f.end), 1);
    expect_key(order[i]);
    assert_int_equal(f.end.count, 0);
    assert_int_equal(f.end.when, 45);
    assert_int_equal(f.end.total, i == 1 ? 2 : 1);
  }
  assert_int_equal(episode_end_any(&f.b, 45, &f.end), 0);
  assert_int_equal(f.b.now_over, 0);
  books_close(&f);
}

/* A clock that a stored log's first line sets back may ask for it once more, so it goes with the next event.
 */
static void empty_counter_goes(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 0, 0, 10);
  books_add(&f, 0, "ann", 1);
  assert_int_equal(episode_end_due(&f.b, 11, &f.end), 1);
  assert_int_equal(books_count(&f, 0, "bob", 11), 1);
  assert_int_equal(episode_end_due(&f.b, 21, &f.end), 1);
  assert_int_equal(f.mem.used, 3);
  books_close(&f);
  books_open(&f, 1);
  store_open_set(&f.b, 0, 0, 10);
  books_add(&f, 0, "ann", 1);
  assert_int_equal(episode_end_due(&f.b, 11, &f.end), 1);
  assert_int_equal(f.mem.used, 3);
  books_close(&f);
}

static void long_key(void **state)
{
  char key[COUNTER_KEY_MAX + 1];
  (void)state;
  memset(key, 'k', COUNTER_KEY_MAX);
  key[COUNTER_KEY_MAX] = 0;
  books_open(&f, 0);
  store_open_set(&f.b, 0, 0, 10);
  books_add(&f, 0, key, 1);
  assert_int_equal(episode_end_due(&f.b, 11, &f.end), 1);
  key[EPISODE_KEY] = 0;
  expect_key(key);
  books_close(&f);
}

/* The naive store: all events of a few keys, and for each instant what their windows hold. */
#define KEYS 5
#define STEPS 3000

typedef struct {
  int64_t when[STEPS];
  size_t count;
  int over;
  int64_t since;
  uint64_t peak, total;
} naive;

static uint64_t window(naive const *n, int64_t now, int64_t period)
{
  uint64_t sum = 0;
  for (size_t i = n->count; i-- && n->when[i] > now - period;)
    sum++;
  return sum;
}

/* Goes through all instants up to now; each end must be the one that the store gives. */
static void expect_ends(naive *keys, int64_t from, int64_t now, uint64_t clear, int64_t period)
{
  for (int64_t t = from; t <= now; t++)
    for (size_t ended = 1; ended;) {
      naive *first = 0;
      ended = 0;
      for (int k = 0; k < KEYS; k++)
        if (keys[k].over && window(&keys[k], t, period) <= clear && (!first || keys[k].since < first->since))
          first = &keys[k];
      if (!first)
        break;
      ended = 1;
      first->over = 0;
      assert_int_equal(episode_end_due(&f.b, now, &f.end), 1);
      assert_int_equal(f.end.key[0], 'a' + (first - keys));
      assert_int_equal(f.end.when, t);
      assert_int_equal(f.end.count, window(first, t, period));
      assert_int_equal(f.end.peak, first->peak);
      assert_int_equal(f.end.total, first->total);
      assert_int_equal(f.end.since, first->since);
    }
  assert_int_equal(episode_end_due(&f.b, now, &f.end), 0);
}

static void add_both(naive *n, int k, int64_t now, uint64_t limit, int64_t period)
{
  int before = n->over;
  uint64_t sum;
  n->when[n->count++] = now;
  sum = window(n, now, period);
  if (!n->over && sum > limit) {
    n->over = 1;
    n->since = now;
    n->peak = n->total = sum;
  } else if (n->over) {
    n->total++;
    n->peak = sum > n->peak ? sum : n->peak;
  }
  assert_int_equal(books_add(&f, 0, (char[]){(char)('a' + k), 0}, now) == STORE_OVER, n->over && !before);
}

static void like_a_list(void **state)
{
  static naive keys[KEYS];
  (void)state;
  for (uint64_t seed = 1; seed <= 12; seed++) {
    uint64_t dice = seed, limit = chance_below(&dice, 12), clear = chance_below(&dice, limit + 1);
    int64_t period = 5 + (int64_t)chance_below(&dice, 60), now = 0, before = 0;
    memset(keys, 0, sizeof keys);
    books_open(&f, seed % 2);
    store_open_set(&f.b, limit, clear, period);
    for (int i = 0; i < STEPS; i++) {
      int k = (int)chance_below(&dice, KEYS);
      now += 1 + (int64_t)chance_below(&dice, chance_below(&dice, 30) ? 3 : 100); /* no two begin at once */
      expect_ends(keys, before + 1, now, clear, period);
      add_both(&keys[k], k, now, limit, period);
      before = now;
    }
    books_close(&f);
  }
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "where nobody is over nothing ends", nobody_is_over);
  rows_one(&list, "an ending says count, peak, total, beginning and end", what_an_ending_says);
  rows_one(&list, "an ending taken late says what was true at its time", taken_late);
  rows_one(&list, "each episode has a total and a peak of its own", total_of_each_episode);
  rows_one(&list, "endings come in the order of their ends, then of their beginnings", in_order);
  rows_one(&list, "forced endings come in the order of their beginnings, with a count of 0", forced_in_order);
  rows_one(&list, "a key with nothing left goes after its ending, unless it is kept", empty_counter_goes);
  rows_one(&list, "of the longest key the beginning is told", long_key);
  rows_one(&list, "random events end when a list of them says, with its figures", like_a_list);
  return rows_run(&list, "ending");
}
