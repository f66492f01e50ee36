/* tai64n.h - TAI64N labels by multilog's convention: '@', 2^62 + Unix seconds + 10 in 16 lower-case hex
 * digits, then the nanoseconds in 8, so that tai64nlocal(8) shows the right time. */
#ifndef BASE_TAI64N_H
#define BASE_TAI64N_H

#include "base/scan.h"
#include "base/span.h"
#include <stddef.h>
#include <stdint.h>

#define LABEL_FMT 25

/* Writes the label of when (nanoseconds since the Unix epoch, may be negative) to out, LABEL_FMT bytes
 * without a terminator. Returns LABEL_FMT. */
extern size_t label_fmt(char *out, int64_t when);

/* Reads the label at the start of in: *seconds since the Unix epoch, and *nano below 10^9.
 * A label that TAI64 reserves (top bit set) is one too; its *seconds are INT64_MAX.
 * Returns LABEL_FMT, or 0 if there is no label (upper-case digits and 10^9 nanoseconds make none). */
extern size_t label_scan(int64_t *seconds, uint32_t *nano, span in);

/* Is all of it one label? */
extern int label_is(span in);

#endif
