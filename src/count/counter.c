#include "count/counter.h"
#include "count/text.h"
#include <assert.h>

#define INLINE_LONG (COUNTER_KEY - sizeof(cell))

static_assert(sizeof(counter) <= CELL_BYTES, "a counter is a cell");
static_assert(sizeof(counter_record) <= CELL_BYTES, "a record is a cell");

static size_t inline_length(counter const *c)
{
  return c->length > COUNTER_KEY ? INLINE_LONG : c->length;
}

static cell rest_of(counter const *c)
{
  cell rest;
  memcpy(&rest, c->key + INLINE_LONG, sizeof rest);
  return rest;
}

cell counter_new(pool *mem, span key)
{
  cell made = pool_take(mem), rest;
  counter *c;

  if (!made)
    return 0;
  c = counter_at(mem, made);
  c->length = (key.len < COUNTER_KEY_MAX ? key.len : COUNTER_KEY_MAX) & 0x3fff;
  memcpy(c->key, key.s, inline_length(c));
  if (c->length > COUNTER_KEY) {
    rest = text_store(mem, (span){key.s + INLINE_LONG, c->length - INLINE_LONG});
    if (!rest) {
      pool_give(mem, made);
      return 0;
    }
    memcpy(c->key + INLINE_LONG, &rest, sizeof rest);
  }
  return made;
}

void counter_free(pool *mem, cell freed)
{
  counter const *c = counter_at(mem, freed);

  if (c->state >= COUNTER_MANY) {
    ring_clear(&counter_record_of(mem, c)->window, mem);
    pool_give(mem, c->u.record);
  }
  if (c->length > COUNTER_KEY)
    text_free(mem, rest_of(c));
  pool_give(mem, freed);
}

int counter_promote(pool *mem, counter *c)
{
  cell made = pool_take(mem);
  counter_record *r;
  uint64_t weight = 1;

  if (!made)
    return 0;
  r = pool_at(mem, made);
  *r = (counter_record){.peak = 1, .total = 1, .peak_at = c->u.when};
  if (c->state == COUNTER_SINGLE && !ring_add(&r->window, mem, c->u.when, &weight, 0)) {
    pool_give(mem, made);
    return 0;
  }
  c->u.record = made;
  c->state = COUNTER_MANY;
  return 1;
}

int counter_is(pool const *mem, counter const *c, span key)
{
  size_t n = inline_length(c);

  if (key.len != c->length || memcmp(c->key, key.s, n))
    return 0;
  return n == key.len || text_begins(mem, rest_of(c), (span){key.s + n, key.len - n});
}

size_t counter_key(pool const *mem, counter const *c, char *out)
{
  size_t n = inline_length(c);

  memcpy(out, c->key, n);
  if (n < c->length)
    text_load(mem, rest_of(c), out + n, c->length - n);
  return c->length;
}
