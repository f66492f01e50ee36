#include "rows.h"

#include "base/span.h"
#include <time.h>

static int64_t shown(clockid_t clock)
{
  struct timespec t;
  assert_int_equal(clock_gettime(clock, &t), 0);
  return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

/* Read in between, it lies in between. */
static void both_clocks(void **state)
{
  (void)state;
  for (int i = 0; i < 1000; i++) {
    int64_t wall = shown(CLOCK_REALTIME), mono = shown(CLOCK_MONOTONIC);
    moment m = moment_now();
    assert_true(wall <= m.wall && m.wall <= shown(CLOCK_REALTIME));
    assert_true(mono <= m.mono && m.mono <= shown(CLOCK_MONOTONIC));
  }
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "a moment is what both clocks of the machine show", both_clocks);
  return rows_run(&list, "moment");
}
