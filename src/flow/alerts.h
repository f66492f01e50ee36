/* alerts.h - the alerts on their way: when what the outlet holds is written, and when that is tried again. */
#ifndef FLOW_ALERTS_H
#define FLOW_ALERTS_H

#include "flow/outlet.h"
#include <poll.h>

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
