/* units.h - whole numbers with a unit behind them: amounts (10k) and periods (30m), never rounded, never
 * overflowing. */
#ifndef RULE_UNITS_H
#define RULE_UNITS_H

#include "base/span.h"
#include <stdint.h>

typedef enum {
  UNIT_FINE,
  UNIT_EMPTY,   /* does not begin with a digit */
  UNIT_UNKNOWN, /* what stands behind the digits is no unit */
  UNIT_LARGE,   /* 2^64 or more, or a period of more than UNIT_DAYS */
  UNIT_ZERO     /* a period of 0 */
} unit_problem;

#define UNIT_DAYS 400
#define UNIT_FMT 32 /* more than unit_period_fmt ever writes */

/* Reads all of in: digits and, for thousands, millions and billions, k, M or G.
 * Returns UNIT_FINE with *u set, or what is wrong, and then *at is the part of in that is. */
extern unit_problem unit_amount(uint64_t *u, span in, span *at);

/* Reads all of in: digits and s, m, h, d or w; without a unit, seconds. *period becomes nanoseconds, 1 second
 * to UNIT_DAYS days. Returns as unit_amount. */
extern unit_problem unit_period(int64_t *period, span in, span *at);

/* Writes period (nanoseconds, a multiple of a second) in the largest of d, h, m, s that divides it; no
 * terminator. Returns the length. */
extern size_t unit_period_fmt(char *out, int64_t period);

#endif
