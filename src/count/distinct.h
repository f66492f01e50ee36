/* few.h - up to four values with the times of their newest events in one cell, oldest first: what most keys
 * have, for which a cell each (values.h) would be too much. */

/* many.h - different values with a cell each: in a list in the order of their newest events, and in the table
 * that all keys share. */

/* values.h - the different values that a key had within the last period.
 *
 * A value counts from its newest event on, so one that comes again only moves to the end. A few share a cell
 * (few.h); of more, each has one of its own (many.h). Values are 64-bit keyed hashes, mixed with the number
 * of their set: two of them are taken for one with a probability of 2^-64. A set is left behind in constant
 * time; its cells are found by nobody any more and are freed one by one. */
#ifndef COUNT_DISTINCT_H
#define COUNT_DISTINCT_H

#include "count/pool.h"
#include "count/table.h"

typedef struct {
  uint64_t what;
  int64_t when;
} few_value;

#define FEW_MOST (CELL_BYTES / sizeof(few_value))

static inline few_value *few_at(pool const *mem, cell c)
{
  return pool_at(mem, c);
}

/* Which of n values is what, from 1 on; 0: none. */
extern size_t few_find(pool const *mem, cell c, size_t n, uint64_t what);

/* The i-th of n values, from 1 on, has come again at when, not before any other. */
extern void few_again(pool const *mem, cell c, size_t n, size_t i, int64_t when);

/* Forgets the values of n whose newest event was at until or earlier. Returns how many are left. */
extern size_t few_forget(pool const *mem, cell c, size_t n, int64_t until);

typedef struct {
  pool *mem;
  table *known;     /* also of other cells: they have less than MANY_MARK at MANY_MARK_AT */
  uint64_t serials; /* given out */
} many;

#define MANY_MARK UINT16_MAX
#define MANY_MARK_AT 24 /* bytes from a cell's beginning */

/* The value that is what; 0: none. */
extern cell many_find(many const *m, uint64_t what);

/* Makes a value of the cell c, at the end of l, with its event at when. */
extern void many_add(many *m, cell_list *l, cell c, uint64_t what, int64_t when);

/* The value c of l has come again at when, not before any other. *place: 0, or a value of l, which becomes
 * the one that has now as many newer ones as it had; place 0: nobody asks. */
extern void many_again(many *m, cell_list *l, cell c, int64_t when, cell *place);

/* Frees the oldest value of l. */
extern void many_drop(many const *m, cell_list *l);

/* The time of a value's newest event. */
extern int64_t many_when(pool const *mem, cell c);

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

/* How many have a newer event than until? */
extern uint64_t values_after(pool const *mem, value_set const *s, int64_t until);

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
