#include "stores.h"

#include <stdio.h>

/* A rule and what happens to one key under it, a letter a step, a second each:
 * '.' nothing, '1' to '9' an event of that weight, 'a' to 'z' one of weight 10 to 35.
 * The answers: '.' counted (or nothing), 'o' over, 'm' more, 'u' under before the step's event, 'U' under and
 * over. */
typedef struct {
  char const *name;
  uint64_t limit, clear;
  int64_t period;
  char const *events, *answers;
  char const *counts; /* after each event, digits as the weights; 0: not looked at */
} row;

static row const rows[] = {
    {"up to the limit nothing happens", 3, 3, 100, "111", "...", 0},
    {"one more is over", 3, 3, 100, "1111", "...o", "1234"},
    {"over is told once", 3, 3, 100, "111111", "...o..", "123456"},
    {"more at twice the limit", 3, 3, 100, "1111111", "...o..m", 0},
    {"more at 2, 4 and 8 times", 1, 1, 100, "111111111", ".om.m...m", "123456789"},
    {"twice the limit exactly is not more", 4, 4, 100, "44", ".o", 0},
    {"skipped thresholds make one more", 1, 1, 100, "11z", ".om", 0},
    {"a skipped threshold is not told later", 1, 1, 100, "119111111", ".om.....", 0},
    {"over at once beyond twice the limit is not more", 1, 1, 100, "9", "o", 0},
    {"and the thresholds passed with it are not told", 1, 1, 100, "91111111", "o.......", 0},
    {"but the next one is", 1, 1, 100, "8111111111", "om.......m", 0},
    {"limit 0: the first event is over", 0, 0, 100, "1", "o", "1"},
    {"limit 0 has no more", 0, 0, 100, "19zzzz", "o.....", 0},
    {"under when the oldest event leaves", 2, 2, 5, "111..1", "..o..U", "123..3"},
    {"an event leaves exactly after its period", 1, 1, 5, "1....1", "......", "1....1"},
    {"and so do the older ones of many", 5, 5, 5, "11...1", "......", "12...2"},
    {"and not before", 1, 1, 5, "1...1.", "....ou", 0},
    {"limit 0: under when all have left", 0, 0, 3, "11..1", "o...U", 0},
    {"under, and over again with the same step", 1, 1, 2, "111", ".oU", 0},
    {"clear keeps it over for longer", 3, 1, 5, "1111...", "...o...", 0},
    {"until the count is at clear", 3, 1, 5, "1111....", "...o...u", 0},
    {"clear 0 waits for all to leave", 2, 0, 3, "111...", "..o..u", 0},
    {"after an end more starts anew", 1, 1, 3, "111....111", ".om.u...om", 0},
    {"a weight of 0 is counted as nothing", 1, 1, 9, "10000101", ".....o.m", "1....2.3"},
    {"weights", 9, 9, 9, "551", ".o.", 0},
};

static stores f;

static int weight_of(char c)
{
  return c >= 'a' ? c - 'a' + 10 : c - '0';
}

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  unsigned int number;
  books_open(&f, 0);
  number = (unsigned int)store_open_set(&f.b, r->limit, r->clear, r->period);
  for (int i = 0; r->events[i]; i++) {
    int ended = episode_end_due(&f.b, i, &f.end);
    store_answer answer = STORE_COUNTED;
    f.count = 0;
    assert_false(ended && episode_end_due(&f.b, i, &f.end));
    if (r->events[i] != '.')
      answer = books_weigh(&f, number, "ann", i, (uint64_t)weight_of(r->events[i]));
    if (ended)
      assert_int_equal(answer == STORE_OVER ? 'U' : 'u', r->answers[i]);
    else if (r->answers[i])
      assert_int_equal(".om"[answer], r -> answers[i]);
    if (r->counts && r->counts[i] != '.')
      assert_int_equal(f.count, weight_of(r->counts[i]));
  }
  books_close(&f);
}

/* The rings of two rules, of keys that are alike, and of the same key: all apart. */
static void keys_are_apart(void **state)
{
  int one, two;
  (void)state;
  books_open(&f, 0);
  one = store_open_set(&f.b, 5, 5, 100);
  two = store_open_set(&f.b, 5, 5, 100);
  assert_int_not_equal(one, two);
  for (int i = 1; i <= 3; i++) {
    assert_int_equal(books_add(&f, (unsigned int)one, "ann", i), STORE_COUNTED);
    assert_int_equal(f.count, i);
    assert_int_equal(books_add(&f, (unsigned int)one, "ann@", i), STORE_COUNTED);
    assert_int_equal(f.count, i);
    assert_int_equal(books_add(&f, (unsigned int)two, "ann", i), STORE_COUNTED);
    assert_int_equal(f.count, i);
  }
  assert_int_equal(f.b.events, 9);
  books_close(&f);
}

/* Two keys of one hash, as nobody can choose them, but as they happen. */
static void equal_hashes(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 100, 100, 100);
  for (int i = 1; i <= 4; i++)
    for (int k = 0; k < 26; k++) {
      store_event e = {.key = {&"abcdefghijklmnopqrstuvwxyz"[k], 1}, .hash = 77, .weight = 1, .when = i};
      assert_int_equal(books_put(&f, 0, &e), STORE_COUNTED);
      assert_int_equal(f.count, i);
    }
  books_close(&f);
}

static void one_message_is_one_cell(void **state)
{
  char key[16];
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 100, 100, 1000000);
  for (int i = 0; i < 5000; i++) {
    snprintf(key, sizeof key, "k%d", i);
    books_add(&f, 0, key, i);
  }
  assert_int_equal(f.mem.used, 5000);
  books_close(&f);
}

static void totals_saturate(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, UINT64_MAX - 1, 10, 100);
  assert_int_equal(books_weigh(&f, 0, "ann", 1, UINT64_MAX - 1), STORE_COUNTED);
  assert_int_equal(books_weigh(&f, 0, "ann", 2, 10), STORE_OVER);
  assert_true(f.count == UINT64_MAX);
  assert_int_equal(books_weigh(&f, 0, "ann", 3, 10), STORE_COUNTED);
  assert_true(f.count == UINT64_MAX);
  assert_int_equal(episode_end_due(&f.b, 101, &f.end), 1);
  assert_int_equal(f.end.count, 1);
  assert_true(f.end.peak == UINT64_MAX && f.end.total == UINT64_MAX);
  books_close(&f);
}

/* What left the window is still in the total. */
static void total_outlives_the_window(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, UINT64_MAX, 0, 100);
  books_weigh(&f, 0, "ann", 1, UINT64_MAX - 3);
  books_add(&f, 0, "ann", 90);
  books_weigh(&f, 0, "ann", 120, 7);
  assert_int_equal(f.count, 8);
  assert_true(counter_record_of(&f.mem, counter_at(&f.mem, f.b.sets[0].recorded.head))->total == UINT64_MAX);
  books_close(&f);
}

/* The same hash in the table, of one key under two rules. */
static void rules_with_one_hash(void **state)
{
  store_event e = {.key = span_of("ann"), .weight = 1, .when = 1};
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 9, 9, 100);
  store_open_set(&f.b, 9, 9, 100);
  for (uint64_t i = 0; i < 2; i++) {
    e.hash =
        UINT64_MAX / 3 + (1 - i) * UINT64_C(0x9e3779b97f4a7c15); /* what hash_mix adds for one salt more */
    books_put(&f, (unsigned int)i, &e);
    assert_int_equal(f.count, 1);
  }
  assert_true(hash_mix(e.hash, 2) == hash_mix(e.hash + UINT64_C(0x9e3779b97f4a7c15), 1));
  books_close(&f);
}

/* Limits of which a multiple does not fit 64 bits have no `more` there. */
static void more_of_large_limits(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, (uint64_t)1 << 62, 0, 100);
  assert_int_equal(books_weigh(&f, 0, "ann", 1, ((uint64_t)1 << 62) + 1), STORE_OVER);
  assert_int_equal(books_weigh(&f, 0, "ann", 2, (uint64_t)1 << 62), STORE_MORE);
  assert_int_equal(books_weigh(&f, 0, "ann", 3, UINT64_MAX), STORE_COUNTED);
  assert_true(f.count == UINT64_MAX);
  store_open_set(&f.b, UINT64_C(11) << 60, 0, 100);
  assert_int_equal(books_weigh(&f, 1, "ann", 3, (UINT64_C(11) << 60) + 1), STORE_OVER);
  assert_int_equal(books_weigh(&f, 1, "ann", 3, UINT64_C(2) << 60), STORE_COUNTED);
  books_close(&f);
}

/* The last thresholds that fit: 2^63 times 1, and twice the largest number of 63 bits. */
static void last_thresholds(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 1, 0, 100);
  assert_int_equal(books_weigh(&f, 0, "ann", 1, 2), STORE_OVER);
  assert_int_equal(books_weigh(&f, 0, "ann", 2, (uint64_t)1 << 63), STORE_MORE);
  assert_int_equal(books_add(&f, 0, "ann", 3), STORE_COUNTED);
  store_open_set(&f.b, INT64_MAX, 0, 100);
  assert_int_equal(books_weigh(&f, 1, "ann", 3, (uint64_t)1 << 63), STORE_OVER);
  assert_int_equal(books_weigh(&f, 1, "ann", 3, INT64_MAX - 1), STORE_COUNTED);
  assert_int_equal(books_add(&f, 1, "ann", 3), STORE_MORE);
  books_close(&f);
}

static counter_record const *first_record(cell_list const *l)
{
  return counter_record_of(&f.mem, counter_at(&f.mem, l->head));
}

/* The report wants to know of a key all that was ever counted. */
static void records_for_the_report(void **state)
{
  (void)state;
  books_open(&f, 1);
  store_open_set(&f.b, 100, 100, 100);
  books_weigh(&f, 0, "ann", 1, 5);
  assert_int_equal(first_record(&f.b.sets[0].recorded)->total, 5);
  assert_int_equal(first_record(&f.b.sets[0].recorded)->peak, 5);
  store_open_set(&f.b, 100, 100, 100);
  books_add(&f, 1, "ann", 1);
  assert_int_equal(books_count(&f, 1, "ann", 500), 1);
  assert_int_equal(first_record(&f.b.sets[1].recorded)->total, 2);
  assert_int_equal(first_record(&f.b.sets[1].recorded)->peak_at, 1);
  books_close(&f);
}

/* A key whose event is past, but which is not yet forgotten, since others are idle for longer. */
static void anew_after_a_period(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 100, 100, 100);
  books_add(&f, 0, "bob", 0);
  books_add(&f, 0, "cid", 0);
  books_add(&f, 0, "ann", 0);
  assert_int_equal(books_count(&f, 0, "ann", 100), 1);
  assert_int_equal(f.mem.used, 1);
  assert_int_equal(books_count(&f, 0, "ann", 199), 2);
  assert_int_equal(books_count(&f, 0, "ann", 200), 2);
  store_open_set(&f.b, 100, 100, 100);
  books_add(&f, 1, "bob", 0);
  books_add(&f, 1, "cid", 0);
  books_add(&f, 1, "dan", 0);
  assert_int_equal((books_weigh(&f, 1, "dan", 150, 5), f.count), 5);
  assert_int_equal(episode_end_due(&f.b, 1000, &f.end), 0);
  books_count(&f, 1, "eve", 1000);
  books_count(&f, 0, "eve", 1000);
  assert_int_equal(f.mem.used, 2);
  books_close(&f);
}

static void counts_of_what_happened(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 1, 1, 100);
  for (int i = 0; i < 4; i++)
    books_add(&f, 0, i % 2 ? "ann" : "bob", i);
  assert_int_equal(f.b.events, 4);
  assert_int_equal(f.b.now_over, 2);
  assert_int_equal(f.b.evicted, 0);
  books_close(&f);
}

/* With every cell held by keys that are over, an event of a new key is not counted, and that is counted. */
static void full_store(void **state)
{
  char key[16];
  (void)state;
  for (uint64_t held = 0; held < 4; held++) {
    uint64_t over = 0;
    books_within(&f, 2 * POOL_CHUNK, 0);
    store_open_set(&f.b, 0, 0, 1000000);
    while (f.mem.used < held)
      pool_take(&f.mem);
    for (int i = 0; i < 1000; i++) {
      snprintf(key, sizeof key, "k%d", i);
      over += books_add(&f, 0, key, i) == STORE_OVER;
      assert_int_equal(f.b.now_over, over);
      assert_int_equal(f.b.keys.nodes, over);
      assert_int_equal(f.b.events, over);
      assert_int_equal(f.b.evicted, (uint64_t)i + 1 - over);
    }
    assert_int_equal(over, (POOL_CELLS - held) / 4);
    assert_int_equal(episode_end_due(&f.b, 1000000, &f.end), 1);
    assert_memory_equal(f.end.key, "k0", 2);
    assert_int_equal(books_add(&f, 0, "new", 1000000), STORE_OVER);
    books_close(&f);
  }
}

/* The event that would be over needs two cells: with none or one left it did not happen. */
static void full_at_the_limit(void **state)
{
  (void)state;
  for (unsigned int room = 0; room < 2; room++) {
    cell held[2];
    books_within(&f, 2 * POOL_CHUNK, 0);
    store_open_set(&f.b, 3, 3, 100);
    for (int i = 1; i <= 3; i++)
      books_add(&f, 0, "ann", i);
    held[0] = pool_take(&f.mem);
    held[1] = pool_take(&f.mem);
    while (f.mem.used < POOL_CELLS)
      pool_take(&f.mem);
    if (room)
      pool_give(&f.mem, held[1]);
    assert_int_equal(books_add(&f, 0, "ann", 4), STORE_FULL);
    assert_int_equal(f.b.now_over, 0);
    pool_give(&f.mem, held[0]);
    if (!room)
      pool_give(&f.mem, held[1]);
    episode_end_due(&f.b, 5, &f.end);
    assert_int_equal(books_add(&f, 0, "ann", 5), STORE_OVER);
    assert_int_equal(f.count, 4);
    assert_int_equal(counter_record_of(&f.mem, counter_at(&f.mem, f.b.sets[0].over.head))->overs, 1);
    assert_int_equal(episode_end_due(&f.b, 101, &f.end), 1);
    assert_int_equal(episode_end_due(&f.b, 1000, &f.end), 0);
    books_close(&f);
  }
}

/* Its second event needs a record; the first one stays as it was. */
static void no_memory_for_a_second_event(void **state)
{
  cell taken[2 * POOL_CELLS];
  size_t n = 0;
  (void)state;
  books_within(&f, 2 * POOL_CHUNK, 0);
  store_open_set(&f.b, 10, 10, 100);
  assert_int_equal(books_count(&f, 0, "ann", 1), 1);
  f.mem.evict = 0;
  while ((taken[n] = pool_take(&f.mem)))
    n++;
  f.mem.evict = &store_evict;
  assert_int_equal(books_add(&f, 0, "ann", 2), STORE_FULL);
  assert_int_equal(f.b.evicted, 1);
  while (n)
    pool_give(&f.mem, taken[--n]);
  assert_int_equal(books_count(&f, 0, "ann", 3), 2);
  books_close(&f);
}

int main(void)
{
  static rows_list list;
  ROWS_ADD(&list, rows, check);
  rows_one(&list, "rules and keys have counters of their own", keys_are_apart);
  rows_one(&list, "keys with one hash are apart", equal_hashes);
  rows_one(&list, "a key that sent one message costs one cell", one_message_is_one_cell);
  rows_one(&list, "weights near 2^64 saturate", totals_saturate);
  rows_one(&list, "a limit near 2^64 has as many thresholds as fit", more_of_large_limits);
  rows_one(&list, "the last threshold that fits 64 bits is the last", last_thresholds);
  rows_one(&list, "for the report a key's record has all that was counted and no more",
           records_for_the_report);
  rows_one(&list, "after a period a key begins anew, in one cell", anew_after_a_period);
  rows_one(&list, "events and keys that are over are counted", counts_of_what_happened);
  rows_one(&list, "if only keys that are over are left, new ones are not counted", full_store);
  rows_one(&list, "an event for which memory is missing did not happen", full_at_the_limit);
  rows_one(&list, "what left the window is still in the total", total_outlives_the_window);
  rows_one(&list, "rules are apart where their hashes meet", rules_with_one_hash);
  rows_one(&list, "without memory for its second event a key keeps its first", no_memory_for_a_second_event);
  return rows_run(&list, "adding");
}
