#include "count/idle.h"

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
