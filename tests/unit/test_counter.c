#include "rows.h"

#include "chance.h"
#include "count/counter.h"
#include <errno.h>

static void open_pool(pool *mem, size_t bytes)
{
  pool_open(mem, bytes, 0, 0);
}

static char *key_of(size_t len)
{
  char *s = malloc(len + 1);
  uint64_t seed = len;
  for (size_t i = 0; i < len; i++)
    s[i] = (char)chance(&seed);
  return s;
}

static cell make(pool *mem, span key, counter_state as)
{
  cell c = counter_new(mem, key);
  assert_int_not_equal(c, 0);
  counter_at(mem, c)->state = as & 3;
  counter_at(mem, c)->u.when = 1000;
  return c;
}

static void check_key(size_t len)
{
  char *in = key_of(len), *exact = rows_exact(in, len), out[COUNTER_KEY_MAX + 1];
  counter const *k;
  pool mem;
  cell c;

  open_pool(&mem, 1 << 20);
  c = make(&mem, (span){exact, len}, COUNTER_SINGLE);
  k = counter_at(&mem, c);
  out[len] = 'x';
  assert_int_equal(counter_key(&mem, k, out), len);
  assert_memory_equal(out, in, len);
  assert_int_equal(out[len], 'x');
  assert_true(counter_is(&mem, k, (span){exact, len}));
  assert_false(counter_is(&mem, k, (span){exact, len - 1}));
  assert_false(counter_is(&mem, k, (span){in, len + 1}));
  for (size_t i = 0; i < len; i += 1 + len / 50) {
    exact[i] ^= 1;
    assert_false(counter_is(&mem, k, (span){exact, len}));
    exact[i] ^= 1;
  }
  counter_free(&mem, c);
  assert_int_equal(mem.used, 0);
  pool_close(&mem);
  free(exact);
  free(in);
}

static void all_keys(void **state)
{
  (void)state;
  for (size_t len = 1; len < 300; len++)
    check_key(len);
  check_key(900);
  check_key(COUNTER_KEY_MAX - 1);
  check_key(COUNTER_KEY_MAX);
}

static void key_too_long(void **state)
{
  char *in = key_of(COUNTER_KEY_MAX + 100), out[COUNTER_KEY_MAX];
  pool mem;
  cell c;
  (void)state;
  open_pool(&mem, 1 << 20);
  c = make(&mem, (span){in, COUNTER_KEY_MAX + 100}, COUNTER_SINGLE);
  assert_int_equal(counter_key(&mem, counter_at(&mem, c), out), COUNTER_KEY_MAX);
  assert_memory_equal(out, in, COUNTER_KEY_MAX);
  counter_free(&mem, c);
  assert_int_equal(mem.used, 0);
  pool_close(&mem);
  free(in);
}

static void short_key_is_one_cell(void **state)
{
  char *in = key_of(COUNTER_KEY + 1);
  pool mem;
  (void)state;
  open_pool(&mem, 1 << 20);
  make(&mem, (span){in, COUNTER_KEY}, COUNTER_SINGLE);
  assert_int_equal(mem.used, 1);
  make(&mem, (span){in, COUNTER_KEY + 1}, COUNTER_SINGLE);
  assert_int_equal(mem.used, 3);
  pool_close(&mem);
  free(in);
}

static void promote_single(void **state)
{
  counter_record const *r;
  counter *k;
  pool mem;
  cell c;
  (void)state;
  open_pool(&mem, 1 << 20);
  c = make(&mem, span_of("ann@example.org"), COUNTER_SINGLE);
  k = counter_at(&mem, c);
  assert_int_equal(counter_promote(&mem, k), 1);
  assert_int_equal(k->state, COUNTER_MANY);
  r = counter_record_of(&mem, k);
  assert_int_equal(r->peak, 1);
  assert_int_equal(r->total, 1);
  assert_int_equal(r->peak_at, 1000);
  assert_int_equal(r->overs, 0);
  assert_int_equal(r->window.sum, 1);
  assert_int_equal(ring_at(&mem, ring_oldest(&r->window)).when, 1000);
  assert_true(counter_is(&mem, k, span_of("ann@example.org")));
  counter_free(&mem, c);
  assert_int_equal(mem.used, 0);
  pool_close(&mem);
}

static void promote_spent(void **state)
{
  counter_record const *r;
  pool mem;
  cell c;
  (void)state;
  open_pool(&mem, 1 << 20);
  c = make(&mem, span_of("ann@example.org"), COUNTER_SPENT);
  assert_int_equal(counter_promote(&mem, counter_at(&mem, c)), 1);
  r = counter_record_of(&mem, counter_at(&mem, c));
  assert_int_equal(r->peak, 1);
  assert_int_equal(r->total, 1);
  assert_int_equal(r->window.sum, 0);
  assert_int_equal(r->window.entries, 0);
  counter_free(&mem, c);
  assert_int_equal(mem.used, 0);
  pool_close(&mem);
}

/* A record and a block of the ring are asked for; with room for free cells of them, 0 or 1. */
static void promote_without_memory(void **state)
{
  (void)state;
  for (size_t room = 0; room < 2; room++) {
    counter before, *k;
    pool mem;
    cell c;
    open_pool(&mem, POOL_CHUNK);
    c = pool_take(&mem); /* it comes next again, with no byte undefined */
    memset(pool_at(&mem, c), 0, CELL_BYTES);
    pool_give(&mem, c);
    c = make(&mem, span_of("ann"), COUNTER_SINGLE);
    while (mem.used < POOL_CELLS - 1 - room)
      pool_take(&mem);
    k = counter_at(&mem, c);
    before = *k;
    errno = 0;
    assert_int_equal(counter_promote(&mem, k), 0);
    assert_int_equal(errno, ENOMEM);
    assert_memory_equal(k, &before, sizeof before);
    assert_int_equal(mem.used, POOL_CELLS - 1 - room);
    pool_close(&mem);
  }
}

static void new_without_memory(void **state)
{
  char *in = key_of(500);
  pool mem;
  (void)state;
  for (size_t room = 0; room < 5; room++) {
    open_pool(&mem, POOL_CHUNK);
    while (mem.used < POOL_CELLS - 1 - room)
      pool_take(&mem);
    errno = 0;
    assert_int_equal(counter_new(&mem, (span){in, 500}), 0);
    assert_int_equal(errno, ENOMEM);
    assert_int_equal(mem.used, POOL_CELLS - 1 - room);
    pool_close(&mem);
  }
  free(in);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "keys of all lengths come back, and no other key is taken for them", all_keys);
  rows_one(&list, "a key beyond the longest is cut", key_too_long);
  rows_one(&list, "a key that sent one message is one cell, up to 34 bytes", short_key_is_one_cell);
  rows_one(&list, "a single counter takes its event into its record's window", promote_single);
  rows_one(&list, "a spent one does not, but into its peak and total", promote_spent);
  rows_one(&list, "a record without memory changes nothing", promote_without_memory);
  rows_one(&list, "a counter without memory leaves nothing behind", new_without_memory);
  return rows_run(&list, "counter");
}
