#include "mail/pending.h"
#include <assert.h>

static_assert(sizeof(delivery) <= CELL_BYTES, "a delivery is a cell");

static uint32_t hash_of(messages const *m, uint64_t run, uint64_t number)
{
  return hash_number(m->key, run, number);
}

cell pending_find(messages const *m, uint64_t run, uint64_t number, int is_run)
{
  cell d = table_first(&m->by_delivery, hash_of(m, run, number));

  for (; d; d = table_next(&m->by_delivery, d)) {
    delivery const *k = delivery_at(m, d);
    if (k->run == run && k->number == number && (k->owner == 0) == is_run)
      break;
  }
  return d;
}

static cell add(messages *m, delivery const *what)
{
  cell d = pool_take(m->mem);

  if (d) {
    *(what->owner ? &m->cells : &m->runs) += 1;
    *delivery_at(m, d) = *what;
    table_add(&m->by_delivery, d, hash_of(m, what->run, what->number));
  }
  return d;
}

static void drop(messages *m, cell d)
{
  *(delivery_at(m, d)->owner ? &m->cells : &m->runs) -= 1;
  table_remove(&m->by_delivery, d);
  pool_give(m->mem, d);
}

/* A delivery becomes the newest of its run, or leaves it; a run ends with its last delivery. */
static void run_join(messages *m, cell d)
{
  delivery *k = delivery_at(m, d), *run = delivery_at(m, k->owner);

  k->older = run->older;
  k->newer = 0;
  if (run->older)
    delivery_at(m, run->older)->newer = d;
  else
    run->newer = d;
  run->older = d;
}

static void run_leave(messages *m, delivery const *k)
{
  delivery *run = delivery_at(m, k->owner);

  if (k->older)
    delivery_at(m, k->older)->newer = k->newer;
  else
    run->newer = k->newer;
  if (k->newer)
    delivery_at(m, k->newer)->older = k->older;
  else
    run->older = k->older;
  if (!run->newer)
    drop(m, k->owner);
}

cell pending_add(messages *m, uint64_t run, uint64_t number, cell c)
{
  cell owner = pending_find(m, run, 0, 1), d;
  int fresh = !owner;

  if (fresh)
    owner = add(m, &(delivery){.run = run});
  d = owner ? add(m, &(delivery){.run = run, .number = number, .message = c, .owner = owner}) : 0;
  if (d) {
    run_join(m, d);
    list_add(m->mem, &m->pending, d);
    m->deliveries++;
  } else if (fresh && owner)
    drop(m, owner);
  return d;
}

cell pending_take(messages *m, cell d)
{
  delivery const *k = delivery_at(m, d);
  cell c = k->message;

  list_remove(m->mem, &m->pending, d);
  m->deliveries--;
  run_leave(m, k);
  drop(m, d);
  if (c)
    message_at(m, c)->deliveries--;
  return c;
}
