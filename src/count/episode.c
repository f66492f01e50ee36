#include "count/episode.h"
#include <assert.h>

static_assert(sizeof(episode) <= CELL_BYTES, "an episode is a cell");

static void clear_set(episode *e, ring_place p)
{
  e->clear_block = p.block;
  e->clear_entry = p.i;
}

/* Entries behind the clear place weigh clear or less, and with it more than clear. */
static void clear_advance(episode *e, pool const *mem, uint64_t clear)
{
  while (e->after > clear) {
    clear_set(e, ring_after(mem, episode_clear(e)));
    e->after -= ring_at(mem, episode_clear(e)).weight;
  }
}

void episode_clear_find(episode *e, pool const *mem, ring const *window, uint64_t clear)
{
  clear_set(e, ring_oldest(window));
  e->after = window->sum - ring_at(mem, episode_clear(e)).weight;
  clear_advance(e, mem, clear);
}

void episode_clear_move(episode *e, pool const *mem, ring const *window, uint64_t clear, uint64_t weight)
{
  ring_place newest = ring_newest(window);

  if (newest.block == e->clear_block && newest.i == e->clear_entry)
    return;
  e->after += weight;
  clear_advance(e, mem, clear);
}
