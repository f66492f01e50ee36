#include "count/standing.h"
#include "count/window.h"
#include <stdlib.h>

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
