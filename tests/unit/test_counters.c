#include "stores.h"

#include "count/counter.h"
#include <errno.h>
#include <stdio.h>

static stores f;

static void no_room(void **state)
{
  (void)state;
  pool_open(&f.mem, POOL_CHUNK - 1, 0, 0);
  errno = 0;
  assert_int_equal(store_open(&f.b, &f.mem, 0), 0);
  assert_int_equal(errno, ENOMEM);
  books_close(&f);
}

static void opened(void **state)
{
  (void)state;
  books_open(&f, 0);
  for (int i = 0; i < 100; i++) {
    assert_int_equal(store_open_set(&f.b, (uint64_t)i, 0, i + 1), i);
    assert_int_equal(f.b.sets[i].limit, i);
    assert_int_equal(f.b.sets[i].period, i + 1);
  }
  books_close(&f);
}

static void too_many(void **state)
{
  (void)state;
  books_open(&f, 0);
  for (int i = 0; i < UINT16_MAX; i++)
    assert_int_equal(store_open_set(&f.b, 1, 1, 1), i);
  errno = 0;
  assert_int_equal(store_open_set(&f.b, 1, 1, 1), -1);
  assert_int_equal(errno, ENOMEM);
  store_close_set(&f.b, 4711);
  assert_int_equal(store_open_set(&f.b, 1, 1, 1), 4711);
  books_close(&f);
}

static void number_is_given_again(void **state)
{
  (void)state;
  books_open(&f, 0);
  for (int i = 0; i < 3; i++)
    store_open_set(&f.b, 9, 9, 100);
  assert_int_equal(books_count(&f, 1, "ann", 1), 1);
  assert_int_equal(books_count(&f, 2, "ann", 1), 1);
  store_close_set(&f.b, 1);
  assert_int_equal(store_open_set(&f.b, 7, 6, 50), 1);
  assert_int_equal(f.b.sets[1].limit, 7);
  assert_int_equal(f.b.sets[1].clear, 6);
  assert_int_equal(books_count(&f, 1, "ann", 2), 1);
  assert_int_equal(books_count(&f, 2, "ann", 2), 2);
  assert_int_equal(store_open_set(&f.b, 9, 9, 100), 3);
  assert_int_equal(f.b.count, 4);
  books_close(&f);
}

/* A counters that is closed and opened again before its counters are freed has none of them. */
static void nothing_is_inherited(void **state)
{
  char key[16];
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 2, 2, 1000000);
  for (int era = 0; era < 50; era++) {
    for (int i = 0; i < 100; i++) {
      snprintf(key, sizeof key, "k%d", i);
      assert_int_equal(books_count(&f, 0, key, era), 1);
      assert_int_equal(books_count(&f, 0, key, era), 2);
    }
    store_close_set(&f.b, 0);
    assert_int_equal(store_open_set(&f.b, 2, 2, 1000000), 0);
  }
  books_close(&f);
}

/* Not even where chance gives a key of the new era the place of one of the old. */
static void eras_with_one_hash(void **state)
{
  store_event e = {.key = span_of("ann"), .weight = 1, .when = 1, .hash = 4711};
  uint64_t before;
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 9, 9, 100);
  before = f.b.sets[0].salt;
  for (int i = 0; i < 5; i++) /* the first to be freed */
    books_add(&f, 0, (char[]){(char)('1' + i), 0}, 1);
  books_put(&f, 0, &e);
  store_close_set(&f.b, 0);
  store_open_set(&f.b, 9, 9, 100);
  e.hash += (before - f.b.sets[0].salt) * UINT64_C(0x9e3779b97f4a7c15); /* what hash_mix adds for a salt */
  assert_true(hash_mix(e.hash, f.b.sets[0].salt) == hash_mix(4711, before));
  books_put(&f, 0, &e);
  assert_int_equal(f.count, 1);
  books_close(&f);
}

static void closed_while_over(void **state)
{
  int64_t when;
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 0, 0, 100);
  store_open_set(&f.b, 0, 0, 100);
  books_add(&f, 0, "ann", 1);
  books_add(&f, 1, "bob", 5);
  assert_int_equal(f.b.now_over, 2);
  store_close_set(&f.b, 0);
  assert_int_equal(f.b.now_over, 1);
  assert_int_equal(episode_end_next(&f.b, &when), 1);
  assert_int_equal(when, 105);
  assert_int_equal(episode_end_due(&f.b, 1000, &f.end), 1);
  assert_int_equal(f.end.set, 1);
  assert_int_equal(episode_end_due(&f.b, 1000, &f.end), 0);
  books_close(&f);
}

/* With each event a few of the doomed go, and nothing of them stays. */
static void doomed_are_freed(void **state)
{
  char key[64];
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 100, 100, 1000000);
  store_open_set(&f.b, 100, 100, 1);
  for (int i = 0; i < 1000; i++) {
    snprintf(key, sizeof key, "%0*d", 5 + i % 50, i);
    for (int k = 0; k <= i % 7; k++)
      books_add(&f, 0, key, k);
  }
  store_close_set(&f.b, 0);
  for (int i = 0; i < 500; i++)
    books_add(&f, 1, "x", 100 + i);
  assert_int_equal(f.b.dropped.head, 0);
  assert_int_equal(f.mem.used, 1);
  books_close(&f);
}

static void cleared(void **state)
{
  int64_t when;
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 1, 1, 100);
  store_open_set(&f.b, 9, 9, 100);
  books_add(&f, 0, "ann", 1);
  books_add(&f, 0, "ann", 2);
  books_add(&f, 1, "ann", 2);
  books_add(&f, 1, "bob", 2);
  books_add(&f, 1, "bob", 3);
  store_clear(&f.b);
  assert_int_equal(f.b.now_over, 0);
  assert_int_equal(episode_end_next(&f.b, &when), 0);
  assert_int_equal(books_count(&f, 0, "ann", 4), 1);
  assert_int_equal(books_count(&f, 1, "ann", 4), 1);
  assert_int_equal(books_count(&f, 1, "bob", 4), 1);
  books_add(&f, 1, "x", 4);
  assert_int_equal(f.b.dropped.head, 0);
  books_close(&f);
}

/* A new timeline may lie before the old one. */
static void cleared_to_an_earlier_time(void **state)
{
  (void)state;
  for (int keep = 0; keep < 2; keep++) {
    books_open(&f, keep);
    store_open_set(&f.b, 2, 2, 100);
    for (int i = 0; i < 3; i++)
      books_add(&f, 0, "ann", 5000);
    books_add(&f, 0, "bob", 5000);
    books_add(&f, 0, "cid", 5000);
    books_add(&f, 0, "cid", 5000);
    store_clear(&f.b);
    assert_int_equal(books_count(&f, 0, "bob", 10), 1);
    assert_int_equal(books_count(&f, 0, "ann", 11), 1);
    assert_int_equal(books_count(&f, 0, "cid", 12), 1);
    assert_int_equal(books_count(&f, 0, "bob", 110), 1);
    assert_int_equal(books_count(&f, 0, "cid", 111), 2);
    assert_int_equal(f.b.now_over, 0);
    books_close(&f);
  }
}

static void kept_when_cleared(void **state)
{
  counter_record const *r;
  (void)state;
  books_open(&f, 1);
  store_open_set(&f.b, 2, 2, 100);
  for (int i = 0; i < 5; i++)
    books_add(&f, 0, "ann", i);
  books_add(&f, 0, "bob", 5);
  store_clear(&f.b);
  assert_int_equal(books_count(&f, 0, "ann", 50), 1);
  r = counter_record_of(&f.mem, counter_at(&f.mem, f.b.sets[0].recorded.head));
  assert_int_equal(r->peak, 5);
  assert_int_equal(r->peak_at, 4);
  assert_int_equal(r->total, 6);
  assert_int_equal(r->overs, 1);
  assert_int_equal(books_count(&f, 0, "bob", 51), 1);
  r = counter_record_of(&f.mem, counter_at(&f.mem, f.b.sets[0].recorded.tail));
  assert_int_equal(r->total, 2);
  assert_int_equal(r->peak, 1);
  store_open_set(&f.b, 2, 2, 100);
  books_add(&f, 0, "cid", 60);
  books_add(&f, 1, "cid", 60);
  store_clear(&f.b);
  assert_int_equal(books_count(&f, 0, "cid", 61), 1);
  assert_int_equal(books_count(&f, 1, "cid", 61), 1);
  books_close(&f);
}

static counter *counter_of(char const *key)
{
  store const *b = &f.b;
  for (cell c = b->sets[0].single.head; c; c = list_next(&f.mem, c))
    if (counter_is(&f.mem, counter_at(&f.mem, c), span_of(key)))
      return counter_at(&f.mem, c);
  for (cell c = b->sets[0].recorded.head; c; c = list_next(&f.mem, c))
    if (counter_is(&f.mem, counter_at(&f.mem, c), span_of(key)))
      return counter_at(&f.mem, c);
  return 0;
}

/* Keys come back between clearings, one by one and in another order each time. */
static void cleared_again_and_again(void **state)
{
  static char const *const key[] = {"ann", "bob", "cid", "dan", "eve"};
  (void)state;
  books_open(&f, 1);
  store_open_set(&f.b, 4, 4, 100);
  for (int i = 0; i < 5; i++)
    books_add(&f, 0, key[i], 1000);
  for (int round = 0; round < 60; round++) {
    int64_t now = 900 - 10 * round;
    store_clear(&f.b);
    for (int i = 0; i < 5; i++)
      if (round >> (i & 3) & 1)
        for (int n = 1; n <= 1 + (round + i) % 7; n++)
          assert_int_equal(books_count(&f, 0, key[(i + round) % 5], now), n);
  }
  books_close(&f);
}

/* Two keys with two events each. */
static void open_with_two(void)
{
  books_open(&f, 1);
  store_open_set(&f.b, 9, 9, 100);
  for (int i = 0; i < 4; i++)
    books_add(&f, 0, i < 2 ? "ann" : "bob", 1000);
}

/* The report empties windows that are past: those before them in the list still count. */
static void cleared_behind_an_empty_window(void **state)
{
  (void)state;
  open_with_two();
  window_forget(&f.b.distinct, counter_of("bob"), 1000);
  store_clear(&f.b);
  assert_int_equal(books_count(&f, 0, "ann", 1000), 1);
  books_close(&f);
}

/* Mark by mark: a key without an event since the last clearing is not looked at again. */
static void cleared_once(void **state)
{
  (void)state;
  open_with_two();
  books_add(&f, 0, "cid", 1000);
  books_add(&f, 0, "dan", 1000);
  store_clear(&f.b);
  counter_of("ann")->cleared = counter_of("cid")->cleared = 0;
  store_clear(&f.b);
  assert_int_equal(counter_of("ann")->cleared, 0);
  assert_int_equal(counter_of("cid")->cleared, 0);
  books_add(&f, 0, "bob", 900);
  assert_int_equal(counter_of("bob")->cleared, 0);
  books_close(&f);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "a store without room for its table is refused", no_room);
  rows_one(&list, "sets of counters are numbered from 0 on and are as they were opened", opened);
  rows_one(&list, "65,535 sets of counters are all there can be, and a closed one makes room", too_many);
  rows_one(&list, "the number of a closed counters is given again, once; others keep their counts",
           number_is_given_again);
  rows_one(&list, "a reopened counters has nothing of its predecessor, time after time",
           nothing_is_inherited);
  rows_one(&list, "not even where hashes meet", eras_with_one_hash);
  rows_one(&list, "the episodes of a closed counters never end; others do", closed_while_over);
  rows_one(&list, "doomed counters are all freed, a few with each event", doomed_are_freed);
  rows_one(&list, "a cleared store counts from 1 on and nobody is over", cleared);
  rows_one(&list, "after clearing, times may be earlier", cleared_to_an_earlier_time);
  rows_one(&list, "for the report peaks, totals and episodes survive clearing", kept_when_cleared);
  rows_one(&list, "each clearing empties what had an event since the last", cleared_again_and_again);
  rows_one(&list, "also what stands before a window that was empty already", cleared_behind_an_empty_window);
  rows_one(&list, "and does not look at what had none", cleared_once);
  return rows_run(&list, "counters");
}
