#include "count/counters.h"
#include "count/counter.h"
#include <errno.h>
#include <stdlib.h>

int idlest_room(idlest *t, size_t lists)
{
  uint32_t leaves = t->leaves ? t->leaves : 1;
  int64_t *bound;

  while (leaves < lists)
    leaves *= 2;
  if (leaves == t->leaves)
    return 1;
  bound = realloc(t->bound, 2 * (size_t)leaves * sizeof *bound);
  if (!bound) {
    errno = ENOMEM;
    return 0;
  }
  for (size_t i = 0; i < 2 * (size_t)leaves; i++)
    bound[i] = INT64_MIN;
  *t = (idlest){bound, leaves};
  return 1;
}

void idlest_close(idlest *t)
{
  free(t->bound);
}

void idlest_note(idlest *t, uint32_t i, int64_t when)
{
  for (i += t->leaves; i && when < t->bound[i]; i /= 2)
    t->bound[i] = when;
}

static void raise_to(idlest *t, uint32_t i, int64_t when)
{
  t->bound[i] = when;
  while (i /= 2) {
    int64_t left = t->bound[2 * i], right = t->bound[2 * i + 1];
    t->bound[i] = left < right ? left : right;
  }
}

int32_t idlest_find(idlest *t, idlest_ask *ask, void *of)
{
  while (t->leaves && t->bound[1] != INT64_MAX) {
    uint32_t i = 1;
    int64_t when;
    while (i < t->leaves)
      i = 2 * i + (t->bound[2 * i] != t->bound[i]);
    when = (*ask)(of, i - t->leaves);
    if (when == t->bound[i])
      return (int32_t)(i - t->leaves);
    raise_to(t, i, when);
  }
  return -1;
}

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
void idle_forget(store *b, counters *l, int64_t now)
{
  int64_t oldest;

  for (int i = 0; i < IDLE_STEP && values_free(&b->values); i++)
    ;
  if (b->doomed.head)
    list_forget(b, &b->doomed, INT64_MAX, 0);
  if (b->keep || now < l->idle)
    return;
  oldest = list_forget(b, &l->single, now - l->period, now);
  l->idle = list_forget(b, &l->many, now - l->period, oldest) + l->period;
}

static int64_t begins(store *b, cell head)
{
  return head ? store_last(b, head) : INT64_MAX;
}

static int64_t single_begins(void *of, uint32_t set)
{
  store *b = of;
  return begins(b, set < b->count ? b->sets[set].single.head : 0);
}

static int64_t many_begins(void *of, uint32_t set)
{
  store *b = of;
  return begins(b, set < b->count ? b->sets[set].many.head : 0);
}

/* The list whose first key is to go. */
static cell_list *idlest_list(store *b)
{
  int32_t set;

  if (b->doomed.head)
    return &b->doomed;
  set = idlest_find(&b->singles, &single_begins, b);
  if (set >= 0)
    return &b->sets[set].single;
  set = idlest_find(&b->manies, &many_begins, b);
  return set < 0 ? 0 : &b->sets[set].many;
}

int idle_evict(void *p)
{
  store *b = p;
  cell_list *l;

  if (values_free(&b->values))
    return 1;
  l = idlest_list(b);
  if (!l)
    return 0;
  b->evicted += l != &b->doomed;
  drop(b, l, l->head);
  return 1;
}

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
