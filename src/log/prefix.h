/* prefix.h - what comes before the text of a log line: stamps and headers, in any form and order in which the
 * tools around qmail write them.
 *
 * A prefix has one to eight pieces, each followed by one or two blanks or the end of the line; each is read
 * by the first form that fits. The last absolute time in it counts, the nearest to qmail-send; without one
 * the last local time, since a logger before us may run in another zone. The host is that of the last header
 * with one, wherever the time is from. The text after a prefix may be empty. Nothing here reads the machine's
 * clock; see log/date.h for the zone. */
#ifndef LOG_PREFIX_H
#define LOG_PREFIX_H

#include "base/span.h"
#include "log/date.h"
#include <stdint.h>

/* A time lies in the years 1679 to 2260, bounds included: an int64_t of nanoseconds takes 400 days more on
 * both sides. */
#define STAMP_MIN (-9183024000 * SECOND)
#define STAMP_MAX (9183110399 * SECOND + 999999999)

typedef struct {
  int64_t when; /* ns since the Unix epoch; defined if timed */
  int timed;    /* the line carries a time from STAMP_MIN to STAMP_MAX */
  size_t len;   /* where the text after the prefix begins; 0 without one */
  span host;    /* of the last header with one, inside the line; empty without */
  span number;  /* the last piece, if it is a number of seconds as splogger writes it; else empty */
  int more;     /* that number has a '+' after it: the text goes on with what it had before */
} stamp;

/* Reads the prefix at the start of line (without its newline). A prefix without a time has len > 0 and timed
 * == 0, and so has one whose times are out of bounds. */
extern void prefix_read(stamp *st, span line, date_reader *dates);

#endif
