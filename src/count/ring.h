/* ring.h - what one key did within the last period: a ring buffer of (time, weight), oldest first, and its
 * sum.
 *
 * The ring's storage is a chain of cells that grows at the new end and is given back at the old end, so
 * adding and forgetting are O(1) and a quiet key costs nothing. Exact for up to RING_EXACT entries; beyond,
 * events that lie within one tolerance (period/1024) share an entry, which goes when its newest event would:
 * the sum is never too low, and too high only by events that left the window less than a tolerance ago. At
 * most RING_EXACT + 1025 entries are then in one period, since entries that are shared begin more than a
 * tolerance apart. Nothing here reads a clock. */
#ifndef COUNT_RING_H
#define COUNT_RING_H

#include "count/pool.h"

#define RING_EXACT 4096

typedef struct {
  uint64_t sum;    /* of all weights; never overflows, since ring_add cuts the weight that would */
  cell head, tail; /* both 0 if the ring is empty */
  uint16_t entries;
  uint8_t first, used; /* first valid entry of head, number of entries ever put into tail */
} ring;

typedef struct {
  int64_t when; /* of its newest event */
  uint64_t weight;
} ring_entry;

typedef struct {
  cell block;
  uint8_t i;
} ring_place; /* of one entry; stays right until the entry is forgotten */

/* Adds weight at when, which must not lie before the newest entry. Returns 1, or 0 with errno ENOMEM and *r
 * unchanged. *weight is lowered if the sum could not hold it. */
extern int ring_add(ring *r, pool *mem, int64_t when, uint64_t *weight, int64_t tolerance);

/* Forgets the entries whose time is until or earlier. */
extern void ring_forget(ring *r, pool *mem, int64_t until);

/* The sum without the entries whose time is until or earlier, which stay. */
extern uint64_t ring_sum_after(ring const *r, pool const *mem, int64_t until);

/* Forgets all. */
extern void ring_clear(ring *r, pool *mem);

/* The oldest and the newest entry of a ring that is not empty, the entry at a place, and the place after it.
 */
extern ring_place ring_oldest(ring const *r);
extern ring_place ring_newest(ring const *r);
extern ring_entry ring_at(pool const *mem, ring_place p);
extern ring_place ring_after(pool const *mem, ring_place p);

#endif
