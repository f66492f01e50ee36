#include "count/ring.h"

#define BLOCK_ENTRIES 3

typedef struct {
  cell next;
  int64_t begin; /* the oldest event in the last entry of this block */
  ring_entry entry[BLOCK_ENTRIES];
} block;

_Static_assert(sizeof(block) <= CELL_BYTES, "a block is a cell");

static block *block_at(pool const *mem, cell c)
{
  return pool_at(mem, c);
}

/* Events at the same instant share an entry at no loss. */
static int entry_shares(ring const *r, pool const *mem, int64_t when, int64_t tolerance)
{
  block const *b;

  if (!r->tail)
    return 0;
  b = block_at(mem, r->tail);
  return b->entry[r->used - 1].when == when || (r->entries >= RING_EXACT && when - b->begin <= tolerance);
}

static int block_append(ring *r, pool *mem)
{
  cell c = pool_take(mem);

  if (!c)
    return 0;
  block_at(mem, c)->next = 0;
  if (r->tail)
    block_at(mem, r->tail)->next = c;
  else
    r->head = c;
  r->tail = c;
  r->used = 0;
  return 1;
}

int ring_add(ring *r, pool *mem, int64_t when, uint64_t *weight, int64_t tolerance)
{
  block *b;

  if (*weight > UINT64_MAX - r->sum)
    *weight = UINT64_MAX - r->sum;
  if (entry_shares(r, mem, when, tolerance)) {
    b = block_at(mem, r->tail);
    b->entry[r->used - 1].when = when;
    b->entry[r->used - 1].weight += *weight;
  } else {
    if ((!r->tail || r->used == BLOCK_ENTRIES) && !block_append(r, mem))
      return 0;
    b = block_at(mem, r->tail);
    b->begin = when;
    b->entry[r->used++] = (ring_entry){when, *weight};
    r->entries++;
  }
  r->sum += *weight;
  return 1;
}

static void entry_drop(ring *r, pool *mem)
{
  block const *b = block_at(mem, r->head);
  cell next = b->next;

  r->sum -= b->entry[r->first].weight;
  r->entries--;
  if (++r->first < BLOCK_ENTRIES && r->entries)
    return;
  pool_give(mem, r->head);
  r->head = next;
  r->first = 0;
  if (!r->entries)
    r->head = r->tail = 0;
}

void ring_forget(ring *r, pool *mem, int64_t until)
{
  while (r->entries && block_at(mem, r->head)->entry[r->first].when <= until)
    entry_drop(r, mem);
}

uint64_t ring_sum_after(ring const *r, pool const *mem, int64_t until)
{
  uint64_t sum = r->sum;
  ring_place p = ring_oldest(r);

  for (uint16_t left = r->entries; left && ring_at(mem, p).when <= until; left--) {
    sum -= ring_at(mem, p).weight;
    p = ring_after(mem, p);
  }
  return sum;
}

void ring_clear(ring *r, pool *mem)
{
  size_t blocks = ((size_t)r->first + r->entries + BLOCK_ENTRIES - 1) / BLOCK_ENTRIES;

  if (r->head)
    pool_give_chain(mem, r->head, r->tail, blocks);
  *r = (ring){.sum = 0};
}

ring_place ring_oldest(ring const *r)
{
  return (ring_place){r->head, r->first};
}

ring_place ring_newest(ring const *r)
{
  return (ring_place){r->tail, (uint8_t)(r->used - 1)};
}

ring_entry ring_at(pool const *mem, ring_place p)
{
  return block_at(mem, p.block)->entry[p.i];
}

ring_place ring_after(pool const *mem, ring_place p)
{
  if (++p.i < BLOCK_ENTRIES)
    return p;
  return (ring_place){block_at(mem, p.block)->next, 0};
}
