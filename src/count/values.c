#include "count/values.h"
#include "base/hash.h"
#include <assert.h>
#include <stddef.h>

typedef struct {
  list_node node;
  uint64_t what;   /* the value, mixed with the number of its set */
  uint16_t mark;   /* VALUES_MARK */
  int64_t when;    /* its newest event */
  uint64_t serial; /* higher than that of all values with an older event */
} value;

static_assert(sizeof(value) <= CELL_BYTES, "a value is a cell");
static_assert(offsetof(value, mark) == VALUES_MARK_AT, "a value is told from other cells");

static value *value_at(pool const *mem, cell c)
{
  return pool_at(mem, c);
}

int64_t values_when(pool const *mem, cell c)
{
  return value_at(mem, c)->when;
}

cell values_find(values const *v, value_set const *s, uint64_t x)
{
  uint64_t what = hash_mix(x, s->id);
  cell c = s->sum ? table_first(v->known, (uint32_t)what) : 0;

  while (c && (value_at(v->mem, c)->mark != VALUES_MARK || value_at(v->mem, c)->what != what))
    c = table_next(v->known, c);
  return c;
}

/* Puts c at the end. If it is not newer than the place already, the next one takes the place's part. */
static void append(values *v, value_set *s, cell c, int64_t when, cell *place, int passes)
{
  value *n = value_at(v->mem, c);

  n->when = when;
  n->serial = ++v->serials;
  list_add(v->mem, &s->all, c);
  if (*place && passes)
    *place = list_next(v->mem, *place);
}

static void drop_oldest(values *v, value_set *s)
{
  cell c = s->all.head;

  list_remove(v->mem, &s->all, c);
  table_remove(v->known, c);
  pool_give(v->mem, c);
  s->sum--;
}

int values_add(values *v, value_set *s, uint64_t x, int64_t when, cell *place)
{
  cell c = pool_take(v->mem);

  if (!c)
    return 0;
  if (!s->sum)
    s->id = ++v->ids;
  *value_at(v->mem, c) = (value){.what = hash_mix(x, s->id), .mark = VALUES_MARK};
  table_add(v->known, c, (uint32_t)value_at(v->mem, c)->what);
  append(v, s, c, when, place, 1);
  if (++s->sum > VALUES_MOST)
    drop_oldest(v, s);
  return 1;
}

void values_again(values *v, value_set *s, cell c, int64_t when, cell *place)
{
  int passes = *place && value_at(v->mem, c)->serial <= value_at(v->mem, *place)->serial;

  if (c == s->all.tail) { /* which is newer than no other */
    value_at(v->mem, c)->when = when;
    return;
  }
  if (c == *place) {
    *place = list_next(v->mem, c);
    passes = 0;
  }
  list_remove(v->mem, &s->all, c);
  append(v, s, c, when, place, passes);
}

void values_forget(values *v, value_set *s, int64_t until)
{
  if (s->sum && values_when(v->mem, s->all.tail) <= until)
    values_leave(v, s);
  while (s->sum && values_when(v->mem, s->all.head) <= until)
    drop_oldest(v, s);
}

void values_leave(values *v, value_set *s)
{
  list_join(v->mem, &v->stale, &s->all);
  s->sum = 0;
}

int values_free(values *v)
{
  cell c = v->stale.head;

  if (!c)
    return 0;
  list_remove(v->mem, &v->stale, c);
  table_remove(v->known, c);
  pool_give(v->mem, c);
  return 1;
}
