/* tai64n.h - TAI64N labels by multilog's convention: '@', 2^62 + Unix seconds + 10 in 16 lower-case hex
 * digits, then the nanoseconds in 8, so that tai64nlocal(8) shows the right time. */
#ifndef BASE_TAI64N_H
#define BASE_TAI64N_H

#include "base/scan.h"
#include "base/span.h"
#include <stddef.h>
#include <stdint.h>

#define LABEL_FMT 25
#define LABEL_SECOND 16 /* of those, after the '@': the digits of the second */

/* Writes the label of when (nanoseconds since the Unix epoch, may be negative) to out, LABEL_FMT bytes
 * without a terminator. Returns LABEL_FMT. */
extern size_t label_fmt(char *out, int64_t when);

/* Reads the label at the start of in: *seconds since the Unix epoch, and *nano below 10^9.
 * A label that TAI64 reserves (top bit set) is one too; its *seconds are INT64_MAX.
 * Returns LABEL_FMT, or 0 if there is no label (upper-case digits and 10^9 nanoseconds make none). */
extern size_t label_scan(int64_t *seconds, uint32_t *nano, span in);

/* In each byte of the answer the top bit is set if that byte of x is no lower-case hex digit. */
static inline uint64_t label_hex_bad(uint64_t x)
{
  return eight_outside(x, '0', '9') & eight_outside(x, 'a', 'f');
}

/* The value of eight valid digits: bytes to nibbles, then neighbours joined, 2, 4 and 8 at a time. */
static inline uint32_t label_hex_value(uint64_t x)
{
  x = (x & EIGHT(15u)) + (x >> 6 & EIGHT(1u)) * 9;
  x = (x << 4 | x >> 8) & 0x00ff00ff00ff00ff;
  x = (x << 8 | x >> 16) & 0x0000ffff0000ffff;
  return (uint32_t)(x << 16 | x >> 32);
}

/* Reads the nanoseconds of a label, the last eight of its LABEL_FMT bytes at s. Returns 1, or 0 if they are
 * none below 10^9. */
static inline int label_nano(uint32_t *nano, char const *s)
{
  uint64_t digits = eight_load(s + LABEL_SECOND + 1);

  *nano = label_hex_value(digits);
  return !label_hex_bad(digits) && *nano < 1000000000;
}

#endif
