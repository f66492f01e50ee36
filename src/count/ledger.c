#include "count/ledger.h"
#include <errno.h>
#include <stdlib.h>

int book_open(book *b, pool *mem, int keep)
{
  *b = (book){.mem = mem, .keep = keep};
  b->over.mem = mem;
  return table_open(&b->keys, mem);
}

void book_close(book *b)
{
  table_close(&b->keys);
  free(b->ledgers);
}

static int free_number(book *b)
{
  unsigned int i = 0;

  if (b->closed) {
    while (b->ledgers[i].open)
      i++;
    b->closed--;
    return (int)i;
  }
  if (b->count == b->room) {
    unsigned int room = b->room < UINT16_MAX / 2 ? 2u * b->room + 1 : UINT16_MAX;
    ledger *more = b->count < room ? realloc(b->ledgers, room * sizeof *more) : 0;
    if (!more) {
      errno = ENOMEM;
      return -1;
    }
    b->ledgers = more;
    b->room = (uint16_t)room;
  }
  b->ledgers[b->count] = (ledger){.open = 0};
  return b->count++;
}

int ledger_open(book *b, uint64_t limit, uint64_t clear, int64_t period)
{
  int number = free_number(b);

  if (number >= 0) {
    uint16_t era = b->ledgers[number].era;
    b->ledgers[number] = (ledger){.limit = limit,
                                  .clear = clear,
                                  .period = period,
                                  .idle = INT64_MIN,
                                  .salt = ++b->salt,
                                  .era = era,
                                  .open = 1};
  }
  return number;
}

static void episodes_drop(book *b, ledger *l)
{
  while (l->over.head) {
    cell c = l->over.head;
    counter *k = counter_at(b->mem, c);
    list_remove(b->mem, &l->over, c);
    agenda_abandon(&b->over, counter_record_of(b->mem, k)->episode);
    k->state = COUNTER_MANY;
    list_add(b->mem, &l->many, c);
    b->now_over--;
  }
}

/* Counters of a past era can no longer be found; 65,536 eras cannot begin before the first is freed, since
 * each begins with an event, and an event frees more counters than it adds. */
static void era_begin(book *b, ledger *l)
{
  l->era++;
  l->idle = INT64_MIN;
  l->salt = ++b->salt;
  list_join(b->mem, &b->doomed, &l->single);
  list_join(b->mem, &b->doomed, &l->many);
}

static void windows_empty(book *b, ledger *l)
{
  for (cell c = l->single.head; c; c = list_next(b->mem, c))
    counter_at(b->mem, c)->state = COUNTER_SPENT;
  for (cell c = l->many.head; c; c = list_next(b->mem, c))
    ring_clear(&counter_record_of(b->mem, counter_at(b->mem, c))->window, b->mem);
}

void ledger_close(book *b, unsigned int number)
{
  ledger *l = &b->ledgers[number];

  episodes_drop(b, l);
  era_begin(b, l);
  l->open = 0;
  b->closed++;
}

void book_drop(book *b)
{
  for (unsigned int i = 0; i < b->count; i++) {
    episodes_drop(b, &b->ledgers[i]);
    era_begin(b, &b->ledgers[i]);
  }
}

void book_clear(book *b)
{
  if (!b->keep) {
    book_drop(b);
    return;
  }
  for (unsigned int i = 0; i < b->count; i++) {
    episodes_drop(b, &b->ledgers[i]);
    windows_empty(b, &b->ledgers[i]);
  }
}
