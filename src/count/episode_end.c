#include "count/episode_end.h"
#include "count/counter.h"
#include <stdlib.h>

/* A counter of which nothing is left in its window goes at once; others are idle from here on. */
static void end_first(store *b)
{
  cell c = episode_at(b->mem, due_first(&b->over))->counter;
  counter *k = counter_at(b->mem, c);
  counters *l = &b->sets[k->set];

  list_remove(b->mem, &l->over, c);
  due_end_first(&b->over);
  k->state = COUNTER_MANY;
  b->now_over--;
  if (b->keep || !window_empty(b->mem, k)) {
    store_enlist(b, c);
    l->idle = INT64_MIN;
  } else
    store_forget(b, c);
}

void ending_describe(store *b, episode const *e, int64_t when, uint64_t count, ending *end)
{
  counter const *k = counter_at(b->mem, e->counter);
  counter_record const *r = counter_record_of(b->mem, k);

  end->set = k->set;
  end->length = counter_key(b->mem, k, end->key, ENDING_KEY);
  end->count = count;
  end->peak = e->peak;
  end->total = r->total - r->before;
  end->when = when;
  end->since = e->since;
  end->since_label = e->since_label;
  end->from_length = episode_from(b->mem, e, end->from);
}

int ending_next(store *b, int64_t *when)
{
  cell c = due_first(&b->over);

  if (c)
    *when = episode_at(b->mem, c)->look;
  return c != 0;
}

/* An episode whose turn came too early, since events have been added, is asked again at its present end. */
static int is_up(store *b, episode const *e, int64_t *when)
{
  counter const *k = counter_at(b->mem, e->counter);

  *when = window_clear_when(b->mem, k) + b->sets[k->set].period;
  if (*when <= e->look)
    return 1;
  due_later(&b->over, *when);
  return 0;
}

int ending_take(store *b, int64_t now, ending *end)
{
  int64_t when;
  cell c;

  while ((c = due_first(&b->over)) && episode_at(b->mem, c)->look <= now) {
    episode const *e = episode_at(b->mem, c);
    counter *k = counter_at(b->mem, e->counter);
    if (!is_up(b, e, &when))
      continue;
    window_forget(&b->values, k, when - b->sets[k->set].period);
    ending_describe(b, e, when, counter_record_of(b->mem, k)->window.sum, end);
    end_first(b);
    return 1;
  }
  return 0;
}

int ending_force(store *b, int64_t now, ending *end)
{
  cell c;

  due_flush(&b->over);
  c = due_first(&b->over);
  if (!c)
    return 0;
  ending_describe(b, episode_at(b->mem, c), now, 0, end);
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

static void tell_one(store *b, cell c, int64_t now, standing_tell *tell, void *to)
{
  episode const *e = episode_at(b->mem, c);
  counter *k = counter_at(b->mem, e->counter);
  ending end;

  window_forget(&b->values, k, now - b->sets[k->set].period);
  ending_describe(b, e, now, counter_record_of(b->mem, k)->window.sum, &end);
  (*tell)(to, &end);
}

/* The first open episode of the sets from set on, behind that of the counter before (0: from the list's
 * beginning). Returns its counter, or 0. */
static cell next_over(store const *b, unsigned char const *which, unsigned int *set, cell before)
{
  cell c = before ? list_next(b->mem, before) : *set < b->count ? b->sets[*set].over.head : 0;

  while (*set < b->count && (!c || (which && !which[*set]))) {
    ++*set;
    c = *set < b->count ? b->sets[*set].over.head : 0;
  }
  return *set < b->count ? c : 0;
}

void standing_each(store *b, unsigned char const *which, int64_t now, standing_tell *tell, void *to)
{
  entry *all = malloc((b->now_over + 1u) * sizeof *all);
  unsigned int set = 0;
  size_t n = 0;

  for (cell c = next_over(b, which, &set, 0); c; c = next_over(b, which, &set, c)) {
    cell found = counter_record_of(b->mem, counter_at(b->mem, c))->episode;
    episode const *e = episode_at(b->mem, found);
    if (all)
      all[n++] = (entry){e->since, e->serial, found};
    else
      tell_one(b, found, now, tell, to);
  }
  if (!all)
    return;
  qsort(all, n, sizeof *all, &by_beginning);
  for (size_t i = 0; i < n; i++)
    tell_one(b, all[i].episode, now, tell, to);
  free(all);
}
