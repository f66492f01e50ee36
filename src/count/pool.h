/* pool.h - all memory that grows with the log: cells of 64 bytes, one cache line each, within a budget.
 *
 * A cell is named by a 32-bit handle and never moves. Counters, messages, recipients and queued text all live
 * in cells, so whatever is given back serves whatever comes next: the budget is exact and nothing can
 * fragment. At the budget, and when the system has no more memory, the owner's evict function is asked to
 * give cells back. */
#ifndef COUNT_POOL_H
#define COUNT_POOL_H

#include <stddef.h>
#include <stdint.h>

typedef uint32_t cell; /* a handle; 0 names no cell */

#define CELL_BYTES 64
#define POOL_CHUNK 65536 /* what is asked of the system at a time */
#define POOL_CELLS (POOL_CHUNK / CELL_BYTES)
#define POOL_MOST ((uint64_t)1 << 37) /* bytes: handles stay below 2^31 */

/* Gives at least one cell back to the pool and returns 1, or returns 0 if there is none to give. */
typedef int pool_evict(void *owner);

typedef struct {
  char **chunk;
  uint32_t chunks, room; /* chunks <= room, the length of chunk[] */
  cell free;             /* chain through the cells' first words */
  cell fresh, fresh_end; /* never used so far, of the newest chunk */
  size_t used;           /* cells in use */
  size_t bytes, budget;  /* bytes taken from the system, at most budget */
  size_t reserve;        /* of the budget, not for cells; bytes + reserve <= budget */
  pool_evict *evict;     /* may be 0 */
  void *owner;
} pool;

/* Makes an empty pool; no memory is taken yet. */
extern void pool_open(pool *p, size_t budget, pool_evict *evict, void *owner);

/* Gives all memory back to the system. */
extern void pool_close(pool *p);

/* Returns a cell of undefined content, or 0 with errno ENOMEM if even evicting did not help. */
extern cell pool_take(pool *p);

/* Takes a cell back. */
extern void pool_give(pool *p, cell c);

/* Takes back a chain of count cells, each naming the next in its first word, in constant time. */
extern void pool_give_chain(pool *p, cell first, cell last, size_t count);

/* Sets bytes of the budget of an empty pool aside for tables: when cells have taken all else, a table for
 * which chains become long must still be able to grow. */
extern void pool_reserve(pool *p, size_t bytes);

/* Returns POOL_CHUNK bytes inside the budget that belong to the pool until pool_close, or 0 with errno
 * ENOMEM; reserved: from what was set aside. Never evicts. */
extern void *pool_chunk(pool *p, int reserved);

static inline void *pool_at(pool const *p, cell c)
{
  return p->chunk[c / POOL_CELLS] + (size_t)(c % POOL_CELLS) * CELL_BYTES;
}

#endif
