#include "gate/term.h"

/* Who is kept for good, and has his file, is the postmaster's now. */
static int is_handed_over(held const *h)
{
  if (h->state != HELD_MADE || !h->reasons)
    return 0;
  for (reason const *r = h->reasons; r; r = r->next)
    if (!r->ended || r->until != HELD_FOREVER)
      return 0;
  return 1;
}

void term_end(roll *all, int64_t now)
{
  for (size_t i = 0; i < all->len; i++) {
    held *h = all->at[i];
    for (reason *r = h->reasons, *next; r; r = next) {
      next = r->next;
      if (r->spent || r->until > now)
        continue;
      all->changed = 1;
      r->spent = 1;
      if (r->ended)
        held_forgive(h, r);
    }
    if (is_handed_over(h)) {
      while (h->reasons)
        held_forgive(h, h->reasons);
      h->state = HELD_GONE;
      all->changed = 1;
    } else
      held_settle(h);
  }
}

int64_t term_next(roll const *all)
{
  int64_t when = HELD_FOREVER;

  for (size_t i = 0; i < all->len; i++)
    for (reason const *r = all->at[i]->reasons; r; r = r->next)
      if (!r->spent && r->until < when)
        when = r->until;
  return when;
}
