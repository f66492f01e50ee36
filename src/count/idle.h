/* idle.h - forgets the keys that nothing is to be known of any more, a few with each event and never all at
 * once. */
#ifndef COUNT_IDLE_H
#define COUNT_IDLE_H

#include "count/store.h"

/* Forgets up to IDLE_STEP of a set's keys whose last event is a period old, as many doomed ones, and as many
 * values that were left behind: more than an event can add. With keep, only the latter two. */
extern void idle_forget(store *b, counters *l, int64_t now);

#define IDLE_STEP 2

/* Gives the cell of a value that was left behind back, or one key's cells: doomed ones first, then keys with
 * a single event, then others, each idle longest first; never one that is over. A pool_evict for the pool of
 * store. */
extern int idle_evict(void *store);

#endif
