#include "count/episode.h"
#include "count/text.h"
#include <assert.h>

static_assert(sizeof(episode) <= CELL_BYTES, "an episode is a cell");

static void clear_set(episode *e, ring_place p)
{
  e->clear_block = p.block;
  e->clear_entry = p.i & 3u;
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

void episode_remember(pool *mem, cell c, span from)
{
  char text[2 + EPISODE_FROM];
  size_t n = from.len < EPISODE_FROM ? from.len : EPISODE_FROM;
  cell stored;

  text[0] = (char)(n & 255);
  text[1] = (char)(n >> 8);
  memcpy(text + 2, from.s, n);
  stored = text_store(mem, (span){text, n + 2});
  episode_at(mem, c)->from = stored;
}

size_t episode_from(pool const *mem, episode const *e, char *out)
{
  char text[2 + EPISODE_FROM];
  size_t n;

  if (!e->from)
    return 0;
  text_load(mem, e->from, text, 2);
  n = (size_t)(unsigned char)text[0] | (size_t)(unsigned char)text[1] << 8;
  text_load(mem, e->from, text, n + 2);
  memcpy(out, text + 2, n);
  return n;
}

void episode_forget(pool *mem, episode *e)
{
  if (e->from)
    text_free(mem, e->from);
  e->from = 0;
}
