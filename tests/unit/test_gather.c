#include "rows.h"

#include "pipe/batch.h"

#define MS INT64_C(1000000)

static gather fresh(void)
{
  return (gather){.enough = GATHER_ENOUGH, .until = INT64_MAX};
}

static void little_waits(void **state)
{
  gather g = fresh();
  (void)state;
  assert_int_equal(gather_take(&g, 1, 100 * MS), 0);
  assert_int_equal(g.until, 120 * MS);
  assert_int_equal(gather_take(&g, 500, 120 * MS - 1), 0);
  assert_int_equal(g.until, 120 * MS);
  assert_int_equal(gather_take(&g, 500, 120 * MS), 1);
  assert_int_equal(g.until, INT64_MAX);
}

static void much_does_not(void **state)
{
  gather g = fresh();
  (void)state;
  assert_int_equal(gather_take(&g, GATHER_ENOUGH, 100 * MS), 1);
  assert_int_equal(g.until, INT64_MAX);
}

static void ended_early(void **state)
{
  gather g = fresh();
  (void)state;
  gather_take(&g, 1, 100 * MS);
  gather_end(&g);
  assert_int_equal(g.until, INT64_MAX);
  assert_int_equal(gather_take(&g, 1, 101 * MS), 0);
  assert_int_equal(g.until, 121 * MS);
}

/* 32 KiB came in 20 ms, so the next 16 are there in 10. */
static void pace(void **state)
{
  gather g = fresh();
  (void)state;
  gather_take(&g, 100, 100 * MS);
  assert_int_equal(gather_take(&g, 2 * GATHER_ENOUGH, 120 * MS), 1);
  assert_int_equal(gather_take(&g, 100, 200 * MS), 0);
  assert_int_equal(g.until, 210 * MS);
  assert_int_equal(gather_take(&g, 3000, 210 * MS), 0);
  assert_int_equal(g.until, 220 * MS);
}

/* Input that comes again at once needs no wake-up of its own, and still waits for 20 ms at most. */
static void dense(void **state)
{
  gather g = fresh();
  (void)state;
  gather_take(&g, 100, 100 * MS);
  assert_int_equal(gather_take(&g, 100, 120 * MS), 1);
  assert_int_equal(g.until, INT64_MAX);
  gather_take(&g, 10, 120 * MS + 1);
  assert_int_equal(gather_take(&g, 100, 140 * MS + 1), 1);
  assert_int_equal(g.until, 160 * MS + 1);
  assert_int_equal(gather_take(&g, 100, 160 * MS + 1), 1);
  assert_int_equal(g.until, 180 * MS + 1);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "little input waits for 20 ms", little_waits);
  rows_one(&list, "16 KiB do not wait", much_does_not);
  rows_one(&list, "a wait that is ended begins anew", ended_early);
  rows_one(&list, "it is looked at when 16 KiB would have come, at the pace of last time", pace);
  rows_one(&list, "where input comes again at once, waits follow each other", dense);
  return rows_run(&list, "gather");
}
