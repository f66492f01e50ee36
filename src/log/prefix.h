/* piece.h - one piece of what stands before the text of a line: a stamp, a header, or a word of a logger. */

/* stamp.h - what stands before the text of a log line: stamps and headers, in any form and order in which the
 * tools around qmail write them.
 *
 * A prefix has one to eight pieces, each followed by one or two blanks or the end of the line. The last time
 * in it counts, the nearest to qmail-send, and the host of the last header with one. Times are nanoseconds
 * since the Unix epoch. Nothing here reads the machine's clock; local times are turned into instants with the
 * process's TZ. The text behind a prefix may be empty. */
#ifndef LOG_PREFIX_H
#define LOG_PREFIX_H

#include "base/span.h"
#include "log/date.h"
#include <stdint.h>

typedef enum { PIECE_OTHER, PIECE_TIME, PIECE_NUMBER } piece_kind;

typedef struct {
  local_hints const *hints; /* the caller's to fill in */
  piece_kind kind;          /* is it a stamp, or even a number? */
  int timed;                /* it has a time, which may be out of bounds */
  local_time time;          /* defined if timed */
  span host;                /* empty without one */
  span number;              /* of PIECE_NUMBER; else empty */
  int more;                 /* and a '+' stands behind it */
} piece;

/* Takes the next piece, and the blanks behind it, off the start of *in; *p is the one before it, all zero but
 * hints before the first. Each is read by the first form that fits. Returns 1; or 0, with *in unchanged and
 * *p undefined, if the text begins here. */
extern int piece_next(piece *p, span *in);

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
