#include "count/values.h"
#include "base/hash.h"
#include "count/few.h"

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
