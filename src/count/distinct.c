#include "count/distinct.h"
#include "base/hash.h"
#include <assert.h>
#include <stddef.h>
#include <string.h>

size_t few_find(pool const *mem, cell c, size_t n, uint64_t what)
{
  few_value const *v = few_at(mem, c);

  while (n && v[n - 1].what != what)
    n--;
  return n;
}

void few_again(pool const *mem, cell c, size_t n, size_t i, int64_t when)
{
  few_value *v = few_at(mem, c), again = v[i - 1];

  memmove(v + i - 1, v + i, (n - i) * sizeof *v);
  v[n - 1] = (few_value){again.what, when};
}

size_t few_forget(pool const *mem, cell c, size_t n, int64_t until)
{
  few_value *v = few_at(mem, c);
  size_t gone = 0;

  while (gone < n && v[gone].when <= until)
    gone++;
  if (gone)
    memmove(v, v + gone, (n - gone) * sizeof *v);
  return n - gone;
}

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

static int is_few(value_set const *s)
{
  return s->sum && !s->all.tail;
}

cell values_find(values const *v, value_set const *s, uint64_t x)
{
  uint64_t what = hash_mix(x, s->id);

  if (is_few(s))
    return (cell)few_find(v->many.mem, s->all.head, s->sum, what);
  return s->sum ? many_find(&v->many, what) : 0;
}

/* Gives each of a few a cell of its own. Returns 1, or 0 with errno ENOMEM and nothing changed. */
static int spread(values *v, value_set *s)
{
  pool *mem = v->many.mem;
  cell few = s->all.head, made[FEW_MOST] = {0};

  for (size_t i = 0; i < s->sum; i++) {
    made[i] = pool_take(mem);
    if (!made[i]) {
      while (i)
        pool_give(mem, made[--i]);
      return 0;
    }
  }
  for (size_t i = 0; i < s->sum; i++)
    many_add(&v->many, &s->all, made[i], few_at(mem, few)[i].what, few_at(mem, few)[i].when);
  pool_give(mem, few);
  return 1;
}

int values_add(values *v, value_set *s, uint64_t x, int64_t when, cell *place)
{
  pool *mem = v->many.mem;
  int few = !place && !s->all.tail && s->sum < FEW_MOST;
  cell c = few && s->sum ? s->all.head : pool_take(mem);
  few_value added = {.when = when};

  if (!c)
    return 0;
  if (!few && is_few(s) && !spread(v, s)) {
    pool_give(mem, c);
    return 0;
  }
  if (!s->sum)
    s->id = ++v->ids;
  added.what = hash_mix(x, s->id);
  if (few) {
    s->all.head = c;
    few_at(mem, c)[s->sum++] = added;
    return 1;
  }
  many_add(&v->many, &s->all, c, added.what, when);
  if (place && *place)
    *place = list_next(mem, *place);
  if (s->sum < VALUES_MOST)
    s->sum++;
  else
    many_drop(&v->many, &s->all);
  return 1;
}

void values_again(values *v, value_set *s, cell c, int64_t when, cell *place)
{
  if (is_few(s))
    few_again(v->many.mem, s->all.head, s->sum, c, when);
  else
    many_again(&v->many, &s->all, c, when, place);
}

void values_forget(values *v, value_set *s, int64_t until)
{
  if (!s->sum)
    return;
  if (values_newest(v->many.mem, s) <= until)
    values_leave(v, s);
  else if (is_few(s))
    s->sum = few_forget(v->many.mem, s->all.head, s->sum, until);
  else
    for (; values_oldest(v->many.mem, s) <= until; s->sum--)
      many_drop(&v->many, &s->all);
}

uint64_t values_after(pool const *mem, value_set const *s, int64_t until)
{
  uint64_t n = s->sum;

  if (is_few(s)) {
    for (few_value const *v = few_at(mem, s->all.head); n && v->when <= until; v++)
      n--;
    return n;
  }
  for (cell c = s->all.head; n && many_when(mem, c) <= until; c = list_next(mem, c))
    n--;
  return n;
}

void values_leave(values *v, value_set *s)
{
  if (is_few(s)) {
    pool_give(v->many.mem, s->all.head);
    s->all.head = 0;
  }
  list_join(v->many.mem, &v->stale, &s->all);
  s->sum = 0;
}

int values_free(values *v)
{
  if (!v->stale.head)
    return 0;
  many_drop(&v->many, &v->stale);
  return 1;
}

int64_t values_oldest(pool const *mem, value_set const *s)
{
  return is_few(s) ? few_at(mem, s->all.head)->when : many_when(mem, s->all.head);
}

int64_t values_newest(pool const *mem, value_set const *s)
{
  return is_few(s) ? few_at(mem, s->all.head)[s->sum - 1].when : many_when(mem, s->all.tail);
}

cell values_place(pool const *mem, value_set const *s, uint64_t newer)
{
  cell c = s->all.head;

  while (++newer < s->sum)
    c = list_next(mem, c);
  return c;
}
