#include "count/counters.h"
#include "count/window.h"
#include <errno.h>
#include <stdlib.h>

int store_open(store *b, pool *mem, int keep)
{
  *b = (store){.mem = mem, .keep = keep, .used = STORE_NO_SET};
  b->over.mem = mem;
  b->values = (values){.many = {.mem = mem, .known = &b->keys}};
  return table_open(&b->keys, mem);
}

void store_close(store *b)
{
  table_close(&b->keys);
  free(b->sets);
  idlest_close(&b->singles);
  idlest_close(&b->manies);
}

int counters_reserve(store *b, size_t sets)
{
  counters *more;

  if (sets <= b->room)
    return 1;
  more = sets <= UINT16_MAX ? realloc(b->sets, sets * sizeof *more) : 0;
  if (!more) {
    errno = ENOMEM;
    return 0;
  }
  b->sets = more;
  if (!idlest_room(&b->singles, sets) || !idlest_room(&b->manies, sets))
    return 0;
  b->room = (uint16_t)sets;
  return 1;
}

/* Numbers below b->unused are open. */
static int free_number(store *b)
{
  size_t room = b->room < UINT16_MAX / 2 ? 2u * b->room + 1 : UINT16_MAX;

  while (b->unused < b->count && b->sets[b->unused].open)
    b->unused++;
  if (b->unused == b->count) {
    if (b->count == b->room && !counters_reserve(b, b->count < room ? room : b->count + 1u))
      return -1;
    b->sets[b->count++] = (counters){.open = 0};
  }
  return b->unused++;
}

int counters_open(store *b, uint64_t limit, uint64_t clear, int64_t period)
{
  int number = free_number(b);

  if (number >= 0) {
    counters const *old = &b->sets[number];
    b->sets[number] = (counters){.limit = limit,
                                 .clear = clear,
                                 .period = period,
                                 .idle = INT64_MIN,
                                 .salt = ++b->salt,
                                 .era = old->era,
                                 .used = old->used,
                                 .next = old->next,
                                 .open = 1};
  }
  return number;
}

void counters_of_values(store *b, unsigned int number)
{
  b->sets[number].different = 1;
}

static void episodes_drop(store *b, counters *l)
{
  while (l->over.head) {
    cell c = l->over.head;
    counter *k = counter_at(b->mem, c);
    list_remove(b->mem, &l->over, c);
    due_abandon(&b->over, counter_record_of(b->mem, k)->episode);
    k->state = COUNTER_MANY;
    store_enlist(b, c);
    b->now_over--;
  }
}

/* Counters of a past era can no longer be found; 65,536 eras cannot begin before the first is freed, since
 * each begins with an event, and an event frees more counters than it adds. */
static void era_begin(store *b, counters *l)
{
  l->era++;
  l->idle = INT64_MIN;
  l->salt = ++b->salt;
  list_join(b->mem, &b->doomed, &l->single);
  list_join(b->mem, &b->doomed, &l->many);
}

/* A key that has an event goes to the end of its list: before one that is cleared, all are. So each event
 * pays for one step. */
static void list_clear(store *b, cell c)
{
  for (; c && !counter_at(b->mem, c)->cleared; c = list_prev(b->mem, c)) {
    counter *k = counter_at(b->mem, c);
    if (k->state == COUNTER_MANY)
      window_clear(&b->values, k);
    else
      k->state = COUNTER_SPENT;
    k->cleared = 1;
  }
}

void counters_close(store *b, unsigned int number)
{
  counters *l = &b->sets[number];

  episodes_drop(b, l);
  era_begin(b, l);
  l->open = 0;
  if (number < b->unused)
    b->unused = (uint16_t)number;
}

void store_drop(store *b)
{
  for (; b->used != STORE_NO_SET; b->used = b->sets[b->used].next) {
    counters *l = &b->sets[b->used];
    episodes_drop(b, l);
    era_begin(b, l);
    l->used = 0;
  }
}

void store_clear(store *b)
{
  if (!b->keep) {
    store_drop(b);
    return;
  }
  for (uint16_t i = b->used; i != STORE_NO_SET; i = b->sets[i].next) {
    episodes_drop(b, &b->sets[i]);
    list_clear(b, b->sets[i].single.tail);
    list_clear(b, b->sets[i].many.tail);
  }
}
