#include "rows.h"

#include "chance.h"
#include "count/pool.h"
#include "count/table.h"
#include "count/text.h"
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

#define MANY 100000

typedef struct {
  table_node node;
  uint64_t number;
} thing_of_table;

static uint32_t hash_of(uint64_t number)
{
  return (uint32_t)chance(&number);
}

static thing_of_table *at(pool *mem, cell c)
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

static void all_reserved(void **state)
{
  pool mem;
  (void)state;
  pool_open(&mem, 2 * POOL_CHUNK, 0, 0);
  pool_reserve(&mem, 2 * POOL_CHUNK);
  assert_int_not_equal(pool_take(&mem), 0);
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

typedef struct {
  list_node node;
  char letter;
} thing_of_list;

static thing_of_list *thing_at(pool const *mem, cell c)
{
  return pool_at(mem, c);
}

static cell make(pool *mem, char letter)
{
  cell c = pool_take(mem);
  assert_int_not_equal(c, 0);
  thing_at(mem, c)->letter = letter;
  return c;
}

static void expect_order(pool *mem, cell_list const *l, char const *order)
{
  cell back = 0;
  for (cell c = l->head; c; c = list_next(mem, c)) {
    assert_int_equal(thing_at(mem, c)->letter, *order++);
    assert_int_equal(thing_at(mem, c)->node.prev, back);
    back = c;
  }
  assert_int_equal(*order, 0);
  assert_int_equal(l->tail, back);
}

static void lists(void **state)
{
  cell_list l = {0, 0};
  cell c[5];
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (int i = 0; i < 5; i++) {
    c[i] = make(&mem, "abcde"[i]);
    list_add(&mem, &l, c[i]);
  }
  expect_order(&mem, &l, "abcde");
  list_remove(&mem, &l, c[2]);
  expect_order(&mem, &l, "abde");
  list_remove(&mem, &l, c[0]);
  expect_order(&mem, &l, "bde");
  list_remove(&mem, &l, c[4]);
  expect_order(&mem, &l, "bd");
  list_add(&mem, &l, c[0]);
  expect_order(&mem, &l, "bda");
  list_remove(&mem, &l, c[1]);
  list_remove(&mem, &l, c[0]);
  list_remove(&mem, &l, c[3]);
  expect_order(&mem, &l, "");
  pool_close(&mem);
}

static void splices(void **state)
{
  cell_list l = {0, 0}, from = {0, 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  list_join(&mem, &l, &from);
  expect_order(&mem, &l, "");
  list_add(&mem, &from, make(&mem, 'a'));
  list_join(&mem, &l, &from);
  expect_order(&mem, &l, "a");
  expect_order(&mem, &from, "");
  list_join(&mem, &l, &from);
  expect_order(&mem, &l, "a");
  list_add(&mem, &from, make(&mem, 'b'));
  list_add(&mem, &from, make(&mem, 'c'));
  list_join(&mem, &l, &from);
  expect_order(&mem, &l, "abc");
  expect_order(&mem, &from, "");
  pool_close(&mem);
}

#define LONGEST 200000

static char const *bytes_of(uint64_t seed)
{
  static char s[LONGEST];
  for (size_t i = 0; i < sizeof s; i++)
    s[i] = (char)chance(&seed);
  return s;
}

/* Stored, read back whole and in part, and given back, with no byte beyond read or written. */
static void round_trip(pool *mem, size_t len)
{
  char *in = rows_exact(bytes_of(len), len), *out = malloc(len + 1);
  size_t used = mem->used;
  cell c = text_store(mem, (span){in, len});

  assert_int_not_equal(c, 0);
  assert_int_equal(mem->used - used, text_cells(len));
  out[len] = 'x';
  text_load(mem, c, out, len);
  assert_memory_equal(out, in, len);
  assert_int_equal(out[len], 'x');
  memset(out, 'z', len);
  text_load(mem, c, out, len / 2);
  assert_memory_equal(out, in, len / 2);
  assert_true(!len || out[len / 2] == 'z');
  assert_true(text_begins(mem, c, (span){in, len}));
  assert_true(text_begins(mem, c, (span){in, len / 2}));
  assert_true(text_begins(mem, c, (span){in, 0}));
  if (len) {
    in[len - 1] ^= 1;
    assert_false(text_begins(mem, c, (span){in, len}));
    assert_true(text_begins(mem, c, (span){in, len - 1}));
    in[len - 1] ^= 1;
    in[0] ^= 1;
    assert_false(text_begins(mem, c, (span){in, 1}));
  }
  assert_int_equal(text_free(mem, c), text_cells(len));
  assert_int_equal(mem->used, used);
  free(in);
  free(out);
}

static void all_lengths(void **state)
{
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (cell c = 1; c < 50; c++)
    assert_int_equal(pool_take(&mem), c);
  for (cell c = 1; c < 50; c++) /* so that there are traces in them */
    pool_give(&mem, c);
  for (size_t len = 0; len <= 400; len++)
    round_trip(&mem, len);
  round_trip(&mem, 8192);
  round_trip(&mem, LONGEST - 1);
  round_trip(&mem, LONGEST);
  pool_close(&mem);
}

/* Several pieces are one text, read back in other pieces. */
static void in_pieces(void **state)
{
  char in[300], out[300];
  pool mem;
  (void)state;
  for (size_t i = 0; i < sizeof in; i++)
    in[i] = (char)('a' + i % 23);
  pool_open(&mem, 1 << 20, 0, 0);
  for (size_t a = 0; a <= sizeof in; a += 7)
    for (size_t b = a; b <= sizeof in; b += 13) {
      span const all[] = {{in, a}, {in + a, b - a}, {in + b, sizeof in - b}};
      cell c = text_store_all(&mem, all, 3);
      text_place at = {c, 0};
      assert_int_equal(mem.used, text_cells(sizeof in));
      text_read(&mem, &at, out, b);
      text_read(&mem, &at, out + b, 0);
      text_read(&mem, &at, out + b, sizeof in - b);
      assert_memory_equal(in, out, sizeof in);
      assert_int_equal(text_free(&mem, c), text_cells(sizeof in));
      assert_int_equal(mem.used, 0);
    }
  pool_close(&mem);
}

/* Where a piece has no room nothing is left behind. */
static void no_room_for_a_piece(void **state)
{
  span const all[] = {
      {"a", 1}, {"", 0}, {"0123456789012345678901234567890123456789012345678901234567890123456789", 70}};
  pool mem;
  (void)state;
  pool_open(&mem, POOL_CHUNK, 0, 0);
  for (size_t i = 0; i + 2 < POOL_CELLS; i++)
    assert_int_not_equal(pool_take(&mem), 0);
  assert_int_equal(text_store_all(&mem, all, 3), 0);
  assert_int_equal(mem.used, POOL_CELLS - 2);
  pool_close(&mem);
}

static void empty_text(void **state)
{
  pool mem;
  cell c;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  c = text_store(&mem, (span){"", 0});
  assert_int_not_equal(c, 0);
  assert_int_equal(mem.used, 1);
  assert_int_equal(text_cells(0), 1);
  assert_int_equal(text_free(&mem, c), 1);
  pool_close(&mem);
}

static void cells_count(void **state)
{
  (void)state;
  assert_int_equal(text_cells(1), 1);
  assert_int_equal(text_cells(60), 1);
  assert_int_equal(text_cells(61), 2);
  assert_int_equal(text_cells(120), 2);
  assert_int_equal(text_cells(121), 3);
}

/* Room for 1,023 cells: a text that does not fit leaves nothing behind, however far it got. */
static void no_memory(void **state)
{
  pool mem;
  (void)state;
  pool_open(&mem, POOL_CHUNK, 0, 0);
  for (size_t held = POOL_CELLS - 1; held > POOL_CELLS - 12; held--) {
    size_t room = POOL_CELLS - 1 - held;
    while (mem.used < held)
      assert_int_not_equal(pool_take(&mem), 0);
    errno = 0;
    assert_int_equal(text_store(&mem, (span){bytes_of(1), 60 * room + 1}), 0);
    assert_int_equal(errno, ENOMEM);
    assert_int_equal(mem.used, held);
    if (room)
      assert_int_equal(text_free(&mem, text_store(&mem, (span){bytes_of(1), 60 * room})), room);
    pool_close(&mem);
    pool_open(&mem, POOL_CHUNK, 0, 0);
  }
  pool_close(&mem);
}

static void texts_are_apart(void **state)
{
  enum { TEXTS = 200 };
  cell c[TEXTS];
  char out[TEXTS * 3];
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (size_t i = 0; i < TEXTS; i++)
    c[i] = text_store(&mem, (span){bytes_of(i), 3 * i});
  for (size_t i = 0; i < TEXTS; i += 2)
    text_free(&mem, c[i]);
  for (size_t i = 0; i < TEXTS; i += 2)
    c[i] = text_store(&mem, (span){bytes_of(i + 1000), 3 * i});
  for (size_t i = 0; i < TEXTS; i++) {
    text_load(&mem, c[i], out, 3 * i);
    assert_memory_equal(out, bytes_of(i % 2 ? i : i + 1000), 3 * i);
  }
  pool_close(&mem);
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
  rows_one(&list, "a reserve of all there is would leave no cell: there is none then", all_reserved);
  rows_one(&list, "300,000 random additions, removals and searches are those of an array", like_an_array);
  rows_one(&list, "cells are added at the end and removed anywhere", lists);
  rows_one(&list, "a list joins another as a whole and is empty then", splices);
  rows_one(&list, "texts of all lengths come back whole, in part and compared", all_lengths);
  rows_one(&list, "several pieces are one text", in_pieces);
  rows_one(&list, "a piece for which there is no memory leaves nothing behind", no_room_for_a_piece);
  rows_one(&list, "an empty text takes one cell", empty_text);
  rows_one(&list, "a cell takes 60 bytes of a text", cells_count);
  rows_one(&list, "a text for which there is no memory leaves nothing behind", no_memory);
  rows_one(&list, "texts do not mix, also when cells are used again", texts_are_apart);
  return rows_run(&list, "pool");
}
