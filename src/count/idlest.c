#include "count/idlest.h"
#include <errno.h>
#include <stdlib.h>

int idlest_room(idlest *t, size_t lists)
{
  uint32_t leaves = t->leaves ? t->leaves : 1;
  int64_t *bound;

  while (leaves < lists)
    leaves *= 2;
  if (leaves == t->leaves)
    return 1;
  bound = realloc(t->bound, 2 * (size_t)leaves * sizeof *bound);
  if (!bound) {
    errno = ENOMEM;
    return 0;
  }
  for (size_t i = 0; i < 2 * (size_t)leaves; i++)
    bound[i] = INT64_MIN;
  *t = (idlest){bound, leaves};
  return 1;
}

void idlest_close(idlest *t)
{
  free(t->bound);
}

void idlest_note(idlest *t, uint32_t i, int64_t when)
{
  for (i += t->leaves; i && when < t->bound[i]; i /= 2)
    t->bound[i] = when;
}

static void raise_to(idlest *t, uint32_t i, int64_t when)
{
  t->bound[i] = when;
  while (i /= 2) {
    int64_t left = t->bound[2 * i], right = t->bound[2 * i + 1];
    t->bound[i] = left < right ? left : right;
  }
}

int32_t idlest_find(idlest *t, idlest_ask *ask, void *of)
{
  while (t->leaves && t->bound[1] != INT64_MAX) {
    uint32_t i = 1;
    int64_t when;
    while (i < t->leaves)
      i = 2 * i + (t->bound[2 * i] != t->bound[i]);
    when = (*ask)(of, i - t->leaves);
    if (when == t->bound[i])
      return (int32_t)(i - t->leaves);
    raise_to(t, i, when);
  }
  return -1;
}
