/* logclock.h - the passing of time in a log: when each line happened, and which episodes are over by then. */
#ifndef TAP_LOGCLOCK_H
#define TAP_LOGCLOCK_H

#include "tap/watch.h"

typedef struct {
  timeline clock;
  watch *watch;
  int64_t look;    /* when the first episode may end, INT64_MAX without one */
  uint64_t lines;  /* so far, the caller's */
  uint64_t events; /* those of them that moved the clock */
  uint64_t late;   /* events with a stamp older than the newest */
  uint64_t noted;  /* the last event at which a new timeline was noted */
  int restoring;   /* a stamp ahead of the machine's clock counts as now */
} logclock;

/* Starts at the moment machine, for the episodes of watch, which must not move. */
extern void logclock_start(logclock *p, watch *y, moment machine);

/* An episode has begun, or rules have come or gone. */
extern void logclock_look(logclock *p);

/* Takes in an event with that stamp: ends what is over by then, goes to the event's time, or begins a new
 * timeline. Returns which of them it was. */
extern timeline_verdict logclock_event(logclock *p, stamp const *s);

/* Tells of all open episodes in `still` lines. */
extern void logclock_say_still(logclock *p);

/* Ends the episodes of the sets of counters with which[set] at the present time with their counts as they
 * are: they are told; who closes the sets drops them. */
extern void logclock_end_sets(logclock *p, unsigned char const *which);

/* Ends the episodes of a live log that are over by now (as of the last timeline_machine). */
extern void logclock_tick(logclock *p);

/* Is there a time at which logclock_tick will have something to do? If so *mono is that time on the monotonic
 * clock. */
extern int logclock_deadline(logclock const *p, int64_t *mono);

#endif
