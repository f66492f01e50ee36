/* counters.h - opens the store, and a set of counters in it for each rule; closes them, and turns over a new
 * leaf.
 *
 * What is closed is not swept: its counters are doomed and freed a few at a time (idle.h). */
#ifndef COUNT_COUNTERS_H
#define COUNT_COUNTERS_H

#include "count/store.h"

/* Makes an empty store over mem, which must not move; keep: idle keys stay, for the report.
 * Returns 1, or 0 with errno ENOMEM. */
extern int store_open(store *b, pool *mem, int keep);

/* Frees what is not in the pool. */
extern void store_close(store *b);

/* Makes room for so many open sets: opening as many cannot fail. Returns 1, or 0 with errno ENOMEM (also if
 * they are too many). */
extern int counters_reserve(store *b, size_t sets);

/* Opens a set of counters for limit, clear (at most limit) and period in nanoseconds.
 * Returns its number, or -1 with errno ENOMEM (also if there are too many). */
extern int counters_open(store *b, uint64_t limit, uint64_t clear, int64_t period);

/* From its first event on a set of counters counts different values. */
extern void counters_of_values(store *b, unsigned int number);

/* Forgets a set of counters with its counters and episodes; its number is free to be given out again. */
extern void counters_close(store *b, unsigned int number);

/* Forgets all counts and episodes of all sets. With keep, what the report needs stays. */
extern void store_clear(store *b);

/* Forgets all of all sets, as if nothing had been counted yet. */
extern void store_drop(store *b);

#endif
