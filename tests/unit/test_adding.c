#include "rows.h"

#include "base/hash.h"
#include "count/adding.h"
#include "count/ending.h"
#include "count/idle.h"
#include "count/ledger.h"
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

typedef struct {
  pool mem;
  book b;
} fixture;

static hash_key const secret = {{1, 2}};

static void start(fixture *f, int keep)
{
  pool_open(&f->mem, 16 << 20, &idle_evict, &f->b);
  assert_int_equal(book_open(&f->b, &f->mem, keep), 1);
}

static void stop(fixture *f)
{
  book_close(&f->b);
  pool_close(&f->mem);
}

static book_answer add(fixture *f, unsigned int number, char const *key, int64_t when, uint64_t weight,
                       uint64_t *count)
{
  book_event e = {.key = span_of(key), .weight = weight, .when = when, .label = when};
  e.hash = hash_bytes(&secret, 0, e.key);
  return book_add(&f->b, number, &e, count);
}

static int weight_of(char c)
{
  return c >= 'a' ? c - 'a' + 10 : c - '0';
}

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  static fixture f;
  static ending end;
  unsigned int number;
  start(&f, 0);
  number = (unsigned int)ledger_open(&f.b, r->limit, r->clear, r->period);
  for (int i = 0; r->events[i]; i++) {
    int ended = ending_take(&f.b, i, &end);
    uint64_t count = 0;
    book_answer answer = BOOK_COUNTED;
    assert_false(ended && ending_take(&f.b, i, &end));
    if (r->events[i] != '.')
      answer = add(&f, number, "ann", i, (uint64_t)weight_of(r->events[i]), &count);
    if (ended)
      assert_int_equal(answer == BOOK_OVER ? 'U' : 'u', r->answers[i]);
    else if (r->answers[i])
      assert_int_equal(".om"[answer], r -> answers[i]);
    if (r->counts && r->counts[i] != '.')
      assert_int_equal(count, weight_of(r->counts[i]));
  }
  stop(&f);
}

/* The rings of two rules, of keys that are alike, and of the same key: all apart. */
static void keys_are_apart(void **state)
{
  static fixture f;
  uint64_t count;
  int one, two;
  (void)state;
  start(&f, 0);
  one = ledger_open(&f.b, 5, 5, 100);
  two = ledger_open(&f.b, 5, 5, 100);
  assert_int_not_equal(one, two);
  for (int i = 1; i <= 3; i++) {
    assert_int_equal(add(&f, (unsigned int)one, "ann", i, 1, &count), BOOK_COUNTED);
    assert_int_equal(count, i);
    assert_int_equal(add(&f, (unsigned int)one, "ann@", i, 1, &count), BOOK_COUNTED);
    assert_int_equal(count, i);
    assert_int_equal(add(&f, (unsigned int)two, "ann", i, 1, &count), BOOK_COUNTED);
    assert_int_equal(count, i);
  }
  assert_int_equal(f.b.events, 9);
  stop(&f);
}

/* Two keys of one hash, as nobody can choose them, but as they happen. */
static void equal_hashes(void **state)
{
  static fixture f;
  uint64_t count;
  (void)state;
  start(&f, 0);
  ledger_open(&f.b, 100, 100, 100);
  for (int i = 1; i <= 4; i++)
    for (int k = 0; k < 26; k++) {
      book_event e = {.key = {&"abcdefghijklmnopqrstuvwxyz"[k], 1}, .hash = 77, .weight = 1, .when = i};
      assert_int_equal(book_add(&f.b, 0, &e, &count), BOOK_COUNTED);
      assert_int_equal(count, i);
    }
  stop(&f);
}

static void one_message_is_one_cell(void **state)
{
  static fixture f;
  char key[16];
  uint64_t count;
  (void)state;
  start(&f, 0);
  ledger_open(&f.b, 100, 100, 1000000);
  for (int i = 0; i < 5000; i++) {
    snprintf(key, sizeof key, "k%d", i);
    add(&f, 0, key, i, 1, &count);
  }
  assert_int_equal(f.mem.used, 5000);
  stop(&f);
}

static void totals_saturate(void **state)
{
  static fixture f;
  static ending end;
  uint64_t count;
  (void)state;
  start(&f, 0);
  ledger_open(&f.b, UINT64_MAX - 1, 10, 100);
  assert_int_equal(add(&f, 0, "ann", 1, UINT64_MAX - 1, &count), BOOK_COUNTED);
  assert_int_equal(add(&f, 0, "ann", 2, 10, &count), BOOK_OVER);
  assert_true(count == UINT64_MAX);
  assert_int_equal(add(&f, 0, "ann", 3, 10, &count), BOOK_COUNTED);
  assert_true(count == UINT64_MAX);
  assert_int_equal(ending_take(&f.b, 101, &end), 1);
  assert_int_equal(end.count, 1);
  assert_true(end.peak == UINT64_MAX && end.total == UINT64_MAX);
  stop(&f);
}

/* What left the window is still in the total. */
static void total_outlives_the_window(void **state)
{
  static fixture f;
  uint64_t count;
  (void)state;
  start(&f, 0);
  ledger_open(&f.b, UINT64_MAX, 0, 100);
  add(&f, 0, "ann", 1, UINT64_MAX - 3, &count);
  add(&f, 0, "ann", 90, 1, &count);
  add(&f, 0, "ann", 120, 7, &count);
  assert_int_equal(count, 8);
  assert_true(counter_record_of(&f.mem, counter_at(&f.mem, f.b.ledgers[0].many.head))->total == UINT64_MAX);
  stop(&f);
}

/* The same hash in the table, of one key under two rules. */
static void rules_with_one_hash(void **state)
{
  static fixture f;
  book_event e = {.key = span_of("ann"), .weight = 1, .when = 1};
  uint64_t count;
  (void)state;
  start(&f, 0);
  ledger_open(&f.b, 9, 9, 100);
  ledger_open(&f.b, 9, 9, 100);
  for (uint64_t i = 0; i < 2; i++) {
    e.hash =
        UINT64_MAX / 3 + (1 - i) * UINT64_C(0x9e3779b97f4a7c15); /* what hash_mix adds for one salt more */
    book_add(&f.b, (unsigned int)i, &e, &count);
    assert_int_equal(count, 1);
  }
  assert_true(hash_mix(e.hash, 2) == hash_mix(e.hash + UINT64_C(0x9e3779b97f4a7c15), 1));
  stop(&f);
}

/* Limits of which a multiple does not fit 64 bits have no `more` there. */
static void more_of_large_limits(void **state)
{
  static fixture f;
  uint64_t count;
  (void)state;
  start(&f, 0);
  ledger_open(&f.b, (uint64_t)1 << 62, 0, 100);
  assert_int_equal(add(&f, 0, "ann", 1, ((uint64_t)1 << 62) + 1, &count), BOOK_OVER);
  assert_int_equal(add(&f, 0, "ann", 2, (uint64_t)1 << 62, &count), BOOK_MORE);
  assert_int_equal(add(&f, 0, "ann", 3, UINT64_MAX, &count), BOOK_COUNTED);
  assert_true(count == UINT64_MAX);
  ledger_open(&f.b, UINT64_C(11) << 60, 0, 100);
  assert_int_equal(add(&f, 1, "ann", 3, (UINT64_C(11) << 60) + 1, &count), BOOK_OVER);
  assert_int_equal(add(&f, 1, "ann", 3, UINT64_C(2) << 60, &count), BOOK_COUNTED);
  stop(&f);
}

static void counts_of_what_happened(void **state)
{
  static fixture f;
  uint64_t count;
  (void)state;
  start(&f, 0);
  ledger_open(&f.b, 1, 1, 100);
  for (int i = 0; i < 4; i++)
    add(&f, 0, i % 2 ? "ann" : "bob", i, 1, &count);
  assert_int_equal(f.b.events, 4);
  assert_int_equal(f.b.now_over, 2);
  assert_int_equal(f.b.evicted, 0);
  stop(&f);
}

/* With every cell held by keys that are over, an event of a new key is not counted, and that is counted. */
static void full_book(void **state)
{
  static fixture f;
  static ending end;
  char key[16];
  (void)state;
  for (uint64_t held = 0; held < 4; held++) {
    uint64_t count, over = 0;
    pool_open(&f.mem, 2 * POOL_CHUNK, &idle_evict, &f.b);
    assert_int_equal(book_open(&f.b, &f.mem, 0), 1);
    ledger_open(&f.b, 0, 0, 1000000);
    while (f.mem.used < held)
      pool_take(&f.mem);
    for (int i = 0; i < 1000; i++) {
      snprintf(key, sizeof key, "k%d", i);
      over += add(&f, 0, key, i, 1, &count) == BOOK_OVER;
      assert_int_equal(f.b.now_over, over);
      assert_int_equal(f.b.keys.nodes, over);
      assert_int_equal(f.b.events, over);
      assert_int_equal(f.b.evicted, (uint64_t)i + 1 - over);
    }
    assert_int_equal(over, (POOL_CELLS - held) / 4);
    assert_int_equal(ending_take(&f.b, 1000000, &end), 1);
    assert_memory_equal(end.key, "k0", 2);
    assert_int_equal(add(&f, 0, "new", 1000000, 1, &count), BOOK_OVER);
    stop(&f);
  }
}

/* The event that would be over needs two cells: with none or one left it did not happen. */
static void full_at_the_limit(void **state)
{
  static fixture f;
  static ending end;
  uint64_t count;
  (void)state;
  for (unsigned int room = 0; room < 2; room++) {
    cell held[2];
    pool_open(&f.mem, 2 * POOL_CHUNK, &idle_evict, &f.b);
    assert_int_equal(book_open(&f.b, &f.mem, 0), 1);
    ledger_open(&f.b, 3, 3, 100);
    for (int i = 1; i <= 3; i++)
      add(&f, 0, "ann", i, 1, &count);
    held[0] = pool_take(&f.mem);
    held[1] = pool_take(&f.mem);
    while (f.mem.used < POOL_CELLS)
      pool_take(&f.mem);
    if (room)
      pool_give(&f.mem, held[1]);
    assert_int_equal(add(&f, 0, "ann", 4, 1, &count), BOOK_FULL);
    assert_int_equal(f.b.now_over, 0);
    pool_give(&f.mem, held[0]);
    if (!room)
      pool_give(&f.mem, held[1]);
    ending_take(&f.b, 5, &end);
    assert_int_equal(add(&f, 0, "ann", 5, 1, &count), BOOK_OVER);
    assert_int_equal(count, 4);
    assert_int_equal(counter_record_of(&f.mem, counter_at(&f.mem, f.b.ledgers[0].over.head))->overs, 1);
    assert_int_equal(ending_take(&f.b, 101, &end), 1);
    assert_int_equal(ending_take(&f.b, 1000, &end), 0);
    stop(&f);
  }
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
  rows_one(&list, "events and keys that are over are counted", counts_of_what_happened);
  rows_one(&list, "if only keys that are over are left, new ones are not counted", full_book);
  rows_one(&list, "an event for which memory is missing did not happen", full_at_the_limit);
  rows_one(&list, "what left the window is still in the total", total_outlives_the_window);
  rows_one(&list, "rules are apart where their hashes meet", rules_with_one_hash);
  return rows_run(&list, "adding");
}
