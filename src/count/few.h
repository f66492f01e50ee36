/* few.h - up to four values with the times of their newest events in one cell, oldest first: what most keys
 * have, for which a cell each (values.h) would be too much. */
#ifndef COUNT_FEW_H
#define COUNT_FEW_H

#include "count/pool.h"

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

#endif
