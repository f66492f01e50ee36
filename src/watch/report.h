/* ranking.h - the keys of one rule by what they have done so far: which were the busiest, and how many came
 * to which peak.
 *
 * A key's peak is the highest count of it that ever was. Memory is malloc's, not the pool's. */

/* report.h - what the counters have seen so far: the busiest keys, and which limit would have caught how
 * many. */
#ifndef WATCH_REPORT_H
#define WATCH_REPORT_H

#include "count/counters.h"
#include "watch/tap.h"

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
extern int ranking_open(ranking *k, pool const *mem, counter_set const *set, size_t top);
extern void ranking_close(ranking *k);

/* How many keys there are. */
extern uint64_t ranking_keys(ranking const *k);

/* The nearest-rank percentile of the peaks: the smallest one that at least so many in 1,000 keys do not
 * exceed; 0 without keys. */
extern uint64_t ranking_peak(ranking const *k, uint64_t in_1000);

/* Goes to the present time (as of the last tap_machine) and writes top and peaks lines for each rule, with up
 * to top keys, and the stat line; lost: alerts that never went out. Memory for sorting comes from outside of
 * the budget, for the time of the report; where there is none, the lines that need it are left out. */
extern void report_write(tap *t, size_t top, uint64_t lost);

#endif
