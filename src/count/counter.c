#include "count/counter.h"
#include "count/text.h"
#include <assert.h>
#include <stddef.h>

static_assert(sizeof(counter) <= CELL_BYTES, "a counter is a cell");
static_assert(offsetof(counter, set) == DISTINCT_MARK_AT, "a counter is told from a value by its set");
static_assert(sizeof(counter_record) <= CELL_BYTES, "a record is a cell");

/* The bytes for the key in the counter's own cell, and where they hold the handle of a text. */
static size_t room(counter const *c)
{
  return c->distinct ? COUNTER_VALUE : COUNTER_KEY;
}

static size_t handle_place(counter const *c)
{
  return room(c) - sizeof(cell);
}

static size_t inline_length(counter const *c)
{
  return c->length > room(c) ? handle_place(c) : c->length;
}

static cell rest_of(counter const *c)
{
  cell rest;
  memcpy(&rest, c->key + handle_place(c), sizeof rest);
  return rest;
}

cell counter_new(pool *mem, span key, int distinct)
{
  cell made = pool_take(mem), rest;
  counter *c;
  size_t n;

  if (!made)
    return 0;
  c = counter_at(mem, made);
  c->distinct = distinct != 0;
  c->length = (key.len < COUNTER_KEY_MAX ? key.len : COUNTER_KEY_MAX) & 0x1ffff;
  n = inline_length(c);
  memcpy(c->key, key.s, n);
  if (n < c->length) {
    rest = text_store(mem, (span){key.s + n, c->length - n});
    if (!rest) {
      pool_give(mem, made);
      return 0;
    }
    memcpy(c->key + n, &rest, sizeof rest);
  }
  return made;
}

void counter_free(pool *mem, cell freed)
{
  counter const *c = counter_at(mem, freed);

  if (inline_length(c) < c->length)
    text_free(mem, rest_of(c));
  pool_give(mem, freed);
}

void counter_keep_value(counter *c, uint64_t value)
{
  memcpy(c->key + COUNTER_VALUE, &value, sizeof value);
}

uint64_t counter_value(counter const *c)
{
  uint64_t value;
  memcpy(&value, c->key + COUNTER_VALUE, sizeof value);
  return value;
}

int counter_is(pool const *mem, counter const *c, span key)
{
  size_t n = inline_length(c);

  if (key.len != c->length || memcmp(c->key, key.s, n))
    return 0;
  return n == key.len || text_begins(mem, rest_of(c), (span){key.s + n, key.len - n});
}

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* How far a key has been read. */
typedef struct {
  size_t place;
  text_place rest;
} reading;

static reading from_start(counter const *c)
{
  return (reading){0, {inline_length(c) < c->length ? rest_of(c) : 0, 0}};
}

/* Writes the next len bytes to out. */
static void read_on(pool const *mem, counter const *c, reading *r, char *out, size_t len)
{
  size_t here = inline_length(c), n = r->place < here ? least(here - r->place, len) : 0;

  memcpy(out, c->key + (n ? r->place : 0), n);
  text_read(mem, &r->rest, out + n, len - n);
  r->place += len;
}

size_t counter_key(pool const *mem, counter const *c, char *out, size_t most)
{
  reading r = from_start(c);
  size_t len = least(c->length, most);

  read_on(mem, c, &r, out, len);
  return len;
}

int counter_compare(pool const *mem, counter const *a, counter const *b)
{
  size_t both = least(a->length, b->length);
  reading of_a = from_start(a), of_b = from_start(b);
  int order = 0;

  while (!order && of_a.place < both) {
    char left[CELL_BYTES], right[CELL_BYTES];
    size_t n = least(both - of_a.place, sizeof left);
    read_on(mem, a, &of_a, left, n);
    read_on(mem, b, &of_b, right, n);
    order = memcmp(left, right, n);
  }
  return order ? order : (a->length > b->length) - (a->length < b->length);
}

static counter_record *record_of(pool const *mem, counter const *k)
{
  return counter_record_of(mem, k);
}

static episode *episode_of(pool const *mem, counter const *k)
{
  return episode_at(mem, record_of(mem, k)->episode);
}

/* The first event of a counter, which has a fresh record. */
static int add_first(distinct_all *v, counter_record *r, counter const *k, int64_t when)
{
  uint64_t weight = 1;

  if (k->distinct)
    return distinct_add(v, &r->distinct, counter_value(k), when, 0);
  return ring_add(&r->window, v->mem, when, &weight, 0);
}

int window_open(distinct_all *v, counter *k)
{
  cell made = pool_take(v->mem);
  counter_record *r;

  if (!made)
    return 0;
  r = pool_at(v->mem, made);
  *r = (counter_record){.peak = 1, .total = 1, .peak_at = k->u.when};
  if (k->state == COUNTER_SINGLE && !add_first(v, r, k, k->u.when)) {
    pool_give(v->mem, made);
    return 0;
  }
  k->u.record = made;
  k->state = COUNTER_RECORDED;
  return 1;
}

void window_close(distinct_all *v, counter *k)
{
  window_clear(v, k);
  pool_give(v->mem, k->u.record);
}

int window_add(distinct_all *v, counter *k, int64_t when, uint64_t value, cell known, uint64_t *weight,
               int64_t tolerance)
{
  counter_record *r = record_of(v->mem, k);
  cell *place;

  if (!k->distinct)
    return ring_add(&r->window, v->mem, when, weight, tolerance);
  place = k->state == COUNTER_OVER ? &episode_of(v->mem, k)->clear_block : 0;
  *weight = known ? 0 : 1;
  if (!known)
    return distinct_add(v, &r->distinct, value, when, place);
  distinct_again(v, &r->distinct, known, when, place);
  return 1;
}

void window_forget(distinct_all *v, counter *k, int64_t until)
{
  counter_record *r = record_of(v->mem, k);

  if (k->distinct)
    distinct_forget(v, &r->distinct, until);
  else
    ring_forget(&r->window, v->mem, until);
}

void window_clear(distinct_all *v, counter *k)
{
  counter_record *r = record_of(v->mem, k);

  if (k->distinct)
    distinct_leave(v, &r->distinct);
  else
    ring_clear(&r->window, v->mem);
}

uint64_t window_sum_after(pool const *mem, counter const *k, int64_t until)
{
  counter_record const *r = record_of(mem, k);

  return k->distinct ? distinct_after(mem, &r->distinct, until) : ring_sum_after(&r->window, mem, until);
}

int window_empty(pool const *mem, counter const *k)
{
  counter_record const *r = record_of(mem, k);
  return k->distinct ? !r->distinct.sum : !r->window.entries;
}

int64_t window_oldest(pool const *mem, counter const *k)
{
  counter_record const *r = record_of(mem, k);

  if (window_empty(mem, k))
    return INT64_MAX;
  return k->distinct ? distinct_oldest(mem, &r->distinct) : ring_at(mem, ring_oldest(&r->window)).when;
}

int64_t window_newest(pool const *mem, counter const *k)
{
  counter_record const *r = record_of(mem, k);

  if (window_empty(mem, k))
    return INT64_MIN;
  return k->distinct ? distinct_newest(mem, &r->distinct) : ring_at(mem, ring_newest(&r->window)).when;
}

void window_clear_find(pool const *mem, counter const *k, uint64_t clear)
{
  counter_record const *r = record_of(mem, k);
  episode *e = episode_of(mem, k);

  if (k->distinct)
    e->clear_block = distinct_place(mem, &r->distinct, clear);
  else
    episode_clear_find(e, mem, &r->window, clear);
}

void window_clear_move(pool const *mem, counter const *k, uint64_t clear, uint64_t weight)
{
  if (!k->distinct) /* values take care of their place */
    episode_clear_move(episode_of(mem, k), mem, &record_of(mem, k)->window, clear, weight);
}

int64_t window_clear_when(pool const *mem, counter const *k)
{
  episode const *e = episode_of(mem, k);
  return k->distinct ? distinct_when(mem, e->clear_block) : ring_at(mem, episode_cursor(e)).when;
}
