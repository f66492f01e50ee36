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

size_t label_scan(int64_t *seconds, uint32_t *nano, span in)
{
  uint64_t high, low, label;
  if (in.len < LABEL_FMT || in.s[0] != '@')
    return 0;
  high = eight_load(in.s + 1);
  low = eight_load(in.s + 9);
  if (!label_nano(nano, in.s) || label_hex_bad(low) || (high != HIGH && label_hex_bad(high)))
    return 0;
  label = (uint64_t)(high == HIGH ? 0x40000000 : label_hex_value(high)) << 32 | label_hex_value(low);
  *seconds = label > INT64_MAX ? INT64_MAX : (int64_t)label - EPOCH;
  return LABEL_FMT;
}
