#include "rows.h"

#include "chance.h"
#include "count/table.h"
#include <errno.h>

#define MANY 100000

typedef struct {
  table_node node;
  uint64_t number;
} thing;

static uint32_t hash_of(uint64_t number)
{
  return (uint32_t)chance(&number);
}

static thing *at(pool *mem, cell c)
{
  return pool_at(mem, c);
}

static cell add(table *t, uint64_t number, uint32_t hash)
{
  cell c = pool_take(t->mem);
  assert_int_not_equal(c, 0);
  at(t->mem, c)->number = number;
  table_add(t, c, hash);
  return c;
}

static cell find(table *t, uint64_t number, uint32_t hash)
{
  cell c = table_first(t, hash);
  while (c && at(t->mem, c)->number != number)
    c = table_next(t, c);
  return c;
}

static void nothing_in_an_empty_table(void **state)
{
  pool mem;
  table t;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  assert_int_equal(table_open(&t, &mem), 1);
  for (uint32_t h = 0; h < 1000; h++)
    assert_int_equal(table_first(&t, h * 7919), 0);
  assert_int_equal(table_first(&t, UINT32_MAX), 0);
  table_close(&t);
  assert_null(t.segment);
  pool_close(&mem);
}

/* The allocator hands out again what was given back, with all that stood in it. */
static void used_memory(void **state)
{
  pool mem;
  table t;
  char *used;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  used = pool_chunk(&mem, 0);
  assert_non_null(used);
  memset(used, 0xa5, POOL_CHUNK);
  pool_close(&mem);
  pool_open(&mem, 1 << 20, 0, 0);
  assert_int_equal(table_open(&t, &mem), 1);
  for (uint32_t h = 0; h < 1000; h++)
    assert_int_equal(table_first(&t, h), 0);
  table_close(&t);
  pool_close(&mem);
}

static void no_room_for_buckets(void **state)
{
  pool mem;
  table t;
  (void)state;
  pool_open(&mem, POOL_CHUNK - 1, 0, 0);
  errno = 0;
  assert_int_equal(table_open(&t, &mem), 0);
  assert_int_equal(errno, ENOMEM);
  table_close(&t);
  pool_close(&mem);
}

static void all_found_while_growing(void **state)
{
  static cell cells[MANY];
  uint32_t buckets = 0;
  pool mem;
  table t;
  (void)state;
  pool_open(&mem, 64 << 20, 0, 0);
  assert_int_equal(table_open(&t, &mem), 1);
  for (uint64_t i = 0; i < MANY; i++) {
    cells[i] = add(&t, i, hash_of(i));
    assert_int_equal(find(&t, i, hash_of(i)), cells[i]);
    assert_int_equal(find(&t, i * 7 % (i + 1), hash_of(i * 7 % (i + 1))), cells[i * 7 % (i + 1)]);
    assert_true(i == 0 || t.buckets - buckets <= 1);
    assert_true(t.half < t.buckets && t.buckets <= 2 * t.half);
    buckets = t.buckets;
  }
  assert_true(t.buckets >= MANY && t.nodes == MANY);
  for (uint64_t i = 0; i < MANY; i++)
    assert_int_equal(find(&t, i, hash_of(i)), cells[i]);
  for (uint64_t i = MANY; i < MANY + 1000; i++)
    assert_int_equal(find(&t, i, hash_of(i)), 0);
  table_close(&t);
  pool_close(&mem);
}

/* A node a bucket: more than half of the buckets then have one or more. */
static void buckets_share_the_nodes(void **state)
{
  uint32_t const segment = POOL_CHUNK / sizeof(cell);
  uint32_t taken = 0;
  pool mem;
  table t;
  (void)state;
  pool_open(&mem, 64 << 20, 0, 0);
  assert_int_equal(table_open(&t, &mem), 1);
  for (uint64_t i = 0; i < MANY; i++)
    add(&t, i, hash_of(i));
  for (uint32_t i = 0; i < t.buckets; i++)
    taken += t.segment[i / segment][i % segment] != 0;
  assert_true(taken > t.buckets / 2);
  table_close(&t);
  pool_close(&mem);
}

static void removed_are_gone(void **state)
{
  static cell cells[MANY];
  pool mem;
  table t;
  (void)state;
  pool_open(&mem, 64 << 20, 0, 0);
  assert_int_equal(table_open(&t, &mem), 1);
  for (uint64_t i = 0; i < MANY; i++)
    cells[i] = add(&t, i, hash_of(i));
  for (uint64_t i = 0; i < MANY; i += 3)
    table_remove(&t, cells[i]);
  assert_int_equal(t.nodes, MANY - (MANY + 2) / 3);
  for (uint64_t i = 0; i < MANY; i++)
    assert_int_equal(find(&t, i, hash_of(i)), i % 3 ? cells[i] : 0);
  for (uint64_t i = 0; i < MANY; i += 3)
    table_add(&t, cells[i], hash_of(i));
  for (uint64_t i = 0; i < MANY; i++)
    assert_int_equal(find(&t, i, hash_of(i)), cells[i]);
  table_close(&t);
  pool_close(&mem);
}

static void equal_hashes(void **state)
{
  pool mem;
  table t;
  cell cells[500];
  char seen[500] = {0};
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  assert_int_equal(table_open(&t, &mem), 1);
  for (uint64_t i = 0; i < 500; i++)
    cells[i] = add(&t, i, i % 5 ? 77 : 77 + (1 << 20));
  table_remove(&t, cells[7]);
  for (cell c = table_first(&t, 77); c; c = table_next(&t, c)) {
    uint64_t n = at(&mem, c)->number;
    assert_true(n % 5 && n != 7);
    assert_int_equal(seen[n]++, 0);
  }
  for (uint64_t i = 0; i < 500; i++)
    assert_int_equal(seen[i], i % 5 && i != 7);
  table_close(&t);
  pool_close(&mem);
}

/* 40 chunks of cells, and none for buckets beyond the first 16,384. */
static void no_room_for_more_buckets(void **state)
{
  static cell cells[40 * POOL_CELLS + 1];
  size_t n = 0;
  pool mem;
  table t;
  (void)state;
  pool_open(&mem, 41 * POOL_CHUNK, 0, 0);
  assert_int_equal(table_open(&t, &mem), 1);
  while ((cells[n] = pool_take(&mem)))
    n++;
  assert_int_equal(n, 40 * POOL_CELLS);
  for (size_t i = 0; i < n; i++) {
    at(&mem, cells[i])->number = i;
    table_add(&t, cells[i], hash_of(i));
  }
  assert_int_equal(t.buckets, POOL_CHUNK / sizeof(cell));
  assert_int_equal(mem.bytes, 41 * POOL_CHUNK);
  for (size_t i = 0; i < n; i++)
    assert_int_equal(find(&t, i, hash_of(i)), cells[i]);
  table_close(&t);
  pool_close(&mem);
}

/* Takes a cell out and puts it in again, more often than a segment has buckets: the table has every occasion
 * to grow. */
static void stir(table *t, cell c)
{
  for (int i = 0; i < 20000; i++) {
    table_remove(t, c);
    table_add(t, c, hash_of(0));
  }
}

/* Cells have taken all but what is reserved. A table grows again when its chains are four long, and not
 * before. */
static void grows_from_the_reserve(void **state)
{
  pool mem;
  table t;
  cell first, c;
  uint32_t segments;
  (void)state;
  pool_open(&mem, 90 * POOL_CHUNK, 0, 0);
  pool_reserve(&mem, 2 * POOL_CHUNK);
  assert_int_equal(table_open(&t, &mem), 1);
  first = add(&t, 0, hash_of(0));
  for (uint64_t i = 1; (c = pool_take(&mem)); i++)
    table_add(&t, c, hash_of(i));
  assert_int_equal(mem.bytes, 88 * POOL_CHUNK);
  segments = t.segments;
  stir(&t, first);
  assert_int_equal(t.segments, segments);
  t.nodes += 4 * t.buckets; /* as if the cells were smaller */
  stir(&t, first);
  assert_int_equal(t.segments, segments + 1);
  assert_int_equal(mem.bytes, 89 * POOL_CHUNK);
  assert_int_equal(mem.reserve, POOL_CHUNK);
  assert_int_equal(find(&t, 0, hash_of(0)), first);
  table_close(&t);
  pool_close(&mem);
}

static void like_an_array(void **state)
{
  static cell cells[20000];
  uint64_t dice = 5;
  pool mem;
  table t;
  (void)state;
  memset(cells, 0, sizeof cells);
  pool_open(&mem, 16 << 20, 0, 0);
  assert_int_equal(table_open(&t, &mem), 1);
  for (int i = 0; i < 300000; i++) {
    uint64_t n = chance_below(&dice, 20000);
    uint32_t h = hash_of(n) & 0xff00ffff;
    assert_int_equal(find(&t, n, h), cells[n]);
    if (!cells[n])
      cells[n] = add(&t, n, h);
    else if (chance_below(&dice, 2)) {
      table_remove(&t, cells[n]);
      pool_give(&mem, cells[n]);
      cells[n] = 0;
    }
  }
  table_close(&t);
  pool_close(&mem);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "nothing is found in an empty table", nothing_in_an_empty_table);
  rows_one(&list, "nothing is found in memory that was used before", used_memory);
  rows_one(&list, "a table without room for its first buckets is refused", no_room_for_buckets);
  rows_one(&list, "100,000 cells are found again while it grows bucket by bucket", all_found_while_growing);
  rows_one(&list, "nodes are spread over all buckets", buckets_share_the_nodes);
  rows_one(&list, "removed cells are gone, the others stay, and they can come back", removed_are_gone);
  rows_one(&list, "all cells of one hash are found, once each, and none of its neighbours", equal_hashes);
  rows_one(&list, "without room for more buckets chains get longer and nothing fails",
           no_room_for_more_buckets);
  rows_one(&list, "where cells have taken all else a table with long chains grows from what is reserved",
           grows_from_the_reserve);
  rows_one(&list, "300,000 random additions, removals and searches are those of an array", like_an_array);
  return rows_run(&list, "table");
}
