#include "stores.h"

#include <stdio.h>

static stores f;

static size_t length(cell_list const *l)
{
  size_t n = 0;
  for (cell c = l->head; c; c = list_next(&f.mem, c))
    n++;
  return n;
}

static size_t keys(void)
{
  size_t n = length(&f.b.dropped);
  for (unsigned int i = 0; i < f.b.count; i++) {
    counter_set const *l = &f.b.sets[i];
    n += length(&l->single) + length(&l->recorded) + length(&l->over);
  }
  assert_int_equal(n, f.b.keys.nodes);
  return n;
}

/* Which of the keys a, b, c, ... are still there, of any counters, in alphabetical order. */
static void expect_left(char const *left)
{
  char found[27] = {0};
  int n = 0;
  for (char k = 'a'; k <= 'z'; k++)
    for (unsigned int i = 0; i < f.b.count; i++) {
      cell_list *all[] = {&f.b.sets[i].single, &f.b.sets[i].recorded, &f.b.sets[i].over};
      for (int j = 0; j < 3; j++)
        for (cell c = all[j]->head; c; c = list_next(&f.mem, c))
          if (counter_at(&f.mem, c)->key[0] == k && n < 26)
            found[n++] = k;
    }
  assert_string_equal(found, left);
}

static void a_period_old(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 10, 10, 100);
  books_add(&f, 0, "a", 1);
  books_add(&f, 0, "b", 50);
  store_forget_idle(&f.b, &f.b.sets[0], 100);
  expect_left("ab");
  store_forget_idle(&f.b, &f.b.sets[0], 101);
  expect_left("b");
  store_forget_idle(&f.b, &f.b.sets[0], 150);
  expect_left("");
  assert_int_equal(f.mem.used, 0);
  assert_int_equal(f.b.evicted, 0);
  books_close(&f);
}

static void many_too(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 10, 10, 100);
  for (int i = 0; i < 20; i++)
    books_add(&f, 0, i % 2 ? "a" : "b", i);
  store_forget_idle(&f.b, &f.b.sets[0], 118);
  expect_left("a");
  store_forget_idle(&f.b, &f.b.sets[0], 119);
  expect_left("");
  assert_int_equal(f.mem.used, 0);
  books_close(&f);
}

/* An event makes it young again, whichever list it is in. */
static void used_again(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 10, 10, 100);
  books_add(&f, 0, "a", 1);
  books_add(&f, 0, "b", 2);
  books_add(&f, 0, "c", 3);
  books_add(&f, 0, "a", 60);
  books_add(&f, 0, "c", 61);
  books_add(&f, 0, "a", 62);
  store_forget_idle(&f.b, &f.b.sets[0], 110);
  expect_left("ac");
  store_forget_idle(&f.b, &f.b.sets[0], 161);
  expect_left("a");
  books_close(&f);
}

static void one_over_stays(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 1, 1, 100);
  books_add(&f, 0, "a", 1);
  books_add(&f, 0, "a", 2);
  store_forget_idle(&f.b, &f.b.sets[0], 100000);
  expect_left("a");
  assert_int_equal(episode_end_due(&f.b, 100000, &f.end), 1);
  expect_left("a");
  store_forget_idle(&f.b, &f.b.sets[0], 100000);
  expect_left("");
  books_close(&f);
}

/* What was known of the old clock must not hide what is old by the new one. */
static void clock_went_back(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 10, 10, 100);
  books_add(&f, 0, "a", 5000);
  store_forget_idle(&f.b, &f.b.sets[0], 5001);
  store_clear(&f.b);
  books_add(&f, 0, "b", 10);
  store_forget_idle(&f.b, &f.b.sets[0], 109);
  expect_left("b");
  store_forget_idle(&f.b, &f.b.sets[0], 110);
  expect_left("");
  books_close(&f);
}

static void before_1970(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 10, 10, 100);
  books_add(&f, 0, "a", -5000);
  store_forget_idle(&f.b, &f.b.sets[0], -4901);
  expect_left("a");
  store_forget_idle(&f.b, &f.b.sets[0], -4900);
  expect_left("");
  books_close(&f);
}

static void a_few_at_a_time(void **state)
{
  char key[16];
  size_t before;
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 10, 10, 100000);
  for (int i = 0; i < 1000; i++) {
    snprintf(key, sizeof key, "k%d", i);
    books_add(&f, 0, key, i);
    if (i % 2)
      books_add(&f, 0, key, i);
  }
  before = keys();
  assert_int_equal(before, 1000);
  for (int i = 0; keys(); i++) {
    store_forget_idle(&f.b, &f.b.sets[0], 1000000);
    assert_true(before - keys() > 1 && before - keys() <= 2 * IDLE_STEP);
    before = keys();
    assert_true(i < 500);
  }
  books_close(&f);
}

/* Keys of one event each, for ever: what is remembered is what a period holds. */
static void memory_of_a_stream(void **state)
{
  char key[16];
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 10, 10, 100);
  for (int i = 0; i < 100000; i++) {
    snprintf(key, sizeof key, "k%d", i);
    assert_int_equal(books_count(&f, 0, key, i), 1);
    assert_true(f.mem.used <= 101);
  }
  assert_true(keys() >= 100);
  books_close(&f);
}

static void kept_for_the_report(void **state)
{
  (void)state;
  books_open(&f, 1);
  store_open_set(&f.b, 10, 10, 100);
  books_add(&f, 0, "a", 1);
  books_add(&f, 0, "b", 1);
  books_add(&f, 0, "b", 1);
  store_forget_idle(&f.b, &f.b.sets[0], 1000000);
  expect_left("ab");
  store_clear(&f.b);
  store_forget_idle(&f.b, &f.b.sets[0], 1000000);
  expect_left("ab");
  store_close_set(&f.b, 0);
  expect_left("");
  store_forget_idle(&f.b, &f.b.sets[0], 1000000);
  assert_int_equal(f.mem.used, 0);
  books_close(&f);
}

/* Two rules: a, b and c have one event each, d and e have two, f is over. */
static void eviction_order(void **state)
{
  static char const *const left[] = {"bcdef", "bdef", "def", "df", "f"};
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 4, 4, 10000);
  store_open_set(&f.b, 4, 4, 10000);
  books_add(&f, 0, "d", 1);
  for (int i = 0; i < 5; i++)
    books_add(&f, 1, "f", 2);
  books_add(&f, 1, "e", 3);
  books_add(&f, 1, "e", 4);
  books_add(&f, 0, "a", 10);
  books_add(&f, 1, "c", 11);
  books_add(&f, 0, "b", 12);
  books_add(&f, 0, "d", 13);
  expect_left("abcdef");
  for (size_t i = 0; i < 5; i++) {
    assert_int_equal(store_evict(&f.b), 1);
    expect_left(left[i]);
    assert_int_equal(f.b.evicted, i + 1);
  }
  assert_int_equal(store_evict(&f.b), 0);
  expect_left("f");
  assert_int_equal(f.b.evicted, 5);
  books_close(&f);
}

static void doomed_first(void **state)
{
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 4, 4, 10000);
  store_open_set(&f.b, 4, 4, 10000);
  books_add(&f, 0, "a", 1);
  books_add(&f, 1, "b", 2);
  books_add(&f, 1, "b", 3);
  store_close_set(&f.b, 1);
  assert_int_equal(keys(), 2);
  assert_int_equal(store_evict(&f.b), 1);
  assert_int_equal(keys(), 1);
  expect_left("a");
  assert_int_equal(f.b.evicted, 0);
  books_close(&f);
}

static void evict_gives_cells(void **state)
{
  char key[64];
  (void)state;
  books_open(&f, 0);
  store_open_set(&f.b, 10, 10, 10000);
  for (int i = 0; i < 100; i++) {
    snprintf(key, sizeof key, "%d-%0*d", i, i % 50, 7);
    for (int k = 0; k <= i % 3; k++)
      books_add(&f, 0, key, i);
  }
  for (size_t used = f.mem.used; used; used = f.mem.used) {
    assert_int_equal(store_evict(&f.b), 1);
    assert_true(f.mem.used < used);
  }
  assert_int_equal(keys(), 0);
  books_close(&f);
}

/* At the cap the newest keys are known, and the count of what was given up is exact. */
static void at_the_cap(void **state)
{
  char key[16];
  (void)state;
  books_within(&f, 2 * POOL_CHUNK, 0);
  store_open_set(&f.b, 10, 10, 1000000);
  for (int i = 0; i < 5000; i++) {
    snprintf(key, sizeof key, "k%d", i);
    assert_int_equal(books_count(&f, 0, key, i), 1);
  }
  assert_int_equal(keys(), POOL_CELLS);
  assert_int_equal(f.b.evicted, 5000 - POOL_CELLS);
  for (int i = 5000 - POOL_CELLS / 2; i < 5000; i++) {
    snprintf(key, sizeof key, "k%d", i);
    if (i % 10 == 0)
      assert_int_equal(books_count(&f, 0, key, 5000), 2);
  }
  books_close(&f);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "a key is forgotten when its last event is a period old, not before", a_period_old);
  rows_one(&list, "keys with many events are, too", many_too);
  rows_one(&list, "an event makes a key young again", used_again);
  rows_one(&list, "one that is over stays until its end", one_over_stays);
  rows_one(&list, "after the clock went back they are forgotten by the new one", clock_went_back);
  rows_one(&list, "before 1970, too", before_1970);
  rows_one(&list, "keys go a few at a time, and all in the end", a_few_at_a_time);
  rows_one(&list, "a stream of new keys takes the memory of one period", memory_of_a_stream);
  rows_one(&list, "for the report idle keys stay, doomed ones do not", kept_for_the_report);
  rows_one(&list, "evicted are single ones, then others, each idle longest first, never one over",
           eviction_order);
  rows_one(&list, "doomed ones are evicted before all others, and not counted", doomed_first);
  rows_one(&list, "each eviction gives cells back", evict_gives_cells);
  rows_one(&list, "at the memory cap new keys replace those idle longest", at_the_cap);
  return rows_run(&list, "idle");
}
