#include "count/many.h"
#include <assert.h>
#include <stddef.h>

typedef struct {
  list_node node;
  uint64_t what;
  uint16_t mark;   /* MANY_MARK */
  int64_t when;    /* its newest event */
  uint64_t serial; /* higher than that of all values with an older event */
} value;

static_assert(sizeof(value) <= CELL_BYTES, "a value is a cell");
static_assert(offsetof(value, mark) == MANY_MARK_AT, "a value is told from other cells");

static value *value_at(pool const *mem, cell c)
{
  return pool_at(mem, c);
}

cell many_find(many const *m, uint64_t what)
{
  cell c = table_first(m->known, (uint32_t)what);

  while (c && (value_at(m->mem, c)->mark != MANY_MARK || value_at(m->mem, c)->what != what))
    c = table_next(m->known, c);
  return c;
}

static void append(many *m, cell_list *l, cell c, int64_t when)
{
  value *n = value_at(m->mem, c);

  n->when = when;
  n->serial = ++m->serials;
  list_add(m->mem, l, c);
}

void many_add(many *m, cell_list *l, cell c, uint64_t what, int64_t when)
{
  *value_at(m->mem, c) = (value){.what = what, .mark = MANY_MARK};
  table_add(m->known, c, (uint32_t)what);
  append(m, l, c, when);
}

void many_again(many *m, cell_list *l, cell c, int64_t when, cell *place)
{
  int passes;

  if (c == l->tail) { /* which is newer than no other */
    value_at(m->mem, c)->when = when;
    return;
  }
  passes = place && *place && value_at(m->mem, c)->serial < value_at(m->mem, *place)->serial;
  if (place && c == *place)
    *place = list_next(m->mem, c);
  list_remove(m->mem, l, c);
  append(m, l, c, when);
  if (passes)
    *place = list_next(m->mem, *place);
}

void many_drop(many const *m, cell_list *l)
{
  cell c = l->head;

  list_remove(m->mem, l, c);
  table_remove(m->known, c);
  pool_give(m->mem, c);
}

int64_t many_when(pool const *mem, cell c)
{
  return value_at(mem, c)->when;
}
