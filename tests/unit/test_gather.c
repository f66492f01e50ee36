#include "rows.h"

#include "pipe/batch.h"

#define MS INT64_C(1000000)

static gather fresh(void)
{
  return (gather){.until = INT64_MAX};
}

static void little_waits(void **state)
{
  gather g = fresh();
  (void)state;
  assert_int_equal(gather_take(&g, 1, 100 * MS), 0);
  assert_int_equal(g.until, 102 * MS);
  assert_int_equal(gather_take(&g, 500, 102 * MS - 1), 0);
  assert_int_equal(g.until, 102 * MS);
  assert_int_equal(gather_take(&g, 500, 102 * MS), 1);
  assert_int_equal(g.until, INT64_MAX);
}

static void much_does_not(void **state)
{
  gather g = fresh();
  (void)state;
  assert_int_equal(gather_take(&g, GATHER_ENOUGH, 100 * MS), 1);
  assert_int_equal(g.until, INT64_MAX);
}

static void nothing_is_not_taken(void **state)
{
  gather g = fresh();
  (void)state;
  assert_int_equal(gather_take(&g, 0, 100 * MS), 0);
  assert_int_equal(g.until, INT64_MAX);
  gather_take(&g, 1, 100 * MS);
  assert_int_equal(gather_take(&g, 0, 101 * MS), 0);
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
  assert_int_equal(g.until, 103 * MS);
}

/* 8,192 bytes came in 2 ms, so the next 4,096 are there in one. */
static void pace(void **state)
{
  gather g = fresh();
  (void)state;
  gather_take(&g, 100, 100 * MS);
  assert_int_equal(gather_take(&g, 2 * GATHER_ENOUGH, 102 * MS), 1);
  assert_int_equal(gather_take(&g, 100, 200 * MS), 0);
  assert_int_equal(g.until, 201 * MS);
  assert_int_equal(gather_take(&g, 3000, 201 * MS), 0);
  assert_int_equal(g.until, 202 * MS);
}

/* Input that comes again at once needs no wake-up of its own, and still waits for 2 ms at most. */
static void dense(void **state)
{
  gather g = fresh();
  (void)state;
  gather_take(&g, 100, 100 * MS);
  assert_int_equal(gather_take(&g, 100, 102 * MS), 1);
  assert_int_equal(g.until, INT64_MAX);
  gather_take(&g, 10, 102 * MS + 1);
  assert_int_equal(gather_take(&g, 100, 104 * MS + 1), 1);
  assert_int_equal(g.until, 106 * MS + 1);
  assert_int_equal(gather_take(&g, 100, 106 * MS + 1), 1);
  assert_int_equal(g.until, 108 * MS + 1);
  assert_int_equal(gather_take(&g, 0, 108 * MS + 1), 0);
  assert_int_equal(g.until, INT64_MAX);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "little input waits for 2 ms", little_waits);
  rows_one(&list, "4 KiB do not wait", much_does_not);
  rows_one(&list, "no input is not taken, and nothing is waited for", nothing_is_not_taken);
  rows_one(&list, "a wait that is ended begins anew", ended_early);
  rows_one(&list, "it is looked at when 4 KiB would have come, at the pace of last time", pace);
  rows_one(&list, "where input comes again at once, waits follow each other", dense);
  return rows_run(&list, "gather");
}
