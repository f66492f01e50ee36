/* episode.h - the time a key spends over its limit, and which of all episodes may end first.
 *
 * An episode ends at the instant at which the entry at its clear cursor leaves the window. The cursor only
 * moves towards newer entries, so each entry is passed once. Which episode is to be checked first is known by
 * a pairing heap (Fredman and others, Algorithmica 1986) whose links are in the episodes' own cells, so that
 * nothing here can run out of memory; an episode is moved to a later check only when its present one comes
 * up. The avltree of skalibs would do, but that of 2.13.1.1 loses its shape when keys are deleted in any
 * order. */
#ifndef COUNT_EPISODE_H
#define COUNT_EPISODE_H

#include "base/span.h"
#include "count/ring.h"

typedef struct {
  int64_t check;       /* when to look at it next, never after its end */
  int64_t since;       /* its beginning */
  int64_t since_label; /* what the label of its `over` line said */
  uint64_t after;      /* weight of the entries after the clear cursor, at most the rule's clear */
  uint64_t peak;       /* highest sum so far */
  cell counter;        /* whose episode it is; 0: abandoned */
  cell from;           /* who began it, a text with its length in front; 0: not remembered */
  cell clear_block;    /* the clear cursor */
  uint32_t clear_entry : 2;
  uint32_t level : 7;   /* the next `more` line comes above limit << level */
  uint32_t serial : 23; /* tells apart what began at one instant; goes round */
  cell child, sibling;  /* in the heap of due times */
} episode;

/* Looks for the clear cursor from the ring's oldest entry on; or again, after weight has been added to the
 * ring. */
extern void episode_clear_find(episode *e, pool const *mem, ring const *window, uint64_t clear);
extern void episode_clear_move(episode *e, pool const *mem, ring const *window, uint64_t clear,
                               uint64_t weight);

#define EPISODE_SERIALS (UINT32_C(1) << 23)
#define EPISODE_FROM 900 /* bytes of who began it that are remembered */

/* Of two episodes that began at one instant: which did first? */
static inline int episode_precedes(uint32_t left, uint32_t right)
{
  return ((right - left) & (EPISODE_SERIALS - 1)) - 1 < EPISODE_SERIALS / 2;
}

/* Remembers who began an episode, up to EPISODE_FROM bytes; nothing is remembered if there is no memory. */
extern void episode_remember(pool *mem, cell e, span from);

/* Writes that to out, EPISODE_FROM bytes. Returns its length, 0 if it is not known. */
extern size_t episode_from(pool const *mem, episode const *e, char *out);

static inline ring_place episode_cursor(episode const *e)
{
  return (ring_place){e->clear_block, e->clear_entry};
}

static inline episode *episode_at(pool const *mem, cell e)
{
  return pool_at(mem, e);
}

typedef struct {
  pool *mem;
  cell first; /* 0: none */
  uint32_t serial;
} episodes;

/* Begins an episode that is to be looked at at look. Returns its cell, or 0 with errno ENOMEM. */
extern cell episodes_begin(episodes *a, cell counter, int64_t check, int64_t since, int64_t since_label);

/* The episode is not needed any more; its cell is freed when its turn comes. */
extern void episodes_abandon(episodes *a, cell e);

/* The episode to be looked at first, by look, since and beginning; 0 if there is none. */
extern cell episodes_first(episodes *a);

/* Ends the first episode and gives its cell back; or looks at it again at look. */
extern void episodes_end_first(episodes *a);
extern void episodes_later(episodes *a, int64_t check);

/* Makes all episodes come up at once, in the order of their beginnings. All must have ended before the next
 * one begins. */
extern void episodes_flush(episodes *a);

#endif
