#include "count/store.h"
#include "count/window.h"

cell store_find(store const *b, unsigned int number, uint32_t hash, span key)
{
  for (cell c = table_first(&b->keys, hash); c; c = table_next(&b->keys, c)) {
    counter const *k = counter_at(b->mem, c);
    if (k->set == number && k->era == b->sets[number].era && counter_is(b->mem, k, key))
      return c;
  }
  return 0;
}

/* The set has counters from now on. */
static void use(store *b, unsigned int number)
{
  if (b->sets[number].used)
    return;
  b->sets[number].used = 1;
  b->sets[number].next = b->used;
  b->used = (uint16_t)number;
}

cell store_insert(store *b, unsigned int number, uint32_t hash, store_event const *e)
{
  cell c = counter_new(b->mem, e->key, b->sets[number].different);
  counter *k;

  if (!c)
    return 0;
  use(b, number);
  k = counter_at(b->mem, c);
  k->state = COUNTER_SPENT;
  k->u.when = e->when;
  k->set = (uint16_t)number;
  k->era = b->sets[number].era;
  table_add(&b->keys, c, hash);
  return c;
}

int64_t store_last(store const *b, cell c)
{
  counter const *k = counter_at(b->mem, c);
  return k->state < COUNTER_MANY ? k->u.when : window_newest(b->mem, k);
}

void store_enlist(store *b, cell c)
{
  counter *k = counter_at(b->mem, c);
  cell_list *list = counters_list(&b->sets[k->set], k);

  k->cleared = 0;
  list_add(b->mem, list, c);
  if (list->head == c && k->state != COUNTER_OVER) /* behind another, a key is none that is idle longest */
    idlest_note(k->state == COUNTER_MANY ? &b->manies : &b->singles, k->set, store_last(b, c));
}

void store_forget(store *b, cell c)
{
  counter *k = counter_at(b->mem, c);

  table_remove(&b->keys, c);
  if (k->state >= COUNTER_MANY)
    window_close(&b->values, k);
  counter_free(b->mem, c);
}
