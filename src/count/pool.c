#include "count/pool.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int directory_grow(pool *p)
{
  uint32_t room = p->room ? 2 * p->room : 64;
  char **chunk;

  if (p->chunks < p->room)
    return 1;
  chunk = realloc(p->chunk, room * sizeof *chunk);
  if (!chunk)
    return 0;
  p->chunk = chunk;
  p->room = room;
  return 1;
}

void pool_reserve(pool *p, size_t bytes)
{
  p->reserve = bytes < p->budget ? bytes : 0;
}

void *pool_chunk(pool *p, int reserved)
{
  size_t left = reserved ? p->reserve : p->budget - p->bytes - p->reserve;
  char *chunk;

  errno = ENOMEM;
  if (left < POOL_CHUNK || !directory_grow(p))
    return 0;
  chunk = aligned_alloc(CELL_BYTES, POOL_CHUNK);
  if (!chunk)
    return 0;
  p->bytes += POOL_CHUNK;
  p->reserve -= reserved ? POOL_CHUNK : 0;
  p->chunk[p->chunks++] = chunk;
  return chunk;
}

/* The handle of the first cell of the first chunk would be 0, which names none. */
static int cells_grow(pool *p)
{
  if (!pool_chunk(p, 0))
    return 0;
  p->fresh = (p->chunks - 1) * POOL_CELLS;
  p->fresh_end = p->fresh + POOL_CELLS;
  if (!p->fresh)
    p->fresh = 1;
  return 1;
}

void pool_open(pool *p, size_t budget, pool_evict *evict, void *owner)
{
  *p = (pool){.budget = budget < POOL_MOST ? budget : POOL_MOST, .evict = evict, .owner = owner};
}

void pool_close(pool *p)
{
  while (p->chunks)
    free(p->chunk[--p->chunks]);
  free(p->chunk);
  *p = (pool){.budget = 0};
}

cell pool_take(pool *p)
{
  cell c;

  while (!p->free && p->fresh == p->fresh_end && !cells_grow(p))
    if (!p->evict || !p->evict(p->owner))
      return 0;
  p->used++;
  if (!p->free)
    return p->fresh++;
  c = p->free;
  memcpy(&p->free, pool_at(p, c), sizeof p->free);
  return c;
}

void pool_give_chain(pool *p, cell first, cell last, size_t count)
{
  memcpy(pool_at(p, last), &p->free, sizeof p->free);
  p->free = first;
  p->used -= count;
}

void pool_give(pool *p, cell c)
{
  pool_give_chain(p, c, c, 1);
}
