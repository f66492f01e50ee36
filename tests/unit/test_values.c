#include "rows.h"

#include "chance.h"
#include "count/counter.h"
#include "count/distinct.h"
#include <errno.h>

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
#define NAMES 24
static int64_t last[NAMES];

static uint64_t in_window(int64_t until)
{
  uint64_t n = 0;
  for (int x = 0; x < NAMES; x++)
    n += last[x] > until;
  return n;
}

static size_t newest(void)
{
  size_t found = 0;
  for (size_t x = 0; x < NAMES; x++)
    found = last[x] > last[found] ? x : found;
  return found;
}

static size_t oldest(void)
{
  size_t found = newest();
  for (size_t x = 0; x < NAMES; x++)
    found = last[x] != INT64_MIN && last[x] < last[found] ? x : found;
  return found;
}

static void as_counted_afresh(void **state)
{
  (void)state;
  open_values(1 << 20);
  for (uint64_t round = 1; round < 400; round++) {
    uint64_t seed = round, newer = 0;
    distinct_set s = {0};
    cell place = 0, none = 0;
    for (int x = 0; x < NAMES; x++)
      last[x] = INT64_MIN;
    for (int64_t now = 0, step = 0; step < 200; step++) {
      uint64_t x = chance_below(&seed, NAMES), kind = chance_below(&seed, 30);
      now += (int64_t)chance_below(&seed, 4);
      if (!kind) {
        int64_t until = now - (int64_t)chance_below(&seed, 40);
        if (place && distinct_when(&mem, place) <= until)
          place = 0;
        distinct_forget(&v, &s, until);
        for (int i = 0; i < NAMES; i++)
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
      for (uint64_t i = 0; i < NAMES; i++) {
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
  rows_one(&list, "each set has values of its own", sets_are_apart);
  rows_one(&list, "an empty set has nothing to find or forget", an_empty_set_has_nothing);
  rows_one(&list, "what was left behind is not found again", left_behind);
  rows_one(&list, "other cells of the table are no values", other_cells_in_the_table);
  rows_one(&list, "without memory nothing is added, and what is there can come again", no_memory);
  rows_one(&list, "up to four values share a cell", few_share_a_cell);
  rows_one(&list, "beyond 65,536 values the one whose event is oldest goes", at_most_65536);
  rows_one(&list, "sets and places are as if counted afresh each time", as_counted_afresh);
  return rows_run(&list, "values");
}
