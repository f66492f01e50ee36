#include "count/values.h"
#include "base/hash.h"
#include "count/few.h"
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

static int is_few(value_set const *s)
{
  return s->sum && !s->all.tail;
}

cell values_find(values const *v, value_set const *s, uint64_t x)
{
  uint64_t what = hash_mix(x, s->id);
  cell c;

  if (is_few(s))
    return (cell)few_find(v->mem, s->all.head, s->sum, what);
  c = s->sum ? table_first(v->known, (uint32_t)what) : 0;
  while (c && (value_at(v->mem, c)->mark != VALUES_MARK || value_at(v->mem, c)->what != what))
    c = table_next(v->known, c);
  return c;
}

/* Puts c at the end; with passes the next one takes the part of *place. */
static void append(values *v, value_set *s, cell c, int64_t when, cell *place, int passes)
{
  value *n = value_at(v->mem, c);

  n->when = when;
  n->serial = ++v->serials;
  list_add(v->mem, &s->all, c);
  if (passes && *place)
    *place = list_next(v->mem, *place);
}

static void append_new(values *v, value_set *s, cell c, few_value const *x, cell *place)
{
  *value_at(v->mem, c) = (value){.what = x->what, .mark = VALUES_MARK};
  table_add(v->known, c, (uint32_t)x->what);
  append(v, s, c, x->when, place, place != 0);
}

static void drop(values *v, cell_list *l)
{
  cell c = l->head;

  list_remove(v->mem, l, c);
  table_remove(v->known, c);
  pool_give(v->mem, c);
}

/* Gives each of a few a cell of its own. Returns 1, or 0 with errno ENOMEM and nothing changed. */
static int spread(values *v, value_set *s)
{
  cell few = s->all.head, made[FEW_MOST] = {0};

  for (size_t i = 0; i < s->sum; i++) {
    made[i] = pool_take(v->mem);
    if (!made[i]) {
      while (i)
        pool_give(v->mem, made[--i]);
      return 0;
    }
  }
  for (size_t i = 0; i < s->sum; i++)
    append_new(v, s, made[i], few_at(v->mem, few) + i, 0);
  pool_give(v->mem, few);
  return 1;
}

int values_add(values *v, value_set *s, uint64_t x, int64_t when, cell *place)
{
  int few = !place && !s->all.tail && s->sum < FEW_MOST;
  cell c = few && s->sum ? s->all.head : pool_take(v->mem);
  few_value added = {.when = when};

  if (!c)
    return 0;
  if (!few && is_few(s) && !spread(v, s)) {
    pool_give(v->mem, c);
    return 0;
  }
  if (!s->sum)
    s->id = ++v->ids;
  added.what = hash_mix(x, s->id);
  if (few) {
    s->all.head = c;
    few_at(v->mem, c)[s->sum++] = added;
    return 1;
  }
  append_new(v, s, c, &added, place);
  if (s->sum < VALUES_MOST)
    s->sum++;
  else
    drop(v, &s->all);
  return 1;
}

void values_again(values *v, value_set *s, cell c, int64_t when, cell *place)
{
  int passes;

  if (is_few(s)) {
    few_again(v->mem, s->all.head, s->sum, c, when);
    return;
  }
  if (c == s->all.tail) { /* which is newer than no other */
    value_at(v->mem, c)->when = when;
    return;
  }
  passes = place && *place && value_at(v->mem, c)->serial < value_at(v->mem, *place)->serial;
  if (place && c == *place)
    *place = list_next(v->mem, c);
  list_remove(v->mem, &s->all, c);
  append(v, s, c, when, place, passes);
}

void values_forget(values *v, value_set *s, int64_t until)
{
  if (!s->sum)
    return;
  if (values_newest(v->mem, s) <= until)
    values_leave(v, s);
  else if (is_few(s))
    s->sum = few_forget(v->mem, s->all.head, s->sum, until);
  else
    for (; values_oldest(v->mem, s) <= until; s->sum--)
      drop(v, &s->all);
}

void values_leave(values *v, value_set *s)
{
  if (is_few(s)) {
    pool_give(v->mem, s->all.head);
    s->all.head = 0;
  }
  list_join(v->mem, &v->stale, &s->all);
  s->sum = 0;
}

int values_free(values *v)
{
  if (!v->stale.head)
    return 0;
  drop(v, &v->stale);
  return 1;
}

int64_t values_when(pool const *mem, cell place)
{
  return value_at(mem, place)->when;
}

int64_t values_oldest(pool const *mem, value_set const *s)
{
  return is_few(s) ? few_at(mem, s->all.head)->when : values_when(mem, s->all.head);
}

int64_t values_newest(pool const *mem, value_set const *s)
{
  return is_few(s) ? few_at(mem, s->all.head)[s->sum - 1].when : values_when(mem, s->all.tail);
}

cell values_place(pool const *mem, value_set const *s, uint64_t newer)
{
  cell c = s->all.head;

  while (++newer < s->sum)
    c = list_next(mem, c);
  return c;
}
