#include "rows.h"

#include "chance.h"
#include "count/pool.h"
#include <errno.h>

/* An owner who holds cells and gives them back when asked, as long as there are any. */
typedef struct {
  pool mem;
  cell held[8 * POOL_CELLS];
  size_t count;
  unsigned int asked;
  size_t used_when_asked;
} hoard;

static int give_one(void *p)
{
  hoard *h = p;
  h->asked++;
  h->used_when_asked = h->mem.used;
  if (!h->count)
    return 0;
  pool_give(&h->mem, h->held[--h->count]);
  return 1;
}

static size_t fill(pool *p)
{
  size_t n = 0;
  while (pool_take(p))
    n++;
  return n;
}

static void empty_takes_nothing(void **state)
{
  pool p;
  (void)state;
  pool_open(&p, 1 << 20, 0, 0);
  assert_int_equal(p.bytes, 0);
  assert_int_equal(p.used, 0);
  pool_close(&p);
}

static void budget_is_a_bound(void **state)
{
  static size_t const budgets[] = {
      0, 1, POOL_CHUNK - 1, POOL_CHUNK, POOL_CHUNK + 1, 3 * POOL_CHUNK - 1, 3 * POOL_CHUNK, 100 * POOL_CHUNK};
  (void)state;
  for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
    size_t chunks = budgets[i] / POOL_CHUNK;
    pool p;
    pool_open(&p, budgets[i], 0, 0);
    errno = 0;
    assert_int_equal(fill(&p), chunks ? chunks * POOL_CELLS - 1 : 0);
    assert_int_equal(errno, ENOMEM);
    assert_int_equal(p.bytes, chunks * POOL_CHUNK);
    assert_true(p.bytes <= p.budget);
    errno = 0;
    assert_null(pool_chunk(&p, 0));
    assert_int_equal(errno, ENOMEM);
    pool_close(&p);
  }
}

static void budget_has_a_most(void **state)
{
  pool p;
  (void)state;
  pool_open(&p, SIZE_MAX, 0, 0);
  assert_true(p.budget == POOL_MOST);
  assert_int_not_equal(pool_take(&p), 0);
  pool_close(&p);
}

/* Every cell has its own 64 bytes, aligned, and keeps what was put into it while chunks are added. */
static void cells_are_apart(void **state)
{
  size_t n = 5 * POOL_CELLS - 1;
  cell *c = malloc(n * sizeof *c);
  void **where = malloc(n * sizeof *where);
  pool p;
  (void)state;
  pool_open(&p, 5 * POOL_CHUNK, 0, 0);
  for (size_t i = 0; i < n; i++) {
    c[i] = pool_take(&p);
    assert_int_not_equal(c[i], 0);
    where[i] = pool_at(&p, c[i]);
    assert_int_equal((uintptr_t)where[i] % CELL_BYTES, 0);
    memset(where[i], (int)(i % 251), CELL_BYTES);
  }
  assert_int_equal(p.used, n);
  for (size_t i = 0; i < n; i++) {
    unsigned char const *s = pool_at(&p, c[i]);
    assert_ptr_equal(s, where[i]);
    for (size_t k = 0; k < CELL_BYTES; k++)
      assert_int_equal(s[k], i % 251);
  }
  free(c);
  free(where);
  pool_close(&p);
}

static void given_cell_is_used_again(void **state)
{
  cell a, b;
  pool p;
  (void)state;
  pool_open(&p, POOL_CHUNK, 0, 0);
  a = pool_take(&p);
  b = pool_take(&p);
  assert_int_equal(p.used, 2);
  pool_give(&p, a);
  assert_int_equal(p.used, 1);
  assert_int_equal(pool_take(&p), a);
  assert_int_equal(p.used, 2);
  assert_int_not_equal(pool_take(&p), b);
  pool_close(&p);
}

static void full_pool_serves_again(void **state)
{
  cell c;
  pool p;
  (void)state;
  pool_open(&p, POOL_CHUNK, 0, 0);
  c = pool_take(&p);
  fill(&p);
  assert_int_equal(pool_take(&p), 0);
  pool_give(&p, c);
  assert_int_equal(pool_take(&p), c);
  assert_int_equal(pool_take(&p), 0);
  pool_close(&p);
}

static void chain_goes_back(void **state)
{
  cell c[1000];
  char seen[POOL_CELLS] = {0};
  pool p;
  (void)state;
  pool_open(&p, POOL_CHUNK, 0, 0);
  for (size_t i = 0; i < 1000; i++)
    c[i] = pool_take(&p);
  for (size_t i = 0; i < 1000; i++)
    memcpy(pool_at(&p, c[i]), i < 999 ? &c[i + 1] : &c[0], sizeof(cell));
  pool_give_chain(&p, c[0], c[999], 1000);
  assert_int_equal(p.used, 0);
  for (size_t i = 0; i < 1000; i++) {
    cell got = pool_take(&p);
    assert_in_range(got, 1, POOL_CELLS - 1);
    assert_int_equal(seen[got]++, 0);
  }
  assert_int_equal(p.used, 1000);
  assert_int_equal(p.bytes, POOL_CHUNK);
  pool_close(&p);
}

static void evict_is_asked_at_the_budget(void **state)
{
  static hoard h;
  (void)state;
  h.count = h.asked = 0;
  pool_open(&h.mem, 2 * POOL_CHUNK, &give_one, &h);
  for (size_t i = 0; i < 2 * POOL_CELLS - 1; i++)
    h.held[h.count++] = pool_take(&h.mem);
  assert_int_equal(h.asked, 0);
  assert_int_equal(pool_take(&h.mem), h.held[2 * POOL_CELLS - 2]);
  assert_int_equal(h.asked, 1);
  assert_int_equal(h.used_when_asked, 2 * POOL_CELLS - 1);
  assert_int_equal(h.mem.used, 2 * POOL_CELLS - 1);
  pool_close(&h.mem);
}

static void nothing_to_evict(void **state)
{
  static hoard h;
  (void)state;
  h.count = h.asked = 0;
  pool_open(&h.mem, POOL_CHUNK, &give_one, &h);
  assert_int_equal(fill(&h.mem), POOL_CELLS - 1);
  h.asked = 0;
  errno = 0;
  assert_int_equal(pool_take(&h.mem), 0);
  assert_int_equal(errno, ENOMEM);
  assert_int_equal(h.asked, 1);
  pool_close(&h.mem);
}

static void chunk_is_inside_the_budget(void **state)
{
  static hoard h;
  char *s;
  (void)state;
  h.count = h.asked = 0;
  pool_open(&h.mem, 2 * POOL_CHUNK, &give_one, &h);
  h.held[h.count++] = pool_take(&h.mem);
  s = pool_chunk(&h.mem, 0);
  assert_non_null(s);
  memset(s, 'x', POOL_CHUNK);
  assert_int_equal(h.mem.bytes, 2 * POOL_CHUNK);
  assert_null(pool_chunk(&h.mem, 0));
  assert_int_equal(h.asked, 0);
  assert_int_equal(fill(&h.mem), POOL_CELLS - 1);
  for (size_t i = 0; i < POOL_CHUNK; i++)
    assert_int_equal(s[i], 'x');
  pool_close(&h.mem);
}

/* A chunk that comes first must not make cell 0 a cell, nor its own bytes cells. */
static void chunk_first(void **state)
{
  pool p;
  cell c;
  char *s;
  (void)state;
  pool_open(&p, 2 * POOL_CHUNK, 0, 0);
  s = pool_chunk(&p, 0);
  assert_non_null(s);
  memset(s, 'x', POOL_CHUNK);
  while ((c = pool_take(&p)))
    memset(pool_at(&p, c), 'y', CELL_BYTES);
  for (size_t i = 0; i < POOL_CHUNK; i++)
    assert_int_equal(s[i], 'x');
  assert_int_equal(p.used, POOL_CELLS);
  pool_close(&p);
}

static void like_a_set(void **state)
{
  static unsigned char in_use[4 * POOL_CELLS];
  static cell held[4 * POOL_CELLS];
  uint64_t dice = 1;
  size_t n = 0;
  pool p;
  (void)state;
  pool_open(&p, 4 * POOL_CHUNK, 0, 0);
  for (int i = 0; i < 100000; i++) {
    if (n && chance_below(&dice, 100) < 48) {
      size_t k = chance_below(&dice, n);
      in_use[held[k]] = 0;
      pool_give(&p, held[k]);
      held[k] = held[--n];
    } else {
      cell c = pool_take(&p);
      assert_true(c || n == 4 * POOL_CELLS - 1);
      if (!c)
        continue;
      assert_int_equal(in_use[c], 0);
      in_use[c] = 1;
      held[n++] = c;
    }
    assert_int_equal(p.used, n);
    assert_true(p.bytes <= p.budget);
  }
  pool_close(&p);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "an empty pool takes no memory", empty_takes_nothing);
  rows_one(&list, "the budget is used up and never exceeded, at any size", budget_is_a_bound);
  rows_one(&list, "a budget beyond what handles can name is cut", budget_has_a_most);
  rows_one(&list, "cells do not overlap, are aligned and never move", cells_are_apart);
  rows_one(&list, "a cell that was given back is used again", given_cell_is_used_again);
  rows_one(&list, "a full pool serves again what is given back, and no more", full_pool_serves_again);
  rows_one(&list, "a chain goes back in one step, and each of its cells is used again", chain_goes_back);
  rows_one(&list, "evict is asked at the budget and not before", evict_is_asked_at_the_budget);
  rows_one(&list, "without anything to evict a cell is refused with ENOMEM", nothing_to_evict);
  rows_one(&list, "a chunk counts in the budget and evicts nobody", chunk_is_inside_the_budget);
  rows_one(&list, "a chunk that was taken first is not handed out as cells", chunk_first);
  rows_one(&list, "a hundred thousand random takes and gives hand out no cell twice", like_a_set);
  return rows_run(&list, "pool");
}
