#include "hold/holds.h"
#include <errno.h>
#include <stdlib.h>

static char *copy(span s)
{
  char *out = malloc(s.len + 1);

  if (out)
    *span_copy(out, s) = 0;
  return out;
}

int held_set_text(held *h, span rule, span since, span from)
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

/* A file that was taken away by hand a moment ago is made again, too: this is a new reason. One that is there
 * is never rewritten. */
int held_hold(held *h, span rule, span since, span from)
{
  if (h->state != HELD_WANTED && h->state != HELD_MADE && h->state != HELD_LEAVING &&
      !held_set_text(h, rule, since, from))
    return 0;
  h->state = HELD_WANTED;
  return 1;
}

void held_release(held *h)
{
  if (h->state == HELD_WANTED || h->state == HELD_MADE)
    h->state = HELD_LEAVING; /* it may have been made once */
  h->until = h->expires = HELD_FOREVER;
}

void held_settle(held *h)
{
  if (h->state == HELD_NONE && !h->episodes)
    h->state = HELD_GONE;
}

episode *held_episode(held const *h, span rule)
{
  episode *e = h->episodes;

  while (e && !span_equal(episode_rule(e), rule))
    e = e->next;
  return e;
}

episode *held_begin(held *h, span rule, span since)
{
  episode *old = held_episode(h, rule), **end = &h->episodes, *e;
  size_t count = 0;

  for (; *end; end = &(*end)->next)
    count++;
  if (!old && count >= HELD_EPISODES)
    return errno = E2BIG, (episode *)0;
  e = malloc(sizeof *e + rule.len + since.len);
  if (!e)
    return 0;
  *e = (episode){.rule_len = rule.len, .since_len = since.len};
  span_copy(span_copy(e->text, rule), since);
  *end = e;
  if (old)
    held_end(h, old);
  return e;
}

void held_end(held *h, episode *e)
{
  episode **at = &h->episodes;

  while (*at && *at != e)
    at = &(*at)->next;
  if (*at)
    *at = e->next;
  free(e);
}

void held_shown_key(char *out, span name)
{
  char key[NAME_MAX_LEN];
  size_t len = name_key(key, name);

  out[alert_encode(out, len ? (span){key, len} : span_of("-"))] = 0;
}

static void held_free(held *h)
{
  while (h->episodes)
    held_end(h, h->episodes);
  free(h->text);
  free(h->key);
  free(h);
}

void holds_close(holds *all)
{
  for (size_t i = 0; i < all->len; i++)
    held_free(all->at[i]);
  free(all->at);
  stralloc_free(&all->fold);
  *all = (holds){0};
}

/* The first place whose name is not less. */
static size_t place(holds const *all, char const *name)
{
  size_t low = 0, high = all->len;

  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (strcmp(all->at[middle]->name, name) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

held *holds_find(holds const *all, char const *name)
{
  size_t i = place(all, name);
  return i < all->len && !strcmp(all->at[i]->name, name) ? all->at[i] : 0;
}

static int grow(holds *all)
{
  size_t size = all->size ? 2 * all->size : 64;
  held **at;

  if (all->len < all->size)
    return 1;
  if (all->len >= HOLDS_MAX)
    return errno = E2BIG, 0;
  at = reallocarray(all->at, size, sizeof(void *));
  if (!at)
    return 0;
  all->at = at;
  all->size = size;
  return 1;
}

held *holds_add(holds *all, char const *name, span key)
{
  size_t i = place(all, name);
  held *h = grow(all) ? calloc(1, sizeof *h) : 0;

  if (!h)
    return 0;
  h->until = h->expires = HELD_FOREVER;
  h->key = copy(key);
  if (!h->key || !held_set_text(h, span_of("-"), span_of("-"), span_of("-"))) {
    held_free(h);
    return 0;
  }
  memcpy(h->name, name, strlen(name) + 1);
  memmove(all->at + i + 1, all->at + i, (all->len - i) * sizeof(void *));
  all->at[i] = h;
  all->len++;
  return h;
}

void holds_sweep(holds *all)
{
  size_t kept = 0;

  for (size_t i = 0; i < all->len; i++)
    if (all->at[i]->state == HELD_GONE)
      held_free(all->at[i]);
    else
      all->at[kept++] = all->at[i];
  all->len = kept;
}

void holds_expire(holds *all, moment now)
{
  for (size_t i = 0; i < all->len; i++) {
    held *h = all->at[i];
    if (h->expires > now.mono || h->expires == HELD_FOREVER)
      continue;
    held_release(h);
    all->changed = 1;
  }
}

int64_t holds_next(holds const *all)
{
  int64_t when = INT64_MAX;

  for (size_t i = 0; i < all->len; i++)
    if (all->at[i]->expires < when)
      when = all->at[i]->expires;
  return when;
}
