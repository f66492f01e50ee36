#include "count/book.h"

cell book_find(book const *b, unsigned int number, uint32_t hash, span key)
{
  for (cell c = table_first(&b->keys, hash); c; c = table_next(&b->keys, c)) {
    counter const *k = counter_at(b->mem, c);
    if (k->ledger == number && k->era == b->ledgers[number].era && counter_is(b->mem, k, key))
      return c;
  }
  return 0;
}

cell book_insert(book *b, unsigned int number, uint32_t hash, book_event const *e)
{
  cell c = counter_new(b->mem, e->key);
  counter *k;

  if (!c)
    return 0;
  k = counter_at(b->mem, c);
  k->state = COUNTER_SPENT;
  k->u.when = e->when;
  k->ledger = (uint16_t)number;
  k->era = b->ledgers[number].era;
  table_add(&b->keys, c, hash);
  return c;
}

void book_forget(book *b, cell c)
{
  table_remove(&b->keys, c);
  counter_free(b->mem, c);
}
