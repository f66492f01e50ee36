#include "log/blanks.h"

#include "base/scan.h"

int blanks_take(span *in)
{
  return !in->len || (scan_lit(in, " ") && (scan_lit(in, " ") || 1));
}
