/* window.h - what of a key is within the last period: its events (ring.h), or its different values
 * (values.h). */
#ifndef COUNT_WINDOW_H
#define COUNT_WINDOW_H

#include "count/counter.h"
#include "count/episode.h"

/* Gives a single or spent counter its record: total and peak from its one event, which is in the window if it
 * was single. Becomes MANY. Returns 1, or 0 with errno ENOMEM and nothing changed. */
extern int window_open(values *v, counter *k);

/* Takes the record away. */
extern void window_close(values *v, counter *k);

/* All that follows is of a counter with a record. */

/* Adds an event; known: the value of it that is in the window already, or 0. Returns 1, or 0 with errno
 * ENOMEM and nothing changed. *weight is lowered to what it adds to the sum. */
extern int window_add(values *v, counter *k, int64_t when, uint64_t value, cell known, uint64_t *weight,
                      int64_t grain);

/* Forgets what is of until or earlier; forgets all. */
extern void window_forget(values *v, counter *k, int64_t until);
extern void window_clear(values *v, counter *k);

extern int window_empty(pool const *mem, counter const *k);

/* The time of the oldest or newest that is in it; INT64_MAX or INT64_MIN if it is empty. */
extern int64_t window_oldest(pool const *mem, counter const *k);
extern int64_t window_newest(pool const *mem, counter const *k);

/* Looks for the clear place of the counter's episode, which has just begun; or again, after weight has been
 * added. */
extern void window_clear_find(pool const *mem, counter const *k, uint64_t clear);
extern void window_clear_move(pool const *mem, counter const *k, uint64_t clear, uint64_t weight);

/* The time of what is at that place. */
extern int64_t window_clear_when(pool const *mem, counter const *k);

#endif
