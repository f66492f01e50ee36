/* values.h - the different values that a key had within the last period.
 *
 * A value counts from its newest event on, so one that comes again only moves to the end. A few share a cell
 * (few.h); of more, each has one of its own (many.h). Values are 64-bit keyed hashes, mixed with the number
 * of their set: two of them are taken for one with a probability of 2^-64. A set is left behind in constant
 * time; its cells are found by nobody any more and are freed one by one. */
#ifndef COUNT_VALUES_H
#define COUNT_VALUES_H

#include "count/many.h"

#define VALUES_MOST 65536 /* in a set */

/* All zero: empty. */
typedef struct {
  uint64_t sum;  /* how many */
  cell_list all; /* oldest event first; or head is the cell of a few, and tail 0 */
  uint64_t id;   /* of no other set, present or past; defined if sum */
} value_set;

/* All sets. */
typedef struct {
  many many;
  cell_list stale; /* of sets that were left behind */
  uint64_t ids;
} values;

/* Is the value in the set? Returns what values_again takes, or 0. */
extern cell values_find(values const *v, value_set const *s, uint64_t value);

/* Adds a value that is not in the set, with its event at when, not before any other. Beyond VALUES_MOST the
 * oldest one goes. With place, the set has places from now on; *place is 0, or one that has fewer than
 * VALUES_MOST - 1 newer values, and becomes the one that has now as many newer ones as it had. Returns 1, or
 * 0 with errno ENOMEM and nothing changed. */
extern int values_add(values *v, value_set *s, uint64_t value, int64_t when, cell *place);

/* The value c, which values_find has just found, has come again. *place as above. */
extern void values_again(values *v, value_set *s, cell c, int64_t when, cell *place);

/* Forgets the values whose newest event was at until or earlier. */
extern void values_forget(values *v, value_set *s, int64_t until);

/* Forgets all, in constant time. */
extern void values_leave(values *v, value_set *s);

/* Gives the cell of a value back that was left behind. Returns 1, or 0 if there is none. */
extern int values_free(values *v);

/* The times of the oldest and the newest value of a set that is not empty. */
extern int64_t values_oldest(pool const *mem, value_set const *s);
extern int64_t values_newest(pool const *mem, value_set const *s);

/* The place that has so many newer values, in a set that has places and more values than that; its time is
 * many_when's. */
extern cell values_place(pool const *mem, value_set const *s, uint64_t newer);

#endif
