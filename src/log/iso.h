/* iso.h - dates as ISO 8601 has them, and svlogd(8): 2026-11-23T12:44:00.12345+01:00,
 * 2026-11-23_12:44:00.12345.
 */
#ifndef LOG_ISO_H
#define LOG_ISO_H

#include "base/span.h"
#include "log/local.h"

/* Takes a date off the start of *in: with T or _ before the time of day, perhaps a fraction, and behind T
 * perhaps a zone, which *zoned says; without one it is UTC. Returns 1, or 0 with *t, *in and *zoned
 * undefined. */
extern int iso_take(local_time *t, span *in, int *zoned);

#endif
