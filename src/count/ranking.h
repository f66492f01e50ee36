/* ranking.h - the keys of one rule by what they have done so far: which were the busiest, and how many came
 * to which peak.
 *
 * A key's peak is the highest count of it that ever was. Memory is malloc's, not the pool's. */
#ifndef COUNT_RANKING_H
#define COUNT_RANKING_H

#include "count/store.h"

typedef struct {
  pool const *mem;
  cell counter;
  uint64_t peak, total;
} ranking_row;

typedef struct {
  uint64_t singles; /* keys whose peak is 1, since they had one event */
  uint64_t *peak;   /* of the others, sorted */
  size_t peaks;
  ranking_row *row; /* the busiest first: by peak, then by total, then by key */
  size_t rows, top; /* row has room for twice as many as asked for */
} ranking;

/* Ranks the keys of a set, with rows for up to top of them. Returns 1, or 0 with errno ENOMEM; to be closed
 * even then. */
extern int ranking_open(ranking *k, pool const *mem, counters const *set, size_t top);
extern void ranking_close(ranking *k);

/* How many keys there are. */
extern uint64_t ranking_keys(ranking const *k);

/* The nearest-rank percentile of the peaks: the smallest one that at least so many in 1,000 keys do not
 * exceed; 0 without keys. */
extern uint64_t ranking_peak(ranking const *k, uint64_t in_1000);

#endif
