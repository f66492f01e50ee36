/* stamp.h - what stands before the text of a log line: stamps and headers, in any form and order in which the
 * tools around qmail write them.
 *
 * A prefix has one to eight pieces, each followed by one or two blanks or the end of the line. The last time
 * in it counts, the nearest to qmail-send, and the host of the last header with one. Times are nanoseconds
 * since the Unix epoch. Nothing here reads the machine's clock; local times are turned into instants with the
 * process's TZ. The text behind a prefix may be empty. */
#ifndef LOG_STAMP_H
#define LOG_STAMP_H

#include "base/span.h"
#include "log/local.h"
#include <stdint.h>

/* A time lies in the years 1679 to 2260, bounds included: an int64_t of nanoseconds takes 400 days more on
 * both sides. */
#define STAMP_MIN (INT64_C(-9183024000) * 1000000000)
#define STAMP_MAX (INT64_C(9183110399) * 1000000000 + 999999999)

#define STAMP_PIECES 8

typedef struct {
  int64_t when; /* defined if timed */
  int timed;    /* the line carries a time from STAMP_MIN to STAMP_MAX */
  size_t len;   /* where the text behind the prefix begins; 0 without one */
  span host;    /* of the last header with one, inside the line; empty without */
  span number;  /* the last piece, if it is a number of seconds as splogger writes it; else empty */
  int more;     /* that number has a '+' behind it: the text goes on with what it had before */
} stamp;

/* Reads the prefix at the start of line (without its newline). A prefix without a time has len > 0 and timed
 * == 0, and so has one whose times are out of bounds. */
extern void stamp_read(stamp *st, span line, local_hints const *hints);

#endif
