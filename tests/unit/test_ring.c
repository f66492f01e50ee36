#include "rows.h"

#include "chance.h"
#include "count/ring.h"
#include <errno.h>

#define EVENTS 60000

/* The naive window: every event ever, and what of it is inside. */
typedef struct {
  int64_t when[EVENTS];
  uint64_t weight[EVENTS];
  size_t first, count;
} naive;

static uint64_t sum_after(naive *l, int64_t until)
{
  uint64_t sum = 0;
  while (l->first < l->count && l->when[l->first] <= until)
    l->first++;
  for (size_t i = l->first; i < l->count; i++)
    sum += l->weight[i];
  return sum;
}

static void add(ring *r, pool *mem, int64_t when, uint64_t weight, int64_t tolerance)
{
  uint64_t w = weight;
  assert_int_equal(ring_add(r, mem, when, &w, tolerance), 1);
  assert_true(w == weight);
}

static void half_open(void **state)
{
  ring r = {.sum = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  add(&r, &mem, 100, 1, 0);
  ring_forget(&r, &mem, 99);
  assert_int_equal(r.sum, 1);
  ring_forget(&r, &mem, 100);
  assert_int_equal(r.sum, 0);
  assert_int_equal(r.entries, 0);
  assert_int_equal(mem.used, 0);
  pool_close(&mem);
}

static void forget_nothing(void **state)
{
  ring r = {.sum = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  ring_forget(&r, &mem, INT64_MAX);
  ring_clear(&r, &mem);
  assert_int_equal(r.sum, 0);
  assert_int_equal(mem.bytes, 0);
  pool_close(&mem);
}

static void same_instant(void **state)
{
  ring r = {.sum = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (int i = 0; i < 100000; i++)
    add(&r, &mem, 7, 3, 0);
  assert_int_equal(r.sum, 300000);
  assert_int_equal(r.entries, 1);
  assert_int_equal(mem.used, 1);
  pool_close(&mem);
}

static void times_below_zero(void **state)
{
  ring r = {.sum = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  add(&r, &mem, -100, 1, 10);
  add(&r, &mem, -50, 2, 10);
  add(&r, &mem, 0, 4, 10);
  ring_forget(&r, &mem, -51);
  assert_int_equal(r.sum, 6);
  ring_forget(&r, &mem, -50);
  assert_int_equal(r.sum, 4);
  pool_close(&mem);
}

/* Weights whose sum 64 bits cannot hold: cut at adding, so that forgetting never goes below zero. */
static void weights_saturate(void **state)
{
  ring r = {.sum = 0};
  uint64_t w = UINT64_MAX - 5;
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  assert_int_equal(ring_add(&r, &mem, 1, &w, 0), 1);
  assert_true(w == UINT64_MAX - 5);
  w = 9;
  assert_int_equal(ring_add(&r, &mem, 2, &w, 0), 1);
  assert_int_equal(w, 5);
  assert_true(r.sum == UINT64_MAX);
  w = UINT64_MAX;
  assert_int_equal(ring_add(&r, &mem, 3, &w, 0), 1);
  assert_int_equal(w, 0);
  assert_true(r.sum == UINT64_MAX);
  ring_forget(&r, &mem, 1);
  assert_int_equal(r.sum, 5);
  ring_forget(&r, &mem, 3);
  assert_int_equal(r.sum, 0);
  assert_int_equal(r.entries, 0);
  pool_close(&mem);
}

static void places(void **state)
{
  ring r = {.sum = 0};
  ring_place p;
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (int i = 0; i < 20; i++)
    add(&r, &mem, i, (uint64_t)i * 10, 0);
  ring_forget(&r, &mem, 3);
  p = ring_oldest(&r);
  for (int i = 4; i < 20; i++) {
    assert_int_equal(ring_at(&mem, p).when, i);
    assert_int_equal(ring_at(&mem, p).weight, i * 10);
    if (i < 19)
      p = ring_after(&mem, p);
  }
  assert_int_equal(p.block, ring_newest(&r).block);
  assert_int_equal(p.i, ring_newest(&r).i);
  pool_close(&mem);
}

static void cleared_at_all_lengths(void **state)
{
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (int64_t added = 0; added < 30; added++)
    for (int64_t forgotten = 0; forgotten <= added; forgotten++) {
      ring r = {.sum = 0};
      for (int64_t i = 0; i < added; i++)
        add(&r, &mem, i, 1, 0);
      ring_forget(&r, &mem, forgotten - 1);
      assert_int_equal(r.sum, added - forgotten);
      ring_clear(&r, &mem);
      assert_int_equal(mem.used, 0);
      assert_int_equal(r.sum, 0);
      add(&r, &mem, 100, 5, 0);
      assert_int_equal(r.sum, 5);
      ring_clear(&r, &mem);
    }
  pool_close(&mem);
}

static void no_memory(void **state)
{
  ring r = {.sum = 0};
  uint64_t w = 5;
  pool mem;
  (void)state;
  pool_open(&mem, POOL_CHUNK, 0, 0);
  while (pool_take(&mem))
    ;
  errno = 0;
  assert_int_equal(ring_add(&r, &mem, 1, &w, 0), 0);
  assert_int_equal(errno, ENOMEM);
  assert_int_equal(r.sum, 0);
  assert_int_equal(r.head, 0);
  pool_give(&mem, 1);
  for (int i = 1; i <= 3; i++)
    add(&r, &mem, i, 1, 0);
  errno = 0;
  assert_int_equal(ring_add(&r, &mem, 4, &w, 0), 0);
  assert_int_equal(errno, ENOMEM);
  assert_int_equal(r.sum, 3);
  assert_int_equal(r.entries, 3);
  ring_forget(&r, &mem, 2);
  assert_int_equal(r.sum, 1);
  pool_close(&mem);
}

typedef struct {
  char const *name;
  int64_t period;
  uint64_t step;   /* events are up to twice this apart */
  uint64_t weight; /* at most */
  int exact;       /* a period holds fewer than RING_EXACT events */
} random_row;

static random_row const randoms[] = {
    {"sparse events are summed exactly", 1000, 300, 1, 1},
    {"about 1,000 events a period are summed exactly", 1 << 20, 1 << 10, 1, 1},
    {"about 3,900 weighed events a period are summed exactly", 3900 << 10, 1 << 10, 1000, 1},
    {"10,000 events a period are at most a tolerance off", 10000 << 10, 1 << 10, 1, 0},
    {"20,000 weighed events a period are at most a tolerance off", 20000 << 10, 1 << 10, 1000, 0},
    {"a period shorter than its events are apart on average", 10, 100, 5, 1},
    {"a period of which a tolerance is nothing", 1000, 1, 7, 1},
};

/* The sum is never too low, and too high by no more than events that left less than a tolerance ago. */
static void like_a_list(void **state)
{
  random_row const *row = ROWS_ROW(random_row, state);
  static naive events, generous;
  int64_t tolerance = row->period / 1024, now = -row->period;
  uint64_t dice = row->step;
  ring r = {.sum = 0};
  pool mem;
  pool_open(&mem, 4 << 20, 0, 0);
  events.first = events.count = generous.first = generous.count = 0;
  for (size_t i = 0; i < EVENTS; i++) {
    uint64_t weight = 1 + chance_below(&dice, row->weight);
    now += (int64_t)chance_below(&dice, 2 * row->step);
    ring_forget(&r, &mem, now - row->period);
    add(&r, &mem, now, weight, tolerance);
    assert_true(r.entries <= RING_EXACT + 1025);
    assert_true(mem.used <= r.entries / 3 + 2u);
    events.when[i] = generous.when[i] = now;
    events.weight[i] = generous.weight[i] = weight;
    events.count = generous.count = i + 1;
    if (chance_below(&dice, 50) && i)
      continue;
    assert_true(r.sum >= sum_after(&events, now - row->period));
    assert_true(r.sum <= sum_after(&generous, now - row->period - (row->exact ? 0 : tolerance)));
  }
  ring_forget(&r, &mem, now);
  assert_int_equal(r.sum, 0);
  assert_int_equal(mem.used, 0);
  pool_close(&mem);
}

/* 5,000 events 10 apart, then one after the other leaves: never a tolerance too late. */
static void leaves_in_time(void **state)
{
  int64_t period = 100000, tolerance = period / 1024;
  ring r = {.sum = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 4 << 20, 0, 0);
  for (int i = 0; i < 9000; i++)
    add(&r, &mem, i * 10, 1, tolerance);
  assert_true(r.entries > RING_EXACT);
  assert_true(r.entries < 9000);
  for (int64_t now = period; now < 2 * period; now += 3) {
    int64_t until = now - period;
    uint64_t left = until >= 89990 ? 0 : (uint64_t)(8999 - until / 10);
    uint64_t most = until - tolerance >= 89990 ? 0
                    : until < tolerance        ? 9000
                                           : (uint64_t)(8999 - (until - tolerance) / 10);
    ring_forget(&r, &mem, until);
    assert_true(r.sum >= left && r.sum <= most);
  }
  assert_int_equal(r.entries, 0);
  pool_close(&mem);
}

/* Up to 4,096 events nothing is shared, however close they are. */
static void exact_at_the_border(void **state)
{
  ring r = {.sum = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (int i = 0; i < RING_EXACT; i++)
    add(&r, &mem, i, 1, 1000000);
  assert_int_equal(r.entries, RING_EXACT);
  for (int i = 0; i < 100; i++) {
    ring_forget(&r, &mem, i);
    assert_int_equal(r.sum, RING_EXACT - 1 - i);
  }
  pool_close(&mem);
}

/* Entry 4,096 begins at the time of the last event. */
static void shared_within_a_grain(void **state)
{
  ring r = {.sum = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (int i = 0; i < RING_EXACT; i++)
    add(&r, &mem, i * 10, 1, 5);
  add(&r, &mem, (RING_EXACT - 1) * 10 + 5, 1, 5);
  assert_int_equal(r.entries, RING_EXACT);
  add(&r, &mem, (RING_EXACT - 1) * 10 + 6, 1, 5);
  assert_int_equal(r.entries, RING_EXACT + 1);
  pool_close(&mem);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "an event counts until, not including, its end", half_open);
  rows_one(&list, "an empty ring has nothing to forget", forget_nothing);
  rows_one(&list, "events at one instant take one entry", same_instant);
  rows_one(&list, "times before 1970 are times", times_below_zero);
  rows_one(&list, "weights near 2^64 are cut, and the sum comes back to zero", weights_saturate);
  rows_one(&list, "places lead from the oldest entry to the newest", places);
  rows_one(&list, "clearing gives back every cell, whatever was added and forgotten", cleared_at_all_lengths);
  rows_one(&list, "without memory the ring stays as it was", no_memory);
  ROWS_ADD(&list, randoms, like_a_list);
  rows_one(&list, "events that share an entry leave less than a tolerance late, never early", leaves_in_time);
  rows_one(&list, "4,096 events are kept apart, however close", exact_at_the_border);
  rows_one(&list, "beyond, events share an entry if they lie within a tolerance", shared_within_a_grain);
  return rows_run(&list, "ring");
}
