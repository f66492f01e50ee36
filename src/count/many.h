/* many.h - different values with a cell each: in a list in the order of their newest events, and in the table
 * that all keys share. */
#ifndef COUNT_MANY_H
#define COUNT_MANY_H

#include "count/list.h"

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

#endif
