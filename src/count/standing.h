/* standing.h - the episodes that are open at present: for who must be told of all of them, or of those of
 * rules that go. */
#ifndef COUNT_STANDING_H
#define COUNT_STANDING_H

#include "count/ending.h"

/* Told of one episode as it stands: e->when is the present time, e->count the count of its key by then. */
typedef void standing_tell(void *to, ending const *e);

/* Tells of the episodes of all sets with which[set] (which 0: of all sets) at the time now, by which no
 * episode is due, in the order of their beginnings (if there is memory for sorting them). Nothing ends. */
extern void standing_each(store *b, unsigned char const *which, int64_t now, standing_tell *tell, void *to);

#endif
