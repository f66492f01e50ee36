#include "gate/roll.h"
#include <errno.h>
#include <stdlib.h>

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
