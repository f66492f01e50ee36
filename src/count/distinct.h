/* distinct.h - the distinct values that a key had within the last period.
 *
 * A value counts from its newest event on, so one that comes again only moves to the end. Up to four, which
 * is what most keys have, share a cell; of more, each has a cell of its own, in a list in the order of their
 * newest events and in the table that all keys share. Values are 64-bit keyed hashes; mixed with the number
 * of their set they are fingerprints, of which two are equal by chance with a probability of 2^-64. A set is
 * left in constant time; its cells are no longer found and are freed one by one. */
#ifndef COUNT_DISTINCT_H
#define COUNT_DISTINCT_H

#include "count/pool.h"
#include "count/table.h"

#define DISTINCT_MOST 65536 /* values in a set */

/* Of the cells in the table, only those of values have this at this place. */
#define DISTINCT_MARK UINT16_MAX
#define DISTINCT_MARK_AT 24 /* bytes from a cell's beginning */

/* All zero: an empty set. */
typedef struct {
  uint64_t sum;  /* how many */
  cell_list all; /* oldest event first; or head is the cell that a few share, and tail 0 */
  uint64_t id;   /* of no other set, present or past; defined if sum */
} distinct_set;

/* What all sets share. */
typedef struct {
  pool *mem;
  table *table;     /* also of other cells, without DISTINCT_MARK */
  cell_list left;   /* values of sets that were left */
  uint64_t ids;     /* given out to sets */
  uint64_t serials; /* given out to values */
} distinct_all;

/* Is the value in the set? Returns what distinct_again takes, or 0. */
extern cell distinct_find(distinct_all const *d, distinct_set const *s, uint64_t value);

/* Adds a value that is not in the set, with its event at when, not before any other. Beyond DISTINCT_MOST the
 * oldest one goes. With place, the set has places from now on; *place is 0, or one that has fewer than
 * DISTINCT_MOST - 1 newer values, and becomes the one that has now as many newer ones as it had. Returns 1,
 * or 0 with errno ENOMEM and nothing changed. */
extern int distinct_add(distinct_all *d, distinct_set *s, uint64_t value, int64_t when, cell *place);

/* The value c, which distinct_find has just found, has come again. *place as above. */
extern void distinct_again(distinct_all *d, distinct_set *s, cell c, int64_t when, cell *place);

/* Forgets the values whose newest event was at until or earlier. */
extern void distinct_forget(distinct_all *d, distinct_set *s, int64_t until);

/* How many have a newer event than until? */
extern uint64_t distinct_after(pool const *mem, distinct_set const *s, int64_t until);

/* Forgets all, in constant time. */
extern void distinct_leave(distinct_all *d, distinct_set *s);

/* Gives the cell of a value back whose set was left. Returns 1, or 0 if there is none. */
extern int distinct_free(distinct_all *d);

/* The times of the oldest and the newest value of a set that is not empty. */
extern int64_t distinct_oldest(pool const *mem, distinct_set const *s);
extern int64_t distinct_newest(pool const *mem, distinct_set const *s);

/* The place that has so many newer values, in a set that has places and more values than that; and the time
 * of the value at a place. */
extern cell distinct_place(pool const *mem, distinct_set const *s, uint64_t newer);
extern int64_t distinct_when(pool const *mem, cell place);

#endif
