/* stamp.h - the time stamp or syslog header at the start of a log line, in any form the tools around qmail
 * write.
 *
 * Times are nanoseconds since the Unix epoch.  Nothing here reads the machine's clock; local times are turned
 * into instants with the process's TZ.  Every stamp ends with a blank; the text behind it may be empty. */
#ifndef LOG_STAMP_H
#define LOG_STAMP_H

#include "base/span.h"
#include <stdint.h>

/* A time lies in the years 1679 to 2260, bounds included: an int64_t of nanoseconds takes 400 days more on
 * both sides. */
#define STAMP_MIN (INT64_C(-9183024000) * 1000000000)
#define STAMP_MAX (INT64_C(9183110399) * 1000000000 + 999999999)

typedef struct {
  int64_t when; /* defined if timed */
  int timed;    /* the line carries a time from STAMP_MIN to STAMP_MAX */
  size_t len;   /* where the text behind the stamp begins; 0 without one */
  span host;    /* syslog's host name, inside the line; empty without a syslog header */
} stamp;

/* Reads the stamp at the start of line (without its newline). A header without a time has len > 0 and timed
 * == 0, and so has a stamp whose time is out of bounds. */
extern void stamp_read(stamp *st, span line);

#endif
