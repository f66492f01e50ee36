#include "base/scan.h"

size_t num_scan(uint64_t *u, span in)
{
  uint64_t n = 0;
  size_t i = 0;

  for (; i < in.len; i++) {
    unsigned digit = (unsigned char)in.s[i] - (unsigned)'0';
    if (digit > 9)
      break;
    if (n >= UINT64_MAX / 10 && (n > UINT64_MAX / 10 || digit > UINT64_MAX % 10))
      return 0;
    n = n * 10 + digit;
  }
  if (i)
    *u = n;
  return i;
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
