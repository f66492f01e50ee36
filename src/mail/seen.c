#include "mail/seen.h"
#include <assert.h>
#include <string.h>

#define BRANCH ((uint32_t)1 << 31) /* marks the handle of a branch; others are leaves */
#define BRANCHES (CELL_BYTES / sizeof(uint32_t))
#define LEAF_MOST 7

typedef struct {
  uint64_t count;
  uint64_t what[LEAF_MOST];
} leaf;

typedef struct {
  uint32_t child[BRANCHES];
} branch;

static_assert(sizeof(leaf) == CELL_BYTES && sizeof(branch) == CELL_BYTES, "a node is a cell");

static leaf *leaf_at(pool const *mem, uint32_t node)
{
  return pool_at(mem, node);
}

static branch *branch_at(pool const *mem, uint32_t node)
{
  return pool_at(mem, node & ~BRANCH);
}

/* Which child of a branch at that depth; a fingerprint has 16 such digits. */
static uint32_t *child_for(pool const *mem, uint32_t node, uint64_t what, unsigned int depth)
{
  return &branch_at(mem, node)->child[(what >> (4 * depth)) & 15];
}

static int leaf_make(pool *mem, uint32_t *link, uint64_t what)
{
  cell c = pool_take(mem);

  if (!c)
    return 0;
  *leaf_at(mem, c) = (leaf){1, {what}};
  *link = c;
  return 1;
}

/* Puts a branch in the place of a full leaf, and deals its fingerprints out to new leaves below. Returns 1,
 * or 0 with errno ENOMEM and nothing changed. */
static int leaf_split(pool *mem, uint32_t *link, unsigned int depth, size_t *cells)
{
  leaf old = *leaf_at(mem, *link);
  uint32_t made = pool_take(mem);
  int ok = made != 0;
  size_t taken = 0;

  if (!ok)
    return 0;
  memset(branch_at(mem, made), 0, sizeof(branch));
  made |= BRANCH;
  for (size_t i = 0; ok && i < LEAF_MOST; i++) {
    uint32_t *child = child_for(mem, made, old.what[i], depth);
    if (*child)
      leaf_at(mem, *child)->what[leaf_at(mem, *child)->count++] = old.what[i];
    else
      taken += (size_t)(ok = leaf_make(mem, child, old.what[i]));
  }
  if (!ok) {
    seen_free(mem, made);
    return 0;
  }
  pool_give(mem, *link);
  *link = made;
  *cells += taken;
  return 1;
}

static int leaf_has(leaf const *l, uint64_t what)
{
  for (uint64_t i = 0; i < l->count; i++)
    if (l->what[i] == what)
      return 1;
  return 0;
}

/* What is in a set is all different, so sixteen digits tell it apart: no leaf below them is ever full. */
int seen_add(pool *mem, seen_set *set, uint64_t what, size_t *cells)
{
  uint32_t *link = set;
  unsigned int depth = 0;

  for (;;) {
    leaf *l;
    while (*link & BRANCH)
      link = child_for(mem, *link, what, depth++);
    if (!*link) {
      if (!leaf_make(mem, link, what))
        return -1;
      ++*cells;
      return 1;
    }
    l = leaf_at(mem, *link);
    if (leaf_has(l, what))
      return 0;
    if (l->count < LEAF_MOST) {
      l->what[l->count++] = what;
      return 1;
    }
    if (!leaf_split(mem, link, depth, cells))
      return -1;
  }
}

size_t seen_free(pool *mem, seen_set set)
{
  size_t freed = 1;

  if (!set)
    return 0;
  if (set & BRANCH)
    for (size_t i = 0; i < BRANCHES; i++)
      freed += seen_free(mem, branch_at(mem, set)->child[i]);
  pool_give(mem, set & ~BRANCH);
  return freed;
}
