/* table.h - finds cells by the hash of what they are about; and keeps cells in lists.
 *
 * A chained hash table that grows by one bucket at a time (linear hashing: W. Litwin, VLDB 1980), so no
 * insertion ever waits for a rehash. Bucket heads are chunks of the pool and stay inside its budget; if there
 * is no room for more of them, chains get longer and nothing fails, and when they are long they get what the
 * pool has set aside. A list has cells in an order, such as that of their last use: each knows its
 * neighbours, so any can leave. */
#ifndef COUNT_TABLE_H
#define COUNT_TABLE_H

#include "count/pool.h"

/* Every cell that is in a table begins with this. */
typedef struct {
  cell next; /* in the same bucket */
  uint32_t hash;
} table_node;

typedef struct {
  pool *mem;
  cell **segment; /* of TABLE_SEGMENT bucket heads each */
  uint32_t segments, room;
  uint32_t buckets; /* half < buckets <= 2 * half, once there is a segment */
  uint32_t half;    /* a power of two */
  uint32_t nodes;
} table;

/* Makes an empty table over cells of mem. Returns 0 with errno ENOMEM if not even its first buckets fit. */
extern int table_open(table *t, pool *mem);

/* Frees the directory; the buckets go with the pool. */
extern void table_close(table *t);

/* Returns the first cell with that hash, and the next after c; 0 at the end. Equal hashes are not yet equal
 * keys. */
extern cell table_first(table const *t, uint32_t hash);
extern cell table_next(table const *t, cell c);

/* Puts c in, and takes it out again; c must be out, or in. */
extern void table_add(table *t, cell c, uint32_t hash);
extern void table_remove(table *t, cell c);

/* Every cell that is in a list begins with this. It may be in a table, too. */
typedef struct {
  table_node node;
  cell prev, next;
} list_node;

/* Both 0: empty. */
typedef struct {
  cell head, tail;
} cell_list;

/* Puts c, which is in no list, at the end; takes it out again. */
extern void list_add(pool const *mem, cell_list *l, cell c);
extern void list_remove(pool const *mem, cell_list *l, cell c);

/* Moves all of from to the end of l, in constant time. */
extern void list_join(pool const *mem, cell_list *l, cell_list *from);

static inline cell list_prev(pool const *mem, cell c)
{
  return ((list_node const *)pool_at(mem, c))->prev;
}

static inline cell list_next(pool const *mem, cell c)
{
  return ((list_node const *)pool_at(mem, c))->next;
}

#endif
