#include "count/episode_end.h"
#include "count/counter.h"
#include <stdlib.h>

static void end_first(store *b)
{
  cell c = episode_at(b->mem, episodes_first(&b->over))->counter;
  counter *k = counter_at(b->mem, c);
  counter_set *l = &b->sets[k->set];

  list_remove(b->mem, &l->over, c);
  episodes_end_first(&b->over);
  k->state = COUNTER_RECORDED;
  b->now_over--;
  store_enlist(b, c);
  l->idle = INT64_MIN; /* it may have been idle for long */
}

/* Describes an episode that is at count at when. */
static void episode_describe(store *b, episode const *e, int64_t when, uint64_t count, episode_info *end)
{
  counter const *k = counter_at(b->mem, e->counter);
  counter_record const *r = counter_record_of(b->mem, k);

  end->set = k->set;
  end->length = counter_key(b->mem, k, end->key, EPISODE_KEY);
  end->count = count;
  end->peak = e->peak;
  end->total = r->total - r->before;
  end->when = when;
  end->since = e->since;
  end->since_label = e->since_label;
  end->from_length = episode_from(b->mem, e, end->from);
}

int episode_end_next(store *b, int64_t *when)
{
  cell c = episodes_first(&b->over);

  if (c)
    *when = episode_at(b->mem, c)->check;
  return c != 0;
}

/* An episode whose turn came too early, since events have been added, is asked again at its present end. */
static int is_up(store *b, episode const *e, int64_t *when)
{
  counter const *k = counter_at(b->mem, e->counter);

  *when = window_clear_when(b->mem, k) + b->sets[k->set].period;
  if (*when <= e->check)
    return 1;
  episodes_later(&b->over, *when);
  return 0;
}

int episode_end_due(store *b, int64_t now, episode_info *end)
{
  int64_t when;
  cell c;

  while ((c = episodes_first(&b->over)) && episode_at(b->mem, c)->check <= now) {
    episode const *e = episode_at(b->mem, c);
    counter const *k = counter_at(b->mem, e->counter);
    if (!is_up(b, e, &when))
      continue;
    episode_describe(b, e, when, window_sum_after(b->mem, k, when - b->sets[k->set].period), end);
    end_first(b);
    return 1;
  }
  return 0;
}

int episode_end_any(store *b, int64_t now, episode_info *end)
{
  cell c;

  episodes_flush(&b->over);
  c = episodes_first(&b->over);
  if (!c)
    return 0;
  episode_describe(b, episode_at(b->mem, c), now, 0, end);
  end_first(b);
  return 1;
}

typedef struct {
  int64_t since;
  uint32_t serial;
  cell episode;
} entry;

static int by_beginning(void const *left, void const *right)
{
  entry const *a = left, *b = right;

  if (a->since != b->since)
    return a->since < b->since ? -1 : 1;
  return episode_precedes(a->serial, b->serial) ? -1 : 1;
}

static void tell_one(store *b, cell c, int64_t now, episode_tell *tell, void *to)
{
  episode const *e = episode_at(b->mem, c);
  counter const *k = counter_at(b->mem, e->counter);
  episode_info end = {.counter = e->counter};

  episode_describe(b, e, now, window_sum_after(b->mem, k, now - b->sets[k->set].period), &end);
  if (!(*tell)(to, &end))
    return;
  list_remove(b->mem, &b->sets[k->set].over, e->counter);
  episodes_abandon(&b->over, c);
  b->now_over--;
  store_forget(b, end.counter);
}

void episode_each(store *b, int64_t now, episode_tell *tell, void *to)
{
  entry *all = malloc((b->now_over + 1u) * sizeof *all);
  size_t n = 0;

  for (unsigned int set = 0; set < b->count; set++) {
    cell next;
    for (cell c = b->sets[set].over.head; c; c = next) {
      cell found = counter_record_of(b->mem, counter_at(b->mem, c))->episode;
      episode const *e = episode_at(b->mem, found);
      next = list_next(b->mem, c);
      if (all)
        all[n++] = (entry){e->since, e->serial, found};
      else
        tell_one(b, found, now, tell, to);
    }
  }
  if (!all)
    return;
  qsort(all, n, sizeof *all, &by_beginning);
  for (size_t i = 0; i < n; i++)
    tell_one(b, all[i].episode, now, tell, to);
  free(all);
}
