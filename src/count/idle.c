#include "count/idle.h"
#include "count/window.h"

static void drop(store *b, cell_list *l, cell c)
{
  list_remove(b->mem, l, c);
  store_forget(b, c);
}

/* An empty window says no more of when its last event was than that it is long ago. */
static int64_t last_event(pool const *mem, cell c)
{
  counter const *k = counter_at(mem, c);
  return k->state < COUNTER_MANY ? k->u.when : window_newest(mem, k);
}

/* Returns the last event of the first key that stays; without one, latest. */
static int64_t list_forget(store *b, cell_list *l, int64_t until, int64_t latest)
{
  for (int i = 0; l->head; i++) {
    int64_t last = last_event(b->mem, l->head);
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

  for (int i = 0; i < IDLE_STEP; i++)
    values_free(&b->values);
  if (b->doomed.head)
    list_forget(b, &b->doomed, INT64_MAX, 0);
  if (b->keep || now < l->idle)
    return;
  oldest = list_forget(b, &l->single, now - l->period, now);
  l->idle = list_forget(b, &l->many, now - l->period, oldest) + l->period;
}

static cell_list *single_of(counters *l)
{
  return &l->single;
}

static cell_list *many_of(counters *l)
{
  return &l->many;
}

static cell_list *idlest(store *b, cell_list *(*list)(counters *))
{
  cell_list *found = 0;
  int64_t oldest = INT64_MAX;

  for (unsigned int i = 0; i < b->count; i++) {
    cell_list *l = list(&b->sets[i]);
    if (l->head && (!found || last_event(b->mem, l->head) < oldest)) {
      found = l;
      oldest = last_event(b->mem, l->head);
    }
  }
  return found;
}

int idle_evict(void *p)
{
  store *b = p;
  cell_list *l;

  if (values_free(&b->values))
    return 1;
  l = b->doomed.head ? &b->doomed : idlest(b, &single_of);
  if (!l)
    l = idlest(b, &many_of);
  if (!l)
    return 0;
  b->evicted += l != &b->doomed;
  drop(b, l, l->head);
  return 1;
}
