#include "base/scan.h"

/* Digits at the start of x, one to eight, as a number: they are moved up so that zeros stand before them. */
static uint64_t value(uint64_t x, unsigned digits)
{
  return eight_decimal((x & EIGHT(15u)) << (64 - 8 * digits));
}

/* Eight digits, which are x, and any number behind them. */
static size_t scan_long(uint64_t *u, span in, uint64_t x)
{
  uint64_t n = value(x, 8);
  size_t i = 8;

  for (; i < in.len; i++) {
    unsigned digit = (unsigned char)in.s[i] - (unsigned)'0';
    if (digit > 9)
      break;
    if (n >= UINT64_MAX / 10 && (n > UINT64_MAX / 10 || digit > UINT64_MAX % 10))
      return 0;
    n = n * 10 + digit;
  }
  *u = n;
  return i;
}

size_t num_scan(uint64_t *u, span in)
{
  uint64_t x = eight_first(in.s, in.len), others = eight_outside(x, '0', '9');
  unsigned digits;

  if (!others)
    return scan_long(u, in, x);
  digits = eight_before(others);
  if (digits)
    *u = value(x, digits);
  return digits;
}

void lower_copy(char *out, span in)
{
  size_t i = 0;

  for (; i + 8 <= in.len; i += 8)
    eight_store(out + i, eight_lower(eight_load(in.s + i)));
  if (in.len >= 8) /* the last eight again, since it is no trouble to lower a letter twice */
    eight_store(out + in.len - 8, eight_lower(eight_load(in.s + in.len - 8)));
  else
    for (; i < in.len; i++)
      out[i] = lower(in.s[i]);
}

int blanks_take(span *in)
{
  return !in->len || (scan_lit(in, " ") && (scan_lit(in, " ") || 1));
}
