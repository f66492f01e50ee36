/* fastpath.h - goes fast over lines that say nothing but what time it is, which is most of them.
 *
 * Within one second labels differ in their last eight digits only, and those can be compared as they stand;
 * the next second is told by eight digits more. Lines whose labels go on like that, or that have none like
 * all lines before, are sorted by how their text begins. Whatever is not so plain is left to the reader. */
#ifndef TAP_FASTPATH_H
#define TAP_FASTPATH_H

#include "base/span.h"
#include <stdint.h>

typedef struct {
  uint64_t seconds[2];  /* the 16 digits of the newest label */
  uint64_t nano;        /* and its last 8, the first one highest; all defined if now is set */
  int64_t second;       /* what seconds mean, in nanoseconds since the Unix epoch */
  int64_t now;          /* the time of that label, INT64_MIN without one */
  int64_t latest;       /* the caller's: seconds that end later than this are left to the reader */
  int deliveries;       /* they matter, and not only messages */
  uint64_t lines, late; /* gone over, and those of them with a label older than the newest */
} fastpath;

/* Starts without a label; deliveries: do they matter, and not only messages? */
extern void fastpath_start(fastpath *k, int deliveries);

/* Learns the label at the start of line, which means when, the newest time. */
extern void fastpath_learn(fastpath *k, span line, int64_t when);

/* Goes over whole lines at the start of *rest that have plain labels (labelled), or none, up to one that may
 * be an event. Returns 1 if it came to one: *text is what is behind its label, at most the examined part, and
 * *rest begins behind the line; or 0 with *rest at a line that is left to the reader. k->now, lines and late
 * are brought up to date. */
extern int fastpath_next(fastpath *k, span *rest, int labelled, span *text);

#endif
