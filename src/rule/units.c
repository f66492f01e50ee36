#include "rule/units.h"
#include "base/num.h"
#include <stdio.h>

#define SECOND INT64_C(1000000000)

typedef struct {
  char name;
  uint32_t factor;
} unit;

static unit const amounts[] = {{'k', 1000}, {'M', 1000000}, {'G', 1000000000}, {0, 0}};
static unit const periods[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}, {0, 0}};

static uint32_t unit_factor(unit const *units, char name)
{
  while (units->name && units->name != name)
    units++;
  return units->factor;
}

static unit_problem read_with_unit(uint64_t *u, span in, unit const *units, span *at)
{
  uint64_t n;
  *at = in;
  if (!in.len || *in.s < '0' || *in.s > '9')
    return UNIT_EMPTY;
  size_t digits = num_scan(&n, in);
  if (!digits)
    return UNIT_LARGE;
  span rest = {in.s + digits, in.len - digits};
  uint32_t factor = rest.len ? unit_factor(units, *rest.s) : 1;
  if (rest.len > 1 || !factor) {
    *at = rest;
    return UNIT_UNKNOWN;
  }
  if (__builtin_mul_overflow(n, factor, u))
    return UNIT_LARGE;
  return UNIT_FINE;
}

unit_problem unit_amount(uint64_t *u, span in, span *at)
{
  return read_with_unit(u, in, amounts, at);
}

unit_problem unit_period(int64_t *period, span in, span *at)
{
  uint64_t seconds;
  unit_problem problem = read_with_unit(&seconds, in, periods, at);
  if (problem)
    return problem;
  if (!seconds)
    return UNIT_ZERO;
  if (seconds > UNIT_DAYS * UINT64_C(86400))
    return UNIT_LARGE;
  *period = (int64_t)seconds * SECOND;
  return UNIT_FINE;
}

size_t unit_period_fmt(char *out, int64_t period)
{
  char text[UNIT_FMT];
  int64_t seconds = period / SECOND;
  unit const *u = &periods[3];
  while (seconds % u->factor)
    u--;
  int n = snprintf(text, sizeof text, "%lld%c", (long long)(seconds / u->factor), u->name);
  memcpy(out, text, (size_t)n);
  return (size_t)n;
}
