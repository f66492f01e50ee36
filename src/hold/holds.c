#include "hold/holds.h"
#include <errno.h>
#include <stdlib.h>

int held_text(held *h, span rule, span since, span from)
{
  char *text = malloc(rule.len + since.len + from.len + 3), *p = text;

  if (!text)
    return 0;
  p = span_copy(p, rule);
  *p++ = ' ';
  p = span_copy(p, since);
  *p++ = ' ';
  p = span_copy(p, from);
  *p = 0;
  free(h->text);
  h->text = text;
  return 1;
}

reason *held_reason(held const *h, span rule)
{
  reason *r = h->reasons;

  while (r && !span_equal(reason_rule(r), rule))
    r = r->next;
  return r;
}

reason *held_because(held *h, span rule, span since, int64_t until)
{
  reason *old = held_reason(h, rule), **end = &h->reasons, *r;
  size_t count = 0;

  for (; *end; end = &(*end)->next)
    count++;
  if (!old && count >= HELD_REASONS)
    return errno = E2BIG, (reason *)0;
  r = malloc(sizeof *r + rule.len + since.len);
  if (!r)
    return 0;
  *r = (reason){.until = until, .rule_len = rule.len, .since_len = since.len};
  span_copy(span_copy(r->text, rule), since);
  *end = r;
  if (old)
    held_forgive(h, old);
  return r;
}

void held_forgive(held *h, reason *gone)
{
  reason **at = &h->reasons;

  while (*at && *at != gone)
    at = &(*at)->next;
  if (*at)
    *at = gone->next;
  free(gone);
}

static int is_active(held const *h)
{
  for (reason const *r = h->reasons; r; r = r->next)
    if (!r->spent)
      return 1;
  return 0;
}

void held_settle(held *h)
{
  if (is_active(h)) {
    if (h->state == HELD_NONE || h->state == HELD_LEAVING || h->state == HELD_GONE)
      h->state = HELD_WANTED;
  } else if (h->state == HELD_WANTED || h->state == HELD_MADE)
    h->state = HELD_LEAVING;
  else if (h->state == HELD_NONE && !h->reasons)
    h->state = HELD_GONE;
}

void held_free(held *h)
{
  while (h->reasons)
    held_forgive(h, h->reasons);
  free(h->text);
  free(h);
}

void roll_close(roll *r)
{
  for (size_t i = 0; i < r->len; i++)
    held_free(r->at[i]);
  free(r->at);
  *r = (roll){0};
}

/* The first place whose name is not less. */
static size_t place(roll const *r, char const *name)
{
  size_t low = 0, high = r->len;

  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (strcmp(r->at[middle]->name, name) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

held *roll_find(roll const *r, char const *name)
{
  size_t i = place(r, name);
  return i < r->len && !strcmp(r->at[i]->name, name) ? r->at[i] : 0;
}

static int grow(roll *r)
{
  size_t size = r->size ? 2 * r->size : 64;
  held **at;

  if (r->len < r->size)
    return 1;
  if (r->len >= ROLL_MAX)
    return errno = E2BIG, 0;
  at = reallocarray(r->at, size, sizeof(void *));
  if (!at)
    return 0;
  r->at = at;
  r->size = size;
  return 1;
}

held *roll_add(roll *r, char const *name)
{
  size_t i = place(r, name);
  held *h = grow(r) ? calloc(1, sizeof *h) : 0;

  if (!h)
    return 0;
  memcpy(h->name, name, strlen(name) + 1);
  for (size_t j = r->len; j > i; j--)
    r->at[j] = r->at[j - 1];
  r->at[i] = h;
  r->len++;
  return h;
}

void roll_sweep(roll *r)
{
  size_t kept = 0;

  for (size_t i = 0; i < r->len; i++)
    if (r->at[i]->state == HELD_GONE)
      held_free(r->at[i]);
    else
      r->at[kept++] = r->at[i];
  r->len = kept;
}

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
