#include "base/tai64n.h"

#define EPOCH (((int64_t)1 << 62) + 10)
#define HIGH (EIGHT('0') + '4' - '0') /* "40000000", as all labels of 1970 to 2106 begin */

static void hex_fmt(char *out, uint64_t u, int digits)
{
  while (digits--) {
    out[digits] = "0123456789abcdef"[u & 15];
    u >>= 4;
  }
}

size_t label_fmt(char *out, int64_t when)
{
  int64_t seconds = when / SECOND, nano = when % SECOND;
  if (nano < 0) {
    nano += SECOND;
    seconds--;
  }
  out[0] = '@';
  hex_fmt(out + 1, (uint64_t)(EPOCH + seconds), 16);
  hex_fmt(out + 17, (uint64_t)nano, 8);
  return LABEL_FMT;
}

/* In each byte of the answer the top bit is set if that byte of x is no lower-case hex digit. */
static uint64_t hex_bad(uint64_t x)
{
  return eight_outside(x, '0', '9') & eight_outside(x, 'a', 'f');
}

/* The value of eight valid digits: bytes to nibbles, then neighbours joined, 2, 4 and 8 at a time. */
static uint32_t hex_value(uint64_t x)
{
  x = (x & EIGHT(15u)) + (x >> 6 & EIGHT(1u)) * 9;
  x = (x << 4 | x >> 8) & 0x00ff00ff00ff00ff;
  x = (x << 8 | x >> 16) & 0x0000ffff0000ffff;
  return (uint32_t)(x << 16 | x >> 32);
}

size_t label_scan(int64_t *seconds, uint32_t *nano, span in)
{
  uint64_t high, low, label, digits;
  if (in.len < LABEL_FMT || in.s[0] != '@')
    return 0;
  high = eight_load(in.s + 1);
  low = eight_load(in.s + 9);
  digits = eight_load(in.s + 17);
  *nano = hex_value(digits);
  if (hex_bad(digits) || *nano >= SECOND || hex_bad(low) || (high != HIGH && hex_bad(high)))
    return 0;
  label = (uint64_t)(high == HIGH ? 0x40000000 : hex_value(high)) << 32 | hex_value(low);
  *seconds = label > INT64_MAX ? INT64_MAX : (int64_t)label - EPOCH;
  return LABEL_FMT;
}

int label_is(span in)
{
  int64_t seconds;
  uint32_t nano;

  return in.len == LABEL_FMT && label_scan(&seconds, &nano, in) == LABEL_FMT;
}
