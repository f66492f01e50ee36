#include "count/table.h"
#include <stdlib.h>
#include <string.h>

#define CHAIN_LONG 4 /* nodes a bucket, on average, from which on a table may take what is reserved */
#define TABLE_SEGMENT ((uint32_t)(POOL_CHUNK / sizeof(cell)))

static table_node *node_at(table const *t, cell c)
{
  return pool_at(t->mem, c);
}

static cell *bucket_at(table const *t, uint32_t i)
{
  return &t->segment[i / TABLE_SEGMENT][i % TABLE_SEGMENT];
}

static cell *bucket_of(table const *t, uint32_t hash)
{
  uint32_t i = hash & (2 * t->half - 1);
  return bucket_at(t, i < t->buckets ? i : i - t->half);
}

static int segment_add(table *t)
{
  cell *s;

  if (t->segments == t->room) {
    uint32_t room = t->room ? 2 * t->room : 16;
    cell **segment = realloc(t->segment, room * sizeof *segment);
    if (!segment)
      return 0;
    t->segment = segment;
    t->room = room;
  }
  s = pool_chunk(t->mem, 0);
  if (!s && t->nodes / CHAIN_LONG >= t->buckets)
    s = pool_chunk(t->mem, 1);
  if (!s)
    return 0;
  memset(s, 0, POOL_CHUNK);
  t->segment[t->segments++] = s;
  return 1;
}

/* Shares the oldest unsplit bucket with a new one. */
static void bucket_split(table *t)
{
  cell *old, *link, *fresh;

  if (t->buckets > UINT32_MAX / 4 || (t->buckets == t->segments * TABLE_SEGMENT && !segment_add(t)))
    return;
  if (t->buckets == 2 * t->half)
    t->half *= 2;
  old = bucket_at(t, t->buckets - t->half);
  fresh = bucket_at(t, t->buckets);
  t->buckets++;
  for (link = old; *link;) {
    table_node *n = node_at(t, *link);
    cell c = *link;
    if (!(n->hash & t->half)) {
      link = &n->next;
      continue;
    }
    *link = n->next;
    n->next = *fresh;
    *fresh = c;
  }
}

int table_open(table *t, pool *mem)
{
  *t = (table){.mem = mem, .half = 128, .buckets = 256};
  return segment_add(t);
}

void table_close(table *t)
{
  free(t->segment);
  t->segment = 0;
}

static cell same_hash(table const *t, cell c, uint32_t hash)
{
  while (c && node_at(t, c)->hash != hash)
    c = node_at(t, c)->next;
  return c;
}

cell table_first(table const *t, uint32_t hash)
{
  return same_hash(t, *bucket_of(t, hash), hash);
}

cell table_next(table const *t, cell c)
{
  table_node const *n = node_at(t, c);
  return same_hash(t, n->next, n->hash);
}

void table_add(table *t, cell c, uint32_t hash)
{
  table_node *n = node_at(t, c);
  cell *head;

  if (++t->nodes > t->buckets)
    bucket_split(t);
  head = bucket_of(t, hash);
  n->hash = hash;
  n->next = *head;
  *head = c;
}

void table_remove(table *t, cell c)
{
  table_node const *n = node_at(t, c);
  cell *link = bucket_of(t, n->hash);

  while (*link != c)
    link = &node_at(t, *link)->next;
  *link = n->next;
  t->nodes--;
}

static list_node *linked_at(pool const *mem, cell c)
{
  return pool_at(mem, c);
}

void list_add(pool const *mem, cell_list *l, cell c)
{
  list_node *n = linked_at(mem, c);

  n->prev = l->tail;
  n->next = 0;
  if (l->tail)
    linked_at(mem, l->tail)->next = c;
  else
    l->head = c;
  l->tail = c;
}

void list_remove(pool const *mem, cell_list *l, cell c)
{
  list_node const *n = linked_at(mem, c);

  if (n->prev)
    linked_at(mem, n->prev)->next = n->next;
  else
    l->head = n->next;
  if (n->next)
    linked_at(mem, n->next)->prev = n->prev;
  else
    l->tail = n->prev;
}

void list_join(pool const *mem, cell_list *l, cell_list *from)
{
  if (!from->head)
    return;
  if (l->tail) {
    linked_at(mem, l->tail)->next = from->head;
    linked_at(mem, from->head)->prev = l->tail;
  } else
    l->head = from->head;
  l->tail = from->tail;
  *from = (cell_list){0, 0};
}
