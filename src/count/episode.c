#include "count/episode.h"
#include "count/text.h"
#include <assert.h>

static_assert(sizeof(episode) <= CELL_BYTES, "an episode is a cell");

static void clear_set(episode *e, ring_place p)
{
  e->clear_block = p.block;
  e->clear_entry = p.i & 3u;
}

/* The entries after the clear cursor weigh clear or less; with the cursor's own they weigh more. */
static void clear_advance(episode *e, pool const *mem, uint64_t clear)
{
  while (e->after > clear) {
    clear_set(e, ring_after(mem, episode_cursor(e)));
    e->after -= ring_at(mem, episode_cursor(e)).weight;
  }
}

void episode_clear_find(episode *e, pool const *mem, ring const *window, uint64_t clear)
{
  clear_set(e, ring_oldest(window));
  e->after = window->sum - ring_at(mem, episode_cursor(e)).weight;
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

static void episode_forget(pool *mem, episode *e)
{
  if (e->from)
    text_free(mem, e->from);
  e->from = 0;
}

static episode *at(episodes const *a, cell e)
{
  return episode_at(a->mem, e);
}

static int comes_before(episode const *left, episode const *right)
{
  if (left->check != right->check)
    return left->check < right->check;
  if (left->since != right->since)
    return left->since < right->since;
  return episode_precedes(left->serial, right->serial);
}

/* Joins two heaps, either of which may be empty. */
static cell meld(episodes const *a, cell left, cell right)
{
  if (!left || !right)
    return left ? left : right;
  if (comes_before(at(a, right), at(a, left))) {
    cell swap = left;
    left = right;
    right = swap;
  }
  at(a, right)->sibling = at(a, left)->child;
  at(a, left)->child = right;
  return left;
}

/* Joins the children of a heap that has lost its root: in pairs, then all pairs, last pair first. */
static cell meld_all(episodes const *a, cell list)
{
  cell pairs = 0, all = 0;

  while (list) {
    cell left = list, right = at(a, left)->sibling, pair;
    list = right ? at(a, right)->sibling : 0;
    pair = meld(a, left, right);
    at(a, pair)->sibling = pairs;
    pairs = pair;
  }
  while (pairs) {
    cell next = at(a, pairs)->sibling;
    all = meld(a, all, pairs);
    pairs = next;
  }
  return all;
}

static void insert(episodes *a, cell e)
{
  at(a, e)->child = 0;
  a->first = meld(a, a->first, e);
}

static cell remove_first(episodes *a)
{
  cell e = a->first;

  a->first = meld_all(a, at(a, e)->child);
  return e;
}

cell episodes_begin(episodes *a, cell counter, int64_t check, int64_t since, int64_t since_label)
{
  cell made = pool_take(a->mem);

  if (!made)
    return 0;
  *at(a, made) = (episode){.check = check,
                           .since = since,
                           .since_label = since_label,
                           .serial = a->serial++ & (EPISODE_SERIALS - 1),
                           .counter = counter,
                           .level = 1};
  insert(a, made);
  return made;
}

void episodes_abandon(episodes *a, cell e)
{
  at(a, e)->counter = 0;
}

cell episodes_first(episodes *a)
{
  while (a->first && !at(a, a->first)->counter)
    episodes_end_first(a);
  return a->first;
}

void episodes_end_first(episodes *a)
{
  cell e = remove_first(a);

  episode_forget(a->mem, at(a, e));
  pool_give(a->mem, e);
}

void episodes_later(episodes *a, int64_t check)
{
  cell e = remove_first(a);

  at(a, e)->check = check;
  insert(a, e);
}

void episodes_flush(episodes *a)
{
  cell all = 0;

  while (episodes_first(a) && at(a, a->first)->check != INT64_MIN) {
    cell e = remove_first(a);
    at(a, e)->check = INT64_MIN;
    at(a, e)->sibling = all;
    all = e;
  }
  while (all) {
    cell next = at(a, all)->sibling;
    insert(a, all);
    all = next;
  }
}
