#include "base/lower.h"
#include "base/eight.h"

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
