/* due.h - all episodes, and which of them is to be looked at first.
 *
 * A pairing heap (Fredman and others, Algorithmica 1986) whose links are in the episodes' own cells, so that
 * nothing here can run out of memory. An episode is told of a later look only when its present one comes up.
 * The avltree of skalibs would do, but that of 2.13.1.1 loses its shape when keys are deleted in any order.
 */
#ifndef COUNT_DUE_H
#define COUNT_DUE_H

#include "count/episode.h"

typedef struct {
  pool *mem;
  cell first; /* 0: none */
  uint32_t serial;
} due;

/* Begins an episode that is to be looked at at look. Returns its cell, or 0 with errno ENOMEM. */
extern cell due_begin(due *a, cell counter, int64_t look, int64_t since, int64_t since_label);

/* Nobody will ask for this episode again; its cell goes when its turn comes. */
extern void due_abandon(due *a, cell e);

/* The episode to be looked at first, by look, since and beginning; 0 if there is none. */
extern cell due_first(due *a);

/* Ends the first episode and gives its cell back; or looks at it again at look. */
extern void due_end_first(due *a);
extern void due_later(due *a, int64_t look);

/* Makes all episodes come up at once, in the order of their beginnings. All must have ended before the next
 * one begins. */
extern void due_flush(due *a);

#endif
