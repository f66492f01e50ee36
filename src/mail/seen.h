/* seen.h - a set of 64-bit fingerprints: the recipients of one message that were tried before.
 *
 * A tree with 16 branches a node whose leaves hold up to seven fingerprints, all of it in cells: about 17
 * bytes a recipient, and no insertion ever has to copy the set. Fingerprints come from a keyed hash, so the
 * tree is balanced and two recipients share one with a probability of 2^-64. */
#ifndef MAIL_SEEN_H
#define MAIL_SEEN_H

#include "count/pool.h"

typedef uint32_t seen_set; /* 0: empty */

/* Adds what to *set. Returns 1 if it was not in it, 0 if it was, -1 with errno ENOMEM. *cells grows by the
 * cells taken. */
extern int seen_add(pool *mem, seen_set *set, uint64_t what, size_t *cells);

/* Gives all cells back. Returns how many. */
extern size_t seen_free(pool *mem, seen_set set);

#endif
