#include "count/counters.h"
#include "count/counter.h"
#include <errno.h>
#include <stdlib.h>

cell store_find(store const *b, unsigned int number, uint32_t hash, span key)
{
  for (cell c = table_first(&b->keys, hash); c; c = table_next(&b->keys, c)) {
    counter const *k = counter_at(b->mem, c);
    if (k->set == number && k->generation == b->sets[number].generation && counter_is(b->mem, k, key))
      return c;
  }
  return 0;
}

cell store_insert(store *b, unsigned int number, uint32_t hash, store_event const *e)
{
  cell c = counter_new(b->mem, e->key, b->sets[number].distinct);
  counter *k;

  if (!c)
    return 0;
  k = counter_at(b->mem, c);
  k->state = COUNTER_EXPIRED;
  k->u.when = e->when;
  k->set = (uint16_t)number;
  k->generation = b->sets[number].generation;
  table_add(&b->keys, c, hash);
  return c;
}

/* When a counter had its last event; of an empty window no more is known than that it is long ago. */
static int64_t store_last(store const *b, cell c)
{
  counter const *k = counter_at(b->mem, c);
  return k->state < COUNTER_RECORDED ? k->u.when : window_newest(b->mem, k);
}

void store_enlist(store *b, cell c)
{
  counter *k = counter_at(b->mem, c);
  cell_list *list = set_list(&b->sets[k->set], k);

  k->cleared = 0;
  list_add(b->mem, list, c);
}

void store_forget(store *b, cell c)
{
  counter *k = counter_at(b->mem, c);

  table_remove(&b->keys, c);
  if (k->state >= COUNTER_RECORDED)
    window_close(&b->distinct, k);
  counter_free(b->mem, c);
}

static void drop(store *b, cell_list *l, cell c)
{
  list_remove(b->mem, l, c);
  store_forget(b, c);
}

/* Returns the last event of the first key that stays; without one, latest. */
static int64_t list_forget(store *b, cell_list *l, int64_t until, int64_t latest)
{
  for (int i = 0; l->head; i++) {
    int64_t last = store_last(b, l->head);
    if (i == IDLE_STEP || last > until)
      return last < latest ? last : latest;
    drop(b, l, l->head);
  }
  return latest;
}

/* The first key of a list is the oldest, and none becomes older than it is: so there is nothing to look at
 * until that one is due. */
void store_forget_idle(store *b, counter_set *l, int64_t now)
{
  int64_t oldest;

  for (int i = 0; i < IDLE_STEP && b->distinct.left.head; i++)
    distinct_free(&b->distinct);
  if (b->dropped.head)
    list_forget(b, &b->dropped, INT64_MAX, 0);
  if (b->keep || now < l->idle)
    return;
  oldest = list_forget(b, &l->single, now - l->period, now);
  l->idle = list_forget(b, &l->recorded, now - l->period, oldest) + l->period;
}

/* The list whose first key is to go: of those of keys with a single event, else of the others, the one that
 * begins with the key that is idle longest. */
static cell_list *idlest_list(store *b)
{
  cell_list *single = 0, *recorded = 0;
  int64_t single_last = INT64_MAX, recorded_last = INT64_MAX;

  if (b->dropped.head)
    return &b->dropped;
  for (uint16_t i = 0; i < b->count; i++) {
    counter_set *l = &b->sets[i];
    if (l->single.head && (!single || store_last(b, l->single.head) < single_last)) {
      single = &l->single;
      single_last = store_last(b, single->head);
    }
    if (l->recorded.head && (!recorded || store_last(b, l->recorded.head) < recorded_last)) {
      recorded = &l->recorded;
      recorded_last = store_last(b, recorded->head);
    }
  }
  return single ? single : recorded;
}

int store_evict(void *p)
{
  store *b = p;
  cell_list *l;

  if (distinct_free(&b->distinct))
    return 1;
  l = idlest_list(b);
  if (!l)
    return 0;
  b->evicted += l != &b->dropped;
  drop(b, l, l->head);
  return 1;
}

int store_open(store *b, pool *mem, int keep)
{
  *b = (store){.mem = mem, .keep = keep};
  b->over.mem = mem;
  b->distinct = (distinct_all){.mem = mem, .table = &b->keys};
  return table_open(&b->keys, mem);
}

void store_close(store *b)
{
  table_close(&b->keys);
  free(b->sets);
}

int store_reserve_sets(store *b, size_t sets)
{
  counter_set *more;

  if (sets <= b->room)
    return 1;
  more = sets <= UINT16_MAX ? realloc(b->sets, sets * sizeof *more) : 0;
  if (!more) {
    errno = ENOMEM;
    return 0;
  }
  b->sets = more;
  b->room = (uint16_t)sets;
  return 1;
}

static int free_number(store *b)
{
  uint16_t i = 0;

  while (i < b->count && b->sets[i].open)
    i++;
  if (i == b->count) {
    if (b->count == b->room && !store_reserve_sets(b, 2u * b->room + 1))
      return -1;
    b->sets[b->count++] = (counter_set){.open = 0};
  }
  return i;
}

int store_open_set(store *b, uint64_t limit, uint64_t clear, int64_t period)
{
  int number = free_number(b);

  if (number >= 0) {
    uint16_t generation = b->sets[number].generation;
    b->sets[number] = (counter_set){.limit = limit,
                                    .clear = clear,
                                    .period = period,
                                    .idle = INT64_MIN,
                                    .salt = ++b->salt,
                                    .generation = generation,
                                    .open = 1};
  }
  return number;
}

void store_count_distinct(store *b, unsigned int number)
{
  b->sets[number].distinct = 1;
}

static void episodes_drop(store *b, counter_set *l)
{
  while (l->over.head) {
    cell c = l->over.head;
    counter *k = counter_at(b->mem, c);
    list_remove(b->mem, &l->over, c);
    episodes_abandon(&b->over, counter_record_of(b->mem, k)->episode);
    k->state = COUNTER_RECORDED;
    store_enlist(b, c);
    b->now_over--;
  }
}

/* The counters of a past generation are no longer found. Before a number is given out again, all that are
 * dropped are freed: once in 65,536 new timelines. */
static void generation_begin(store *b, counter_set *l)
{
  l->idle = INT64_MIN;
  l->salt = ++b->salt;
  list_join(b->mem, &b->dropped, &l->single);
  list_join(b->mem, &b->dropped, &l->recorded);
  if (!++l->generation)
    while (b->dropped.head)
      drop(b, &b->dropped, b->dropped.head);
}

/* A key that has an event goes to the end of its list: before one that is cleared, all are. So each event
 * pays for one step. */
static void list_clear(store *b, cell c)
{
  for (; c && !counter_at(b->mem, c)->cleared; c = list_prev(b->mem, c)) {
    counter *k = counter_at(b->mem, c);
    if (k->state == COUNTER_RECORDED)
      window_clear(&b->distinct, k);
    else
      k->state = COUNTER_EXPIRED;
    k->cleared = 1;
  }
}

void store_close_set(store *b, unsigned int number)
{
  counter_set *l = &b->sets[number];

  episodes_drop(b, l);
  generation_begin(b, l);
  l->open = 0;
}

void store_drop(store *b)
{
  for (uint16_t i = 0; i < b->count; i++) {
    episodes_drop(b, &b->sets[i]);
    generation_begin(b, &b->sets[i]);
  }
}

void store_clear(store *b)
{
  if (!b->keep) {
    store_drop(b);
    return;
  }
  for (uint16_t i = 0; i < b->count; i++) {
    episodes_drop(b, &b->sets[i]);
    list_clear(b, b->sets[i].single.tail);
    list_clear(b, b->sets[i].recorded.tail);
  }
}
