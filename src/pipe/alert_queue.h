/* backlog.h - lines that wait, first in, first out, in the cells of a pool of their own. */

/* outlet.h - brings alert lines to a descriptor of which nobody knows who else writes to it or whether it is
 * read.
 *
 * Writing never blocks (sink.h). Lines that are not taken wait in memory, up to a limit; then they are
 * counted as lost, and a gap stays a gap: nothing is queued behind it until the one who asks outlet_gap has
 * said how many are missing. A line goes out whole or not at all. */

/* alerts.h - the alerts on their way: when what the outlet holds is written, and when that is tried again. */
#ifndef PIPE_ALERT_QUEUE_H
#define PIPE_ALERT_QUEUE_H

#include "base/span.h"
#include "count/pool.h"
#include "pipe/nbwrite.h"
#include <poll.h>
#include <stdint.h>

typedef struct {
  pool mem;
  cell first, last; /* of lines; 0 if there is none */
} backlog;

/* Makes an empty backlog of at most memory bytes. */
extern void backlog_open(backlog *b, size_t memory);
extern void backlog_close(backlog *b);

/* Appends a line. Returns 1, or 0 with errno ENOMEM and nothing changed. */
extern int backlog_put(backlog *b, span line);

/* Takes the oldest line, which fits into out. Returns its length, 0 if there is none. */
extern size_t backlog_take(backlog *b, char *out);

/* Is less than half of the memory in use? */
extern int backlog_half_empty(backlog const *b);

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

typedef struct {
  outlet *outlet;
  outlet_state state; /* of the last flush */
  int64_t again;      /* when to flush again, on the monotonic clock; 0: poll tells */
  int writable;       /* poll has just said so */
} alerts;

/* Starts with nothing written. The outlet stays the caller's. */
extern void alerts_start(alerts *a, outlet *to);

/* What to poll for in *fd; a descriptor of -1 if nothing. */
extern void alerts_poll(alerts const *a, struct pollfd *fd);

/* When to move them even if poll says nothing, on the monotonic clock; INT64_MAX: never. */
extern int64_t alerts_deadline(alerts const *a);

/* What poll has said. */
extern void alerts_polled(alerts *a, struct pollfd const *fd);

/* Writes what is taken now, if it is time to. Returns whether it was tried; see a->state, and errno if it is
 * OUTLET_BROKEN. */
extern int alerts_move(alerts *a, int64_t mono);

#endif
