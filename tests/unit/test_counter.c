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

static cell make(pool *mem, span key, int different)
{
  cell c = counter_new(mem, key, different);
  assert_int_not_equal(c, 0);
  return c;
}

static void check_key(size_t len, int different)
{
  char *in = key_of(len), *exact = rows_exact(in, len), out[COUNTER_KEY_MAX + 1];
  counter const *k;
  pool mem;
  cell c;

  open_pool(&mem, 1 << 20);
  c = make(&mem, (span){exact, len}, different);
  k = counter_at(&mem, c);
  if (different)
    counter_keep_value(counter_at(&mem, c), UINT64_C(0x123456789abcdef0));
  out[len] = 'x';
  assert_int_equal(counter_key(&mem, k, out, sizeof out), len);
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
  if (different)
    assert_true(counter_value(k) == UINT64_C(0x123456789abcdef0));
  counter_free(&mem, c);
  assert_int_equal(mem.used, 0);
  pool_close(&mem);
  free(exact);
  free(in);
}

static void all_keys(void **state)
{
  (void)state;
  for (int different = 0; different < 2; different++) {
    for (size_t len = 1; len < 300; len++)
      check_key(len, different);
    check_key(900, different);
    check_key(COUNTER_KEY_MAX - 1, different);
    check_key(COUNTER_KEY_MAX, different);
  }
}

static void key_too_long(void **state)
{
  char *in = key_of(COUNTER_KEY_MAX + 100), out[COUNTER_KEY_MAX];
  pool mem;
  cell c;
  (void)state;
  open_pool(&mem, 1 << 20);
  c = make(&mem, (span){in, COUNTER_KEY_MAX + 100}, 0);
  assert_int_equal(counter_key(&mem, counter_at(&mem, c), out, sizeof out), COUNTER_KEY_MAX);
  assert_memory_equal(out, in, COUNTER_KEY_MAX);
  counter_free(&mem, c);
  assert_int_equal(mem.used, 0);
  pool_close(&mem);
  free(in);
}

static void only_the_beginning(void **state)
{
  char *in = key_of(200), out[200];
  pool mem;
  (void)state;
  open_pool(&mem, 1 << 20);
  for (size_t most = 0; most < 200; most++) {
    counter const *k = counter_at(&mem, make(&mem, (span){in, 200}, 0));
    out[most] = 'x';
    assert_int_equal(counter_key(&mem, k, out, most), most);
    assert_memory_equal(out, in, most);
    assert_int_equal(out[most], 'x');
  }
  pool_close(&mem);
  free(in);
}

static int sign(int order)
{
  return (order > 0) - (order < 0);
}

/* Keys that begin alike, of all lengths around those at which another cell begins, differing in one byte or
 * in none. */
static void order_of_keys(void **state)
{
  char a[200] = {0}, b[200] = {0};
  uint64_t seed = 1;
  pool mem;
  (void)state;
  open_pool(&mem, 1 << 20);
  for (int i = 0; i < 20000; i++) {
    size_t n = chance_below(&seed, 200), m = i % 2 ? n : chance_below(&seed, 200), both = n < m ? n : m;
    int different = (int)chance_below(&seed, 2), expected;
    cell of_a = make(&mem, (span){a, n}, different), of_b;
    size_t at = chance_below(&seed, 200);
    b[at] = (char)chance(&seed);
    of_b = make(&mem, (span){b, m}, different);
    expected = memcmp(a, b, both);
    expected = expected ? sign(expected) : (n > m) - (n < m);
    assert_int_equal(sign(counter_compare(&mem, counter_at(&mem, of_a), counter_at(&mem, of_b))), expected);
    b[at] = 0;
    counter_free(&mem, of_a);
    counter_free(&mem, of_b);
  }
  pool_close(&mem);
}

static void short_key_is_one_cell(void **state)
{
  char *in = key_of(COUNTER_KEY + 1);
  pool mem;
  (void)state;
  open_pool(&mem, 1 << 20);
  make(&mem, (span){in, COUNTER_KEY}, 0);
  assert_int_equal(mem.used, 1);
  make(&mem, (span){in, COUNTER_KEY + 1}, 0);
  assert_int_equal(mem.used, 3);
  make(&mem, (span){in, COUNTER_VALUE}, 1);
  assert_int_equal(mem.used, 4);
  make(&mem, (span){in, COUNTER_VALUE + 1}, 1);
  assert_int_equal(mem.used, 6);
  pool_close(&mem);
  free(in);
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
    assert_int_equal(counter_new(&mem, (span){in, 500}, 0), 0);
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
  rows_one(&list, "no more of a key is written than asked for", only_the_beginning);
  rows_one(&list, "keys are in the order of their bytes, and a beginning comes first", order_of_keys);
  rows_one(&list, "a key that sent one message is one cell, up to 32 bytes, 24 beside a value",
           short_key_is_one_cell);
  rows_one(&list, "a counter without memory leaves nothing behind", new_without_memory);
  return rows_run(&list, "counter");
}
