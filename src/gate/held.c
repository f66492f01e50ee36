#include "gate/held.h"
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
