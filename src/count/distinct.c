#include "count/distinct.h"
#include "base/hash.h"
#include <assert.h>
#include <stddef.h>
#include <string.h>

/* One of a few that share a cell, oldest event first. */
typedef struct {
  uint64_t fingerprint;
  int64_t when; /* its newest event */
} few_value;

#define FEW_MOST (CELL_BYTES / sizeof(few_value))

/* One that has a cell of its own. */
typedef struct {
  list_node node;
  uint64_t fingerprint;
  uint16_t mark;   /* DISTINCT_MARK */
  int64_t when;    /* its newest event */
  uint64_t serial; /* higher than that of all values of the set with an older event */
} value;

static_assert(sizeof(value) <= CELL_BYTES, "a value is a cell");
static_assert(offsetof(value, mark) == DISTINCT_MARK_AT, "a value is told from other cells");

static value *value_at(pool const *mem, cell c)
{
  return pool_at(mem, c);
}

static int is_few(distinct_set const *s)
{
  return s->sum && !s->all.tail;
}

static few_value *few_of(pool const *mem, distinct_set const *s)
{
  return pool_at(mem, s->all.head);
}

/* Returns its number from 1 on, 0: none. */
static cell few_find(few_value const *v, uint64_t n, uint64_t fingerprint)
{
  while (n && v[n - 1].fingerprint != fingerprint)
    n--;
  return (cell)n;
}

static void few_again(few_value *v, uint64_t n, cell number, int64_t when)
{
  few_value again = {v[number - 1].fingerprint, when};

  memmove(v + number - 1, v + number, (n - number) * sizeof *v);
  v[n - 1] = again;
}

/* Returns how many are left. */
static uint64_t few_forget(few_value *v, uint64_t n, int64_t until)
{
  uint64_t gone = 0;

  while (gone < n && v[gone].when <= until)
    gone++;
  if (gone)
    memmove(v, v + gone, (n - gone) * sizeof *v);
  return n - gone;
}

/* Puts a value at the end of a list. */
static void append(distinct_all *d, cell_list *l, cell c, int64_t when)
{
  value *v = value_at(d->mem, c);

  v->when = when;
  v->serial = ++d->serials;
  list_add(d->mem, l, c);
}

/* Makes a value of a cell. */
static void own_add(distinct_all *d, cell_list *l, cell c, few_value added)
{
  *value_at(d->mem, c) = (value){.fingerprint = added.fingerprint, .mark = DISTINCT_MARK};
  table_add(d->table, c, (uint32_t)added.fingerprint);
  append(d, l, c, added.when);
}

static void own_again(distinct_all *d, cell_list *l, cell c, int64_t when, cell *place)
{
  int passes;

  if (c == l->tail) { /* which is newer than no other */
    value_at(d->mem, c)->when = when;
    return;
  }
  passes = place && *place && value_at(d->mem, c)->serial < value_at(d->mem, *place)->serial;
  if (place && c == *place)
    *place = list_next(d->mem, c);
  list_remove(d->mem, l, c);
  append(d, l, c, when);
  if (passes)
    *place = list_next(d->mem, *place);
}

/* Frees the oldest value of a list. */
static void own_drop(distinct_all const *d, cell_list *l)
{
  cell c = l->head;

  list_remove(d->mem, l, c);
  table_remove(d->table, c);
  pool_give(d->mem, c);
}

cell distinct_find(distinct_all const *d, distinct_set const *s, uint64_t x)
{
  uint64_t fingerprint = hash_mix(x, s->id);
  cell c;

  if (!s->sum)
    return 0;
  if (is_few(s))
    return few_find(few_of(d->mem, s), s->sum, fingerprint);
  c = table_first(d->table, (uint32_t)fingerprint);
  while (c && (value_at(d->mem, c)->mark != DISTINCT_MARK || value_at(d->mem, c)->fingerprint != fingerprint))
    c = table_next(d->table, c);
  return c;
}

/* Gives each of a few a cell of its own. Returns 1, or 0 with errno ENOMEM and nothing changed. */
static int spread(distinct_all *d, distinct_set *s)
{
  cell shared = s->all.head, made[FEW_MOST] = {0};
  few_value const *v = few_of(d->mem, s);

  for (size_t i = 0; i < s->sum; i++) {
    made[i] = pool_take(d->mem);
    if (!made[i]) {
      while (i)
        pool_give(d->mem, made[--i]);
      return 0;
    }
  }
  s->all.head = 0;
  for (size_t i = 0; i < s->sum; i++)
    own_add(d, &s->all, made[i], v[i]);
  pool_give(d->mem, shared);
  return 1;
}

int distinct_add(distinct_all *d, distinct_set *s, uint64_t x, int64_t when, cell *place)
{
  int few = !place && !s->all.tail && s->sum < FEW_MOST;
  cell c = few && s->sum ? s->all.head : pool_take(d->mem);
  few_value added = {.when = when};

  if (!c)
    return 0;
  if (!few && is_few(s) && !spread(d, s)) {
    pool_give(d->mem, c);
    return 0;
  }
  if (!s->sum)
    s->id = ++d->ids;
  added.fingerprint = hash_mix(x, s->id);
  if (few) {
    s->all.head = c;
    few_of(d->mem, s)[s->sum++] = added;
    return 1;
  }
  own_add(d, &s->all, c, added);
  if (place && *place)
    *place = list_next(d->mem, *place);
  if (s->sum < DISTINCT_MOST)
    s->sum++;
  else
    own_drop(d, &s->all);
  return 1;
}

void distinct_again(distinct_all *d, distinct_set *s, cell c, int64_t when, cell *place)
{
  if (is_few(s))
    few_again(few_of(d->mem, s), s->sum, c, when);
  else
    own_again(d, &s->all, c, when, place);
}

void distinct_forget(distinct_all *d, distinct_set *s, int64_t until)
{
  if (!s->sum)
    return;
  if (distinct_newest(d->mem, s) <= until)
    distinct_leave(d, s);
  else if (is_few(s))
    s->sum = few_forget(few_of(d->mem, s), s->sum, until);
  else
    for (; distinct_oldest(d->mem, s) <= until; s->sum--)
      own_drop(d, &s->all);
}

uint64_t distinct_after(pool const *mem, distinct_set const *s, int64_t until)
{
  uint64_t n = s->sum;

  if (is_few(s)) {
    for (few_value const *v = few_of(mem, s); n && v->when <= until; v++)
      n--;
    return n;
  }
  for (cell c = s->all.head; n && distinct_when(mem, c) <= until; c = list_next(mem, c))
    n--;
  return n;
}

void distinct_leave(distinct_all *d, distinct_set *s)
{
  if (is_few(s)) {
    pool_give(d->mem, s->all.head);
    s->all.head = 0;
  }
  list_join(d->mem, &d->left, &s->all);
  s->sum = 0;
}

int distinct_free(distinct_all *d)
{
  if (!d->left.head)
    return 0;
  own_drop(d, &d->left);
  return 1;
}

int64_t distinct_oldest(pool const *mem, distinct_set const *s)
{
  return is_few(s) ? few_of(mem, s)->when : distinct_when(mem, s->all.head);
}

int64_t distinct_newest(pool const *mem, distinct_set const *s)
{
  return is_few(s) ? few_of(mem, s)[s->sum - 1].when : distinct_when(mem, s->all.tail);
}

cell distinct_place(pool const *mem, distinct_set const *s, uint64_t newer)
{
  cell c = s->all.head;

  while (++newer < s->sum)
    c = list_next(mem, c);
  return c;
}

int64_t distinct_when(pool const *mem, cell place)
{
  return value_at(mem, place)->when;
}
