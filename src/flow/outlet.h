/* outlet.h - brings alert lines to a descriptor of which nobody knows who else writes to it or whether it is
 * read.
 *
 * Writing never blocks (sink.h). Lines that are not taken wait in memory, up to a limit; then they are
 * counted as lost, and a gap stays a gap: nothing is queued behind it until the one who asks outlet_gap has
 * said how many are missing. A line goes out whole or not at all. */
#ifndef FLOW_OUTLET_H
#define FLOW_OUTLET_H

#include "base/span.h"
#include "flow/backlog.h"
#include "flow/sink.h"
#include <stdint.h>

#define OUTLET_LINE 4096 /* bytes of the longest line; a pipe takes so many at once */

typedef enum {
  OUTLET_IDLE,   /* nothing waits to be written */
  OUTLET_FULL,   /* poll for output tells when to flush again */
  OUTLET_BROKEN, /* see errno: flush again after a while */
} outlet_state;

typedef struct {
  sink to;
  backlog waiting;
  uint64_t lost;     /* lines so far */
  uint64_t untold;   /* of these, since the last gap that was told */
  uint64_t written;  /* bytes so far */
  size_t begun, len; /* of the line under way: bytes gone, and all */
  char line[OUTLET_LINE];
} outlet;

/* Makes an outlet for fd, which stays the caller's, with memory bytes for lines that wait. */
extern void outlet_open(outlet *o, int fd, size_t memory);
extern void outlet_close(outlet *o);

/* Takes a line of up to OUTLET_LINE bytes, newline included; to be followed by outlet_flush. Writes only
 * where the line finds no room: one read of the log, or the rules that go, can end more episodes than wait
 * here. */
extern void outlet_put(outlet *o, span line);

/* Writes what the descriptor takes. */
extern outlet_state outlet_flush(outlet *o);

/* If lines were lost and there is much room again: returns how many, and the next outlet_put will be queued.
 * Else 0. */
extern uint64_t outlet_gap(outlet *o);

#endif
