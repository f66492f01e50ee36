#include "base/span.h"
#include <time.h>

static int64_t clock_read(clockid_t clock)
{
  struct timespec t = {0, 0};
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

moment moment_now(void)
{
  return (moment){clock_read(CLOCK_REALTIME), clock_read(CLOCK_MONOTONIC)};
}
