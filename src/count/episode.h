/* episode.h - the time a key spends over its limit, and when that time will be up.
 *
 * The end of an episode is the instant at which the entry at its clear place leaves the window. That place
 * only moves towards newer entries, so each entry is passed once. */
#ifndef COUNT_EPISODE_H
#define COUNT_EPISODE_H

#include "count/ring.h"

typedef struct {
  int64_t look;        /* when to look at it next, never after its end */
  int64_t since;       /* its beginning */
  int64_t since_label; /* what the label of its `over` line said */
  uint64_t after;      /* weight of the entries behind the clear place, at most the rule's clear */
  uint64_t peak;       /* highest sum so far */
  cell counter;        /* whose episode it is; 0: abandoned */
  uint32_t serial;     /* tells apart what began at one instant */
  cell clear_block;    /* the clear place */
  uint8_t clear_entry;
  uint8_t level;       /* the next `more` line comes above limit << level */
  cell child, sibling; /* in the heap of due times */
} episode;

/* Looks for the clear place from the ring's oldest entry on; or again, after weight has been added to the
 * ring. */
extern void episode_clear_find(episode *e, pool const *mem, ring const *window, uint64_t clear);
extern void episode_clear_move(episode *e, pool const *mem, ring const *window, uint64_t clear,
                               uint64_t weight);

static inline ring_place episode_clear(episode const *e)
{
  return (ring_place){e->clear_block, e->clear_entry};
}

static inline episode *episode_at(pool const *mem, cell e)
{
  return pool_at(mem, e);
}

#endif
