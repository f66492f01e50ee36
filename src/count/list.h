/* list.h - cells in an order, such as that of their last use: each knows its neighbours, so any can leave. */
#ifndef COUNT_LIST_H
#define COUNT_LIST_H

#include "count/table.h"

/* Every cell that is in a list begins with this. It may stand in a table, too. */
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
