/* state.h - all that is remembered of a log between its lines. */
#ifndef TAP_STATE_H
#define TAP_STATE_H

#include "log/parts.h"
#include "tap/logclock.h"
#include "tap/fastpath.h"

/* Takes a line that is no event, but looks as if it were one behind a prefix that is not known. */
typedef void tap_odd(void *to, span line);

typedef struct {
  pool mem;
  hash_key key;
  logclock time;
  fastpath fastpath;
  join senders;
  watch watch;
  parts parts;
  int understood; /* there was an event */
  uint64_t odd;   /* lines that are none and should perhaps be */
  int odd_told;
  tap_odd *tell_odd; /* may be 0 */
  void *tell_odd_to;
  uint64_t evicted;  /* of watch.store.evicted, what has been noted */
  int64_t full_from; /* no `note full` before this time */
} tap;

#endif
