#include "count/window.h"

static counter_record *record_of(pool const *mem, counter const *k)
{
  return counter_record_of(mem, k);
}

static episode *episode_of(pool const *mem, counter const *k)
{
  return episode_at(mem, record_of(mem, k)->episode);
}

/* The first event of a counter, which has a fresh record. */
static int add_first(values *v, counter_record *r, counter const *k, int64_t when)
{
  uint64_t weight = 1;

  if (k->different)
    return values_add(v, &r->different, counter_value(k), when, 0);
  return ring_add(&r->window, v->many.mem, when, &weight, 0);
}

int window_open(values *v, counter *k)
{
  cell made = pool_take(v->many.mem);
  counter_record *r;

  if (!made)
    return 0;
  r = pool_at(v->many.mem, made);
  *r = (counter_record){.peak = 1, .total = 1, .peak_at = k->u.when};
  if (k->state == COUNTER_SINGLE && !add_first(v, r, k, k->u.when)) {
    pool_give(v->many.mem, made);
    return 0;
  }
  k->u.record = made;
  k->state = COUNTER_MANY;
  return 1;
}

void window_close(values *v, counter *k)
{
  window_clear(v, k);
  pool_give(v->many.mem, k->u.record);
}

int window_add(values *v, counter *k, int64_t when, uint64_t value, cell known, uint64_t *weight,
               int64_t grain)
{
  counter_record *r = record_of(v->many.mem, k);
  cell *place;

  if (!k->different)
    return ring_add(&r->window, v->many.mem, when, weight, grain);
  place = k->state == COUNTER_OVER ? &episode_of(v->many.mem, k)->clear_block : 0;
  *weight = known ? 0 : 1;
  if (!known)
    return values_add(v, &r->different, value, when, place);
  values_again(v, &r->different, known, when, place);
  return 1;
}

void window_forget(values *v, counter *k, int64_t until)
{
  counter_record *r = record_of(v->many.mem, k);

  if (k->different)
    values_forget(v, &r->different, until);
  else
    ring_forget(&r->window, v->many.mem, until);
}

void window_clear(values *v, counter *k)
{
  counter_record *r = record_of(v->many.mem, k);

  if (k->different)
    values_leave(v, &r->different);
  else
    ring_clear(&r->window, v->many.mem);
}

int window_empty(pool const *mem, counter const *k)
{
  counter_record const *r = record_of(mem, k);
  return k->different ? !r->different.sum : !r->window.entries;
}

int64_t window_oldest(pool const *mem, counter const *k)
{
  counter_record const *r = record_of(mem, k);

  if (window_empty(mem, k))
    return INT64_MAX;
  return k->different ? values_oldest(mem, &r->different) : ring_at(mem, ring_oldest(&r->window)).when;
}

int64_t window_newest(pool const *mem, counter const *k)
{
  counter_record const *r = record_of(mem, k);

  if (window_empty(mem, k))
    return INT64_MIN;
  return k->different ? values_newest(mem, &r->different) : ring_at(mem, ring_newest(&r->window)).when;
}

void window_clear_find(pool const *mem, counter const *k, uint64_t clear)
{
  counter_record const *r = record_of(mem, k);
  episode *e = episode_of(mem, k);

  if (k->different)
    e->clear_block = values_place(mem, &r->different, clear);
  else
    episode_clear_find(e, mem, &r->window, clear);
}

void window_clear_move(pool const *mem, counter const *k, uint64_t clear, uint64_t weight)
{
  if (!k->different) /* values take care of their place */
    episode_clear_move(episode_of(mem, k), mem, &record_of(mem, k)->window, clear, weight);
}

int64_t window_clear_when(pool const *mem, counter const *k)
{
  episode const *e = episode_of(mem, k);
  return k->different ? many_when(mem, e->clear_block) : ring_at(mem, episode_clear(e)).when;
}
