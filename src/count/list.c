#include "count/list.h"

static list_node *node_at(pool const *mem, cell c)
{
  return pool_at(mem, c);
}

void list_add(pool const *mem, cell_list *l, cell c)
{
  list_node *n = node_at(mem, c);

  n->prev = l->tail;
  n->next = 0;
  if (l->tail)
    node_at(mem, l->tail)->next = c;
  else
    l->head = c;
  l->tail = c;
}

void list_remove(pool const *mem, cell_list *l, cell c)
{
  list_node const *n = node_at(mem, c);

  if (n->prev)
    node_at(mem, n->prev)->next = n->next;
  else
    l->head = n->next;
  if (n->next)
    node_at(mem, n->next)->prev = n->prev;
  else
    l->tail = n->prev;
}

void list_join(pool const *mem, cell_list *l, cell_list *from)
{
  if (!from->head)
    return;
  if (l->tail) {
    node_at(mem, l->tail)->next = from->head;
    node_at(mem, from->head)->prev = l->tail;
  } else
    l->head = from->head;
  l->tail = from->tail;
  *from = (cell_list){0, 0};
}
