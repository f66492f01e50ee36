#include "count/ending.h"

/* A counter of which nothing is left in its window goes at once; others are idle from here on. */
static void end_first(book *b)
{
  cell c = episode_at(b->mem, agenda_first(&b->over))->counter;
  counter *k = counter_at(b->mem, c);
  counter_record *r = counter_record_of(b->mem, k);
  ledger *l = &b->ledgers[k->ledger];

  list_remove(b->mem, &l->over, c);
  agenda_end_first(&b->over);
  k->state = COUNTER_MANY;
  b->now_over--;
  if (r->window.entries || b->keep) {
    list_add(b->mem, &l->many, c);
    l->idle = INT64_MIN;
  } else
    book_forget(b, c);
}

static void describe(book *b, episode const *e, int64_t when, uint64_t count, ending *end)
{
  counter const *k = counter_at(b->mem, e->counter);
  counter_record const *r = counter_record_of(b->mem, k);

  end->ledger = k->ledger;
  end->length = counter_key(b->mem, k, end->key);
  end->count = count;
  end->peak = e->peak;
  end->total = r->total - r->before;
  end->when = when;
  end->since = e->since;
  end->since_label = e->since_label;
}

int ending_next(book *b, int64_t *when)
{
  cell c = agenda_first(&b->over);

  if (c)
    *when = episode_at(b->mem, c)->look;
  return c != 0;
}

/* An episode whose turn came too early, since events have been added, is asked again at its present end. */
static int is_up(book *b, episode const *e, int64_t *when)
{
  *when = ring_at(b->mem, episode_clear(e)).when + b->ledgers[counter_at(b->mem, e->counter)->ledger].period;
  if (*when <= e->look)
    return 1;
  agenda_later(&b->over, *when);
  return 0;
}

int ending_take(book *b, int64_t now, ending *end)
{
  int64_t when;
  cell c;

  while ((c = agenda_first(&b->over)) && episode_at(b->mem, c)->look <= now) {
    episode const *e = episode_at(b->mem, c);
    counter const *k = counter_at(b->mem, e->counter);
    ring *window = &counter_record_of(b->mem, k)->window;
    if (!is_up(b, e, &when))
      continue;
    ring_forget(window, b->mem, when - b->ledgers[k->ledger].period);
    describe(b, e, when, window->sum, end);
    end_first(b);
    return 1;
  }
  return 0;
}

int ending_force(book *b, int64_t now, ending *end)
{
  cell c;

  agenda_flush(&b->over);
  c = agenda_first(&b->over);
  if (!c)
    return 0;
  describe(b, episode_at(b->mem, c), now, 0, end);
  end_first(b);
  return 1;
}
