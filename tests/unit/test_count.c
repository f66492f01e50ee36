#include "rows.h"

#include "chance.h"
#include "count/ring.h"
#include "count/counter.h"
#include "count/counters.h"
#include "stores.h"
#include <errno.h>
#include <stdio.h>

#define EVENTS 60000

/* The naive window: every event ever, and what of it is inside. */
typedef struct {
  int64_t when[EVENTS];
  uint64_t weight[EVENTS];
  size_t first, count;
} naive;

static uint64_t sum_after(naive *l, int64_t until)
{
  uint64_t sum = 0;
  while (l->first < l->count && l->when[l->first] <= until)
    l->first++;
  for (size_t i = l->first; i < l->count; i++)
    sum += l->weight[i];
  return sum;
}

static void add(ring *r, pool *mem, int64_t when, uint64_t weight, int64_t tolerance)
{
  uint64_t w = weight;
  assert_int_equal(ring_add(r, mem, when, &w, tolerance), 1);
  assert_true(w == weight);
}

static void half_open(void **state)
{
  ring r = {.sum = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  add(&r, &mem, 100, 1, 0);
  ring_forget(&r, &mem, 99);
  assert_int_equal(r.sum, 1);
  ring_forget(&r, &mem, 100);
  assert_int_equal(r.sum, 0);
  assert_int_equal(r.entries, 0);
  assert_int_equal(mem.used, 0);
  pool_close(&mem);
}

static void forget_nothing(void **state)
{
  ring r = {.sum = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  ring_forget(&r, &mem, INT64_MAX);
  ring_clear(&r, &mem);
  assert_int_equal(r.sum, 0);
  assert_int_equal(mem.bytes, 0);
  pool_close(&mem);
}

static void same_instant(void **state)
{
  ring r = {.sum = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (int i = 0; i < 100000; i++)
    add(&r, &mem, 7, 3, 0);
  assert_int_equal(r.sum, 300000);
  assert_int_equal(r.entries, 1);
  assert_int_equal(mem.used, 1);
  pool_close(&mem);
}

static void times_below_zero(void **state)
{
  ring r = {.sum = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  add(&r, &mem, -100, 1, 10);
  add(&r, &mem, -50, 2, 10);
  add(&r, &mem, 0, 4, 10);
  ring_forget(&r, &mem, -51);
  assert_int_equal(r.sum, 6);
  ring_forget(&r, &mem, -50);
  assert_int_equal(r.sum, 4);
  pool_close(&mem);
}

/* Weights whose sum 64 bits cannot hold: cut at adding, so that forgetting never goes below zero. */
static void weights_saturate(void **state)
{
  ring r = {.sum = 0};
  uint64_t w = UINT64_MAX - 5;
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  assert_int_equal(ring_add(&r, &mem, 1, &w, 0), 1);
  assert_true(w == UINT64_MAX - 5);
  w = 9;
  assert_int_equal(ring_add(&r, &mem, 2, &w, 0), 1);
  assert_int_equal(w, 5);
  assert_true(r.sum == UINT64_MAX);
  w = UINT64_MAX;
  assert_int_equal(ring_add(&r, &mem, 3, &w, 0), 1);
  assert_int_equal(w, 0);
  assert_true(r.sum == UINT64_MAX);
  ring_forget(&r, &mem, 1);
  assert_int_equal(r.sum, 5);
  ring_forget(&r, &mem, 3);
  assert_int_equal(r.sum, 0);
  assert_int_equal(r.entries, 0);
  pool_close(&mem);
}

static void places(void **state)
{
  ring r = {.sum = 0};
  ring_place p;
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (int i = 0; i < 20; i++)
    add(&r, &mem, i, (uint64_t)i * 10, 0);
  ring_forget(&r, &mem, 3);
  p = ring_oldest(&r);
  for (int i = 4; i < 20; i++) {
    assert_int_equal(ring_at(&mem, p).when, i);
    assert_int_equal(ring_at(&mem, p).weight, i * 10);
    if (i < 19)
      p = ring_after(&mem, p);
  }
  assert_int_equal(p.block, ring_newest(&r).block);
  assert_int_equal(p.i, ring_newest(&r).i);
  pool_close(&mem);
}

static void cleared_at_all_lengths(void **state)
{
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (int64_t added = 0; added < 30; added++)
    for (int64_t forgotten = 0; forgotten <= added; forgotten++) {
      ring r = {.sum = 0};
      for (int64_t i = 0; i < added; i++)
        add(&r, &mem, i, 1, 0);
      ring_forget(&r, &mem, forgotten - 1);
      assert_int_equal(r.sum, added - forgotten);
      ring_clear(&r, &mem);
      assert_int_equal(mem.used, 0);
      assert_int_equal(r.sum, 0);
      add(&r, &mem, 100, 5, 0);
      assert_int_equal(r.sum, 5);
      ring_clear(&r, &mem);
    }
  pool_close(&mem);
}

static void no_memory_of_ring(void **state)
{
  ring r = {.sum = 0};
  uint64_t w = 5;
  pool mem;
  (void)state;
  pool_open(&mem, POOL_CHUNK, 0, 0);
  while (pool_take(&mem))
    ;
  errno = 0;
  assert_int_equal(ring_add(&r, &mem, 1, &w, 0), 0);
  assert_int_equal(errno, ENOMEM);
  assert_int_equal(r.sum, 0);
  assert_int_equal(r.head, 0);
  pool_give(&mem, 1);
  for (int i = 1; i <= 3; i++)
    add(&r, &mem, i, 1, 0);
  errno = 0;
  assert_int_equal(ring_add(&r, &mem, 4, &w, 0), 0);
  assert_int_equal(errno, ENOMEM);
  assert_int_equal(r.sum, 3);
  assert_int_equal(r.entries, 3);
  ring_forget(&r, &mem, 2);
  assert_int_equal(r.sum, 1);
  pool_close(&mem);
}

typedef struct {
  char const *name;
  int64_t period;
  uint64_t step;   /* events are up to twice this apart */
  uint64_t weight; /* at most */
  int exact;       /* a period holds fewer than RING_EXACT events */
} random_row;

static random_row const randoms[] = {
    {"sparse events are summed exactly", 1000, 300, 1, 1},
    {"about 1,000 events a period are summed exactly", 1 << 20, 1 << 10, 1, 1},
    {"about 3,900 weighed events a period are summed exactly", 3900 << 10, 1 << 10, 1000, 1},
    {"10,000 events a period are at most a tolerance off", 10000 << 10, 1 << 10, 1, 0},
    {"20,000 weighed events a period are at most a tolerance off", 20000 << 10, 1 << 10, 1000, 0},
    {"a period shorter than its events are apart on average", 10, 100, 5, 1},
    {"a period of which a tolerance is nothing", 1000, 1, 7, 1},
};

/* The sum is never too low, and too high by no more than events that left less than a tolerance ago. */
static void like_a_list(void **state)
{
  random_row const *row = ROWS_ROW(random_row, state);
  static naive events, generous;
  int64_t tolerance = row->period / 1024, now = -row->period;
  uint64_t dice = row->step;
  ring r = {.sum = 0};
  pool mem;
  pool_open(&mem, 4 << 20, 0, 0);
  events.first = events.count = generous.first = generous.count = 0;
  for (size_t i = 0; i < EVENTS; i++) {
    uint64_t weight = 1 + chance_below(&dice, row->weight);
    now += (int64_t)chance_below(&dice, 2 * row->step);
    ring_forget(&r, &mem, now - row->period);
    add(&r, &mem, now, weight, tolerance);
    assert_true(r.entries <= RING_EXACT + 1025);
    assert_true(mem.used <= r.entries / 3 + 2u);
    events.when[i] = generous.when[i] = now;
    events.weight[i] = generous.weight[i] = weight;
    events.count = generous.count = i + 1;
    if (chance_below(&dice, 50) && i)
      continue;
    assert_true(r.sum >= sum_after(&events, now - row->period));
    assert_true(r.sum <= sum_after(&generous, now - row->period - (row->exact ? 0 : tolerance)));
  }
  ring_forget(&r, &mem, now);
  assert_int_equal(r.sum, 0);
  assert_int_equal(mem.used, 0);
  pool_close(&mem);
}

/* 5,000 events 10 apart, then one after the other leaves: never a tolerance too late. */
static void leaves_in_time(void **state)
{
  int64_t period = 100000, tolerance = period / 1024;
  ring r = {.sum = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 4 << 20, 0, 0);
  for (int i = 0; i < 9000; i++)
    add(&r, &mem, i * 10, 1, tolerance);
  assert_true(r.entries > RING_EXACT);
  assert_true(r.entries < 9000);
  for (int64_t now = period; now < 2 * period; now += 3) {
    int64_t until = now - period;
    uint64_t left = until >= 89990 ? 0 : (uint64_t)(8999 - until / 10);
    uint64_t most = until - tolerance >= 89990 ? 0
                    : until < tolerance        ? 9000
                                               : (uint64_t)(8999 - (until - tolerance) / 10);
    ring_forget(&r, &mem, until);
    assert_true(r.sum >= left && r.sum <= most);
  }
  assert_int_equal(r.entries, 0);
  pool_close(&mem);
}

/* Up to 4,096 events nothing is shared, however close they are. */
static void exact_at_the_border(void **state)
{
  ring r = {.sum = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (int i = 0; i < RING_EXACT; i++)
    add(&r, &mem, i, 1, 1000000);
  assert_int_equal(r.entries, RING_EXACT);
  for (int i = 0; i < 100; i++) {
    ring_forget(&r, &mem, i);
    assert_int_equal(r.sum, RING_EXACT - 1 - i);
  }
  pool_close(&mem);
}

/* Entry 4,096 begins at the time of the last event. */
static void shared_within_a_grain(void **state)
{
  ring r = {.sum = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (int i = 0; i < RING_EXACT; i++)
    add(&r, &mem, i * 10, 1, 5);
  add(&r, &mem, (RING_EXACT - 1) * 10 + 5, 1, 5);
  assert_int_equal(r.entries, RING_EXACT);
  add(&r, &mem, (RING_EXACT - 1) * 10 + 6, 1, 5);
  assert_int_equal(r.entries, RING_EXACT + 1);
  pool_close(&mem);
}

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

static cell make_of_counter(pool *mem, span key, int different)
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
  c = make_of_counter(&mem, (span){exact, len}, different);
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
  c = make_of_counter(&mem, (span){in, COUNTER_KEY_MAX + 100}, 0);
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
    counter const *k = counter_at(&mem, make_of_counter(&mem, (span){in, 200}, 0));
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
    cell of_a = make_of_counter(&mem, (span){a, n}, different), of_b;
    size_t at = chance_below(&seed, 200);
    b[at] = (char)chance(&seed);
    of_b = make_of_counter(&mem, (span){b, m}, different);
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
  make_of_counter(&mem, (span){in, COUNTER_KEY}, 0);
  assert_int_equal(mem.used, 1);
  make_of_counter(&mem, (span){in, COUNTER_KEY + 1}, 0);
  assert_int_equal(mem.used, 3);
  make_of_counter(&mem, (span){in, COUNTER_VALUE}, 1);
  assert_int_equal(mem.used, 4);
  make_of_counter(&mem, (span){in, COUNTER_VALUE + 1}, 1);
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

static pool mem;
static store b;

static void open_store(size_t bytes)
{
  pool_open(&mem, bytes, 0, 0);
  assert_int_equal(store_open(&b, &mem, 0), 1);
}

static void close_store(void)
{
  store_close(&b);
  pool_close(&mem);
}

static cell make_of_window(char const *key, counter_state as, int different)
{
  cell c = counter_new(&mem, span_of(key), different);
  assert_int_not_equal(c, 0);
  counter_at(&mem, c)->state = as & 3;
  counter_at(&mem, c)->u.when = 1000;
  if (different)
    counter_keep_value(counter_at(&mem, c), 77);
  return c;
}

static void single_opened(void **state)
{
  (void)state;
  for (int different = 0; different < 2; different++) {
    counter_record const *r;
    counter *k;
    cell c;
    open_store(1 << 20);
    c = make_of_window("ann@example.org", COUNTER_SINGLE, different);
    k = counter_at(&mem, c);
    assert_int_equal(window_open(&b.distinct, k), 1);
    assert_int_equal(k->state, COUNTER_RECORDED);
    r = counter_record_of(&mem, k);
    assert_int_equal(r->peak, 1);
    assert_int_equal(r->total, 1);
    assert_int_equal(r->peak_at, 1000);
    assert_int_equal(r->overs, 0);
    assert_int_equal(r->window.sum, 1);
    assert_int_equal(window_oldest(&mem, k), 1000);
    assert_int_equal(window_newest(&mem, k), 1000);
    assert_int_equal(window_empty(&mem, k), 0);
    assert_int_equal(distinct_find(&b.distinct, &r->distinct, 77) != 0, different);
    assert_true(counter_is(&mem, k, span_of("ann@example.org")));
    window_close(&b.distinct, k);
    while (distinct_free(&b.distinct))
      ;
    counter_free(&mem, c);
    assert_int_equal(mem.used, 0);
    close_store();
  }
}

static void spent_opened(void **state)
{
  (void)state;
  for (int different = 0; different < 2; different++) {
    counter_record const *r;
    counter *k;
    open_store(1 << 20);
    k = counter_at(&mem, make_of_window("ann@example.org", COUNTER_EXPIRED, different));
    assert_int_equal(window_open(&b.distinct, k), 1);
    r = counter_record_of(&mem, k);
    assert_int_equal(r->peak, 1);
    assert_int_equal(r->total, 1);
    assert_int_equal(r->window.sum, 0);
    assert_int_equal(window_empty(&mem, k), 1);
    assert_true(window_oldest(&mem, k) == INT64_MAX && window_newest(&mem, k) == INT64_MIN);
    close_store();
  }
}

/* A record and a block of the ring, or a value, are asked for; with room for free cells of them, 0 or 1. */
static void opened_without_memory(void **state)
{
  (void)state;
  for (unsigned int i = 0; i < 4; i++) {
    size_t room = i / 2, held;
    counter before, *k;
    cell c;
    open_store(2 * POOL_CHUNK);
    c = pool_take(&mem); /* it comes next again, with no byte undefined */
    memset(pool_at(&mem, c), 0, CELL_BYTES);
    pool_give(&mem, c);
    c = make_of_window("ann", COUNTER_SINGLE, i % 2);
    held = POOL_CELLS - room;
    while (mem.used < held)
      pool_take(&mem);
    k = counter_at(&mem, c);
    before = *k;
    errno = 0;
    assert_int_equal(window_open(&b.distinct, k), 0);
    assert_int_equal(errno, ENOMEM);
    assert_memory_equal(k, &before, sizeof before);
    assert_int_equal(mem.used, held);
    close_store();
  }
}

static stores f_of_store;

/* Three sets of counters, on a pool that evicts nothing. */
static void start(size_t bytes)
{
  pool_open(&f_of_store.mem, bytes, 0, 0);
  assert_int_equal(store_open(&f_of_store.b, &f_of_store.mem, 0), 1);
  for (int i = 0; i < 3; i++)
    assert_int_equal(store_open_set(&f_of_store.b, 9, 9, 100), i);
}

static cell insert(unsigned int number, uint32_t hash, char const *key)
{
  store_event e = {.key = span_of(key), .weight = 1, .when = 5};
  return store_insert(&f_of_store.b, number, hash, &e);
}

static void inserted_is_found(void **state)
{
  cell c;
  (void)state;
  start(1 << 20);
  assert_int_equal(store_find(&f_of_store.b, 0, 77, span_of("ann")), 0);
  c = insert(0, 77, "ann");
  assert_int_equal(store_find(&f_of_store.b, 0, 77, span_of("ann")), c);
  assert_int_equal(counter_at(&f_of_store.mem, c)->state, COUNTER_EXPIRED);
  assert_int_equal(counter_at(&f_of_store.mem, c)->u.when, 5);
  assert_int_equal(f_of_store.b.sets[0].single.head, 0);
  store_forget(&f_of_store.b, c);
  assert_int_equal(store_find(&f_of_store.b, 0, 77, span_of("ann")), 0);
  assert_int_equal(f_of_store.mem.used, 0);
  stores_close(&f_of_store);
}

/* All with one hash. */
static void nobody_else_is_found(void **state)
{
  cell c[3];
  (void)state;
  start(1 << 20);
  for (unsigned int i = 0; i < 3; i++)
    c[i] = insert(i, 77, "ann");
  insert(1, 77, "bob");
  for (unsigned int i = 0; i < 3; i++)
    assert_int_equal(store_find(&f_of_store.b, i, 77, span_of("ann")), c[i]);
  assert_int_equal(store_find(&f_of_store.b, 1, 77, span_of("an")), 0);
  assert_int_equal(store_find(&f_of_store.b, 1, 77, span_of("anna")), 0);
  assert_int_equal(store_find(&f_of_store.b, 0, 77, span_of("bob")), 0);
  assert_int_equal(store_find(&f_of_store.b, 1, 78, span_of("bob")), 0);
  f_of_store.b.sets[1].generation++;
  assert_int_equal(store_find(&f_of_store.b, 1, 77, span_of("ann")), 0);
  stores_close(&f_of_store);
}

static void lists_by_state(void **state)
{
  counter_set l = {.limit = 1};
  counter k = {.state = COUNTER_SINGLE};
  (void)state;
  assert_ptr_equal(set_list(&l, &k), &l.single);
  k.state = COUNTER_EXPIRED;
  assert_ptr_equal(set_list(&l, &k), &l.single);
  k.state = COUNTER_RECORDED;
  assert_ptr_equal(set_list(&l, &k), &l.recorded);
  k.state = COUNTER_OVER;
  assert_ptr_equal(set_list(&l, &k), &l.over);
}

static void no_memory_of_store(void **state)
{
  (void)state;
  start(2 * POOL_CHUNK);
  while (pool_take(&f_of_store.mem))
    ;
  errno = 0;
  assert_int_equal(insert(0, 77, "ann"), 0);
  assert_int_equal(errno, ENOMEM);
  assert_int_equal(store_find(&f_of_store.b, 0, 77, span_of("ann")), 0);
  assert_int_equal(f_of_store.b.keys.nodes, 0);
  stores_close(&f_of_store);
}

static stores f_of_counters;

static void no_room(void **state)
{
  (void)state;
  pool_open(&f_of_counters.mem, POOL_CHUNK - 1, 0, 0);
  errno = 0;
  assert_int_equal(store_open(&f_of_counters.b, &f_of_counters.mem, 0), 0);
  assert_int_equal(errno, ENOMEM);
  stores_close(&f_of_counters);
}

static void opened(void **state)
{
  (void)state;
  stores_open(&f_of_counters, 0);
  for (int i = 0; i < 100; i++) {
    assert_int_equal(store_open_set(&f_of_counters.b, (uint64_t)i, 0, i + 1), i);
    assert_int_equal(f_of_counters.b.sets[i].limit, i);
    assert_int_equal(f_of_counters.b.sets[i].period, i + 1);
  }
  stores_close(&f_of_counters);
}

static void too_many(void **state)
{
  (void)state;
  stores_open(&f_of_counters, 0);
  for (int i = 0; i < UINT16_MAX; i++)
    assert_int_equal(store_open_set(&f_of_counters.b, 1, 1, 1), i);
  errno = 0;
  assert_int_equal(store_open_set(&f_of_counters.b, 1, 1, 1), -1);
  assert_int_equal(errno, ENOMEM);
  store_close_set(&f_of_counters.b, 4711);
  assert_int_equal(store_open_set(&f_of_counters.b, 1, 1, 1), 4711);
  stores_close(&f_of_counters);
}

static void number_is_given_again(void **state)
{
  (void)state;
  stores_open(&f_of_counters, 0);
  for (int i = 0; i < 3; i++)
    store_open_set(&f_of_counters.b, 9, 9, 100);
  assert_int_equal(stores_count(&f_of_counters, 1, "ann", 1), 1);
  assert_int_equal(stores_count(&f_of_counters, 2, "ann", 1), 1);
  store_close_set(&f_of_counters.b, 1);
  assert_int_equal(store_open_set(&f_of_counters.b, 7, 6, 50), 1);
  assert_int_equal(f_of_counters.b.sets[1].limit, 7);
  assert_int_equal(f_of_counters.b.sets[1].clear, 6);
  assert_int_equal(stores_count(&f_of_counters, 1, "ann", 2), 1);
  assert_int_equal(stores_count(&f_of_counters, 2, "ann", 2), 2);
  assert_int_equal(store_open_set(&f_of_counters.b, 9, 9, 100), 3);
  assert_int_equal(f_of_counters.b.count, 4);
  stores_close(&f_of_counters);
}

/* A counters that is closed and opened again before its counters are freed has none of them. */
static void nothing_is_inherited(void **state)
{
  char key[16];
  (void)state;
  stores_open(&f_of_counters, 0);
  store_open_set(&f_of_counters.b, 2, 2, 1000000);
  for (int generation = 0; generation < 50; generation++) {
    for (int i = 0; i < 100; i++) {
      snprintf(key, sizeof key, "k%d", i);
      assert_int_equal(stores_count(&f_of_counters, 0, key, generation), 1);
      assert_int_equal(stores_count(&f_of_counters, 0, key, generation), 2);
    }
    store_close_set(&f_of_counters.b, 0);
    assert_int_equal(store_open_set(&f_of_counters.b, 2, 2, 1000000), 0);
  }
  stores_close(&f_of_counters);
}

/* Not even if chance gives a key of the new generation the place of one of the old. */
static void generations_with_one_hash(void **state)
{
  store_event e = {.key = span_of("ann"), .weight = 1, .when = 1, .hash = 4711};
  uint64_t before;
  (void)state;
  stores_open(&f_of_counters, 0);
  store_open_set(&f_of_counters.b, 9, 9, 100);
  before = f_of_counters.b.sets[0].salt;
  for (int i = 0; i < 5; i++) /* the first to be freed */
    stores_add(&f_of_counters, 0, (char[]){(char)('1' + i), 0}, 1);
  stores_put(&f_of_counters, 0, &e);
  store_close_set(&f_of_counters.b, 0);
  store_open_set(&f_of_counters.b, 9, 9, 100);
  e.hash += (before - f_of_counters.b.sets[0].salt) *
            UINT64_C(0x9e3779b97f4a7c15); /* what hash_mix adds for a salt */
  assert_true(hash_mix(e.hash, f_of_counters.b.sets[0].salt) == hash_mix(4711, before));
  stores_put(&f_of_counters, 0, &e);
  assert_int_equal(f_of_counters.count, 1);
  stores_close(&f_of_counters);
}

static void closed_while_over(void **state)
{
  int64_t when;
  (void)state;
  stores_open(&f_of_counters, 0);
  store_open_set(&f_of_counters.b, 0, 0, 100);
  store_open_set(&f_of_counters.b, 0, 0, 100);
  stores_add(&f_of_counters, 0, "ann", 1);
  stores_add(&f_of_counters, 1, "bob", 5);
  assert_int_equal(f_of_counters.b.now_over, 2);
  store_close_set(&f_of_counters.b, 0);
  assert_int_equal(f_of_counters.b.now_over, 1);
  assert_int_equal(episode_end_next(&f_of_counters.b, &when), 1);
  assert_int_equal(when, 105);
  assert_int_equal(episode_end_due(&f_of_counters.b, 1000, &f_of_counters.end), 1);
  assert_int_equal(f_of_counters.end.set, 1);
  assert_int_equal(episode_end_due(&f_of_counters.b, 1000, &f_of_counters.end), 0);
  stores_close(&f_of_counters);
}

/* With each event a few of the dropped go, and nothing of them stays. */
static void doomed_are_freed(void **state)
{
  char key[64];
  (void)state;
  stores_open(&f_of_counters, 0);
  store_open_set(&f_of_counters.b, 100, 100, 1000000);
  store_open_set(&f_of_counters.b, 100, 100, 1);
  for (int i = 0; i < 1000; i++) {
    snprintf(key, sizeof key, "%0*d", 5 + i % 50, i);
    for (int k = 0; k <= i % 7; k++)
      stores_add(&f_of_counters, 0, key, k);
  }
  store_close_set(&f_of_counters.b, 0);
  for (int i = 0; i < 500; i++)
    stores_add(&f_of_counters, 1, "x", 100 + i);
  assert_int_equal(f_of_counters.b.dropped.head, 0);
  assert_int_equal(f_of_counters.mem.used, 1);
  stores_close(&f_of_counters);
}

static void cleared(void **state)
{
  int64_t when;
  (void)state;
  stores_open(&f_of_counters, 0);
  store_open_set(&f_of_counters.b, 1, 1, 100);
  store_open_set(&f_of_counters.b, 9, 9, 100);
  stores_add(&f_of_counters, 0, "ann", 1);
  stores_add(&f_of_counters, 0, "ann", 2);
  stores_add(&f_of_counters, 1, "ann", 2);
  stores_add(&f_of_counters, 1, "bob", 2);
  stores_add(&f_of_counters, 1, "bob", 3);
  store_clear(&f_of_counters.b);
  assert_int_equal(f_of_counters.b.now_over, 0);
  assert_int_equal(episode_end_next(&f_of_counters.b, &when), 0);
  assert_int_equal(stores_count(&f_of_counters, 0, "ann", 4), 1);
  assert_int_equal(stores_count(&f_of_counters, 1, "ann", 4), 1);
  assert_int_equal(stores_count(&f_of_counters, 1, "bob", 4), 1);
  stores_add(&f_of_counters, 1, "x", 4);
  assert_int_equal(f_of_counters.b.dropped.head, 0);
  stores_close(&f_of_counters);
}

/* A new timeline may lie before the old one. */
static void cleared_to_an_earlier_time(void **state)
{
  (void)state;
  for (int keep = 0; keep < 2; keep++) {
    stores_open(&f_of_counters, keep);
    store_open_set(&f_of_counters.b, 2, 2, 100);
    for (int i = 0; i < 3; i++)
      stores_add(&f_of_counters, 0, "ann", 5000);
    stores_add(&f_of_counters, 0, "bob", 5000);
    stores_add(&f_of_counters, 0, "cid", 5000);
    stores_add(&f_of_counters, 0, "cid", 5000);
    store_clear(&f_of_counters.b);
    assert_int_equal(stores_count(&f_of_counters, 0, "bob", 10), 1);
    assert_int_equal(stores_count(&f_of_counters, 0, "ann", 11), 1);
    assert_int_equal(stores_count(&f_of_counters, 0, "cid", 12), 1);
    assert_int_equal(stores_count(&f_of_counters, 0, "bob", 110), 1);
    assert_int_equal(stores_count(&f_of_counters, 0, "cid", 111), 2);
    assert_int_equal(f_of_counters.b.now_over, 0);
    stores_close(&f_of_counters);
  }
}

static void kept_when_cleared(void **state)
{
  counter_record const *r;
  (void)state;
  stores_open(&f_of_counters, 1);
  store_open_set(&f_of_counters.b, 2, 2, 100);
  for (int i = 0; i < 5; i++)
    stores_add(&f_of_counters, 0, "ann", i);
  stores_add(&f_of_counters, 0, "bob", 5);
  store_clear(&f_of_counters.b);
  assert_int_equal(stores_count(&f_of_counters, 0, "ann", 50), 1);
  r = counter_record_of(&f_of_counters.mem,
                        counter_at(&f_of_counters.mem, f_of_counters.b.sets[0].recorded.head));
  assert_int_equal(r->peak, 5);
  assert_int_equal(r->peak_at, 4);
  assert_int_equal(r->total, 6);
  assert_int_equal(r->overs, 1);
  assert_int_equal(stores_count(&f_of_counters, 0, "bob", 51), 1);
  r = counter_record_of(&f_of_counters.mem,
                        counter_at(&f_of_counters.mem, f_of_counters.b.sets[0].recorded.tail));
  assert_int_equal(r->total, 2);
  assert_int_equal(r->peak, 1);
  store_open_set(&f_of_counters.b, 2, 2, 100);
  stores_add(&f_of_counters, 0, "cid", 60);
  stores_add(&f_of_counters, 1, "cid", 60);
  store_clear(&f_of_counters.b);
  assert_int_equal(stores_count(&f_of_counters, 0, "cid", 61), 1);
  assert_int_equal(stores_count(&f_of_counters, 1, "cid", 61), 1);
  stores_close(&f_of_counters);
}

static counter *counter_of(char const *key)
{
  store const *whole = &f_of_counters.b;
  for (cell c = whole->sets[0].single.head; c; c = list_next(&f_of_counters.mem, c))
    if (counter_is(&f_of_counters.mem, counter_at(&f_of_counters.mem, c), span_of(key)))
      return counter_at(&f_of_counters.mem, c);
  for (cell c = whole->sets[0].recorded.head; c; c = list_next(&f_of_counters.mem, c))
    if (counter_is(&f_of_counters.mem, counter_at(&f_of_counters.mem, c), span_of(key)))
      return counter_at(&f_of_counters.mem, c);
  return 0;
}

/* Keys come back between clearings, one by one and in another order each time. */
static void cleared_again_and_again(void **state)
{
  static char const *const key[] = {"ann", "bob", "cid", "dan", "eve"};
  (void)state;
  stores_open(&f_of_counters, 1);
  store_open_set(&f_of_counters.b, 4, 4, 100);
  for (int i = 0; i < 5; i++)
    stores_add(&f_of_counters, 0, key[i], 1000);
  for (int round = 0; round < 60; round++) {
    int64_t now = 900 - 10 * round;
    store_clear(&f_of_counters.b);
    for (int i = 0; i < 5; i++)
      if (round >> (i & 3) & 1)
        for (int n = 1; n <= 1 + (round + i) % 7; n++)
          assert_int_equal(stores_count(&f_of_counters, 0, key[(i + round) % 5], now), n);
  }
  stores_close(&f_of_counters);
}

/* Two keys with two events each. */
static void open_with_two(void)
{
  stores_open(&f_of_counters, 1);
  store_open_set(&f_of_counters.b, 9, 9, 100);
  for (int i = 0; i < 4; i++)
    stores_add(&f_of_counters, 0, i < 2 ? "ann" : "bob", 1000);
}

/* The report empties windows that are past: those before them in the list still count. */
static void cleared_behind_an_empty_window(void **state)
{
  (void)state;
  open_with_two();
  window_forget(&f_of_counters.b.distinct, counter_of("bob"), 1000);
  store_clear(&f_of_counters.b);
  assert_int_equal(stores_count(&f_of_counters, 0, "ann", 1000), 1);
  stores_close(&f_of_counters);
}

/* Mark by mark: a key without an event since the last clearing is not looked at again. */
static void cleared_once(void **state)
{
  (void)state;
  open_with_two();
  stores_add(&f_of_counters, 0, "cid", 1000);
  stores_add(&f_of_counters, 0, "dan", 1000);
  store_clear(&f_of_counters.b);
  counter_of("ann")->cleared = counter_of("cid")->cleared = 0;
  store_clear(&f_of_counters.b);
  assert_int_equal(counter_of("ann")->cleared, 0);
  assert_int_equal(counter_of("cid")->cleared, 0);
  stores_add(&f_of_counters, 0, "bob", 900);
  assert_int_equal(counter_of("bob")->cleared, 0);
  stores_close(&f_of_counters);
}

static stores f_of_idle;

static size_t length(cell_list const *l)
{
  size_t n = 0;
  for (cell c = l->head; c; c = list_next(&f_of_idle.mem, c))
    n++;
  return n;
}

static size_t keys(void)
{
  size_t n = length(&f_of_idle.b.dropped);
  for (unsigned int i = 0; i < f_of_idle.b.count; i++) {
    counter_set const *l = &f_of_idle.b.sets[i];
    n += length(&l->single) + length(&l->recorded) + length(&l->over);
  }
  assert_int_equal(n, f_of_idle.b.keys.nodes);
  return n;
}

/* Which of the keys a, b, c, ... are still there, of any counters, in alphabetical order. */
static void expect_left(char const *left)
{
  char found[27] = {0};
  int n = 0;
  for (char k = 'a'; k <= 'z'; k++)
    for (unsigned int i = 0; i < f_of_idle.b.count; i++) {
      cell_list *all[] = {&f_of_idle.b.sets[i].single, &f_of_idle.b.sets[i].recorded,
                          &f_of_idle.b.sets[i].over};
      for (int j = 0; j < 3; j++)
        for (cell c = all[j]->head; c; c = list_next(&f_of_idle.mem, c))
          if (counter_at(&f_of_idle.mem, c)->key[0] == k && n < 26)
            found[n++] = k;
    }
  assert_string_equal(found, left);
}

static void a_period_old(void **state)
{
  (void)state;
  stores_open(&f_of_idle, 0);
  store_open_set(&f_of_idle.b, 10, 10, 100);
  stores_add(&f_of_idle, 0, "a", 1);
  stores_add(&f_of_idle, 0, "b", 50);
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 100);
  expect_left("ab");
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 101);
  expect_left("b");
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 150);
  expect_left("");
  assert_int_equal(f_of_idle.mem.used, 0);
  assert_int_equal(f_of_idle.b.evicted, 0);
  stores_close(&f_of_idle);
}

static void many_too(void **state)
{
  (void)state;
  stores_open(&f_of_idle, 0);
  store_open_set(&f_of_idle.b, 10, 10, 100);
  for (int i = 0; i < 20; i++)
    stores_add(&f_of_idle, 0, i % 2 ? "a" : "b", i);
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 118);
  expect_left("a");
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 119);
  expect_left("");
  assert_int_equal(f_of_idle.mem.used, 0);
  stores_close(&f_of_idle);
}

/* An event makes it young again, whichever list it is in. */
static void used_again(void **state)
{
  (void)state;
  stores_open(&f_of_idle, 0);
  store_open_set(&f_of_idle.b, 10, 10, 100);
  stores_add(&f_of_idle, 0, "a", 1);
  stores_add(&f_of_idle, 0, "b", 2);
  stores_add(&f_of_idle, 0, "c", 3);
  stores_add(&f_of_idle, 0, "a", 60);
  stores_add(&f_of_idle, 0, "c", 61);
  stores_add(&f_of_idle, 0, "a", 62);
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 110);
  expect_left("ac");
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 161);
  expect_left("a");
  stores_close(&f_of_idle);
}

static void one_over_stays(void **state)
{
  (void)state;
  stores_open(&f_of_idle, 0);
  store_open_set(&f_of_idle.b, 1, 1, 100);
  stores_add(&f_of_idle, 0, "a", 1);
  stores_add(&f_of_idle, 0, "a", 2);
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 100000);
  expect_left("a");
  assert_int_equal(episode_end_due(&f_of_idle.b, 100000, &f_of_idle.end), 1);
  expect_left("a");
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 100000);
  expect_left("");
  stores_close(&f_of_idle);
}

/* What was known of the old clock must not hide what is old by the new one. */
static void clock_went_back(void **state)
{
  (void)state;
  stores_open(&f_of_idle, 0);
  store_open_set(&f_of_idle.b, 10, 10, 100);
  stores_add(&f_of_idle, 0, "a", 5000);
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 5001);
  store_clear(&f_of_idle.b);
  stores_add(&f_of_idle, 0, "b", 10);
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 109);
  expect_left("b");
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 110);
  expect_left("");
  stores_close(&f_of_idle);
}

static void before_1970(void **state)
{
  (void)state;
  stores_open(&f_of_idle, 0);
  store_open_set(&f_of_idle.b, 10, 10, 100);
  stores_add(&f_of_idle, 0, "a", -5000);
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], -4901);
  expect_left("a");
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], -4900);
  expect_left("");
  stores_close(&f_of_idle);
}

static void a_few_at_a_time(void **state)
{
  char key[16];
  size_t before;
  (void)state;
  stores_open(&f_of_idle, 0);
  store_open_set(&f_of_idle.b, 10, 10, 100000);
  for (int i = 0; i < 1000; i++) {
    snprintf(key, sizeof key, "k%d", i);
    stores_add(&f_of_idle, 0, key, i);
    if (i % 2)
      stores_add(&f_of_idle, 0, key, i);
  }
  before = keys();
  assert_int_equal(before, 1000);
  for (int i = 0; keys(); i++) {
    store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 1000000);
    assert_true(before - keys() > 1 && before - keys() <= 2 * IDLE_STEP);
    before = keys();
    assert_true(i < 500);
  }
  stores_close(&f_of_idle);
}

/* Keys of one event each, for ever: what is remembered is what a period holds. */
static void memory_of_a_stream(void **state)
{
  char key[16];
  (void)state;
  stores_open(&f_of_idle, 0);
  store_open_set(&f_of_idle.b, 10, 10, 100);
  for (int i = 0; i < 100000; i++) {
    snprintf(key, sizeof key, "k%d", i);
    assert_int_equal(stores_count(&f_of_idle, 0, key, i), 1);
    assert_true(f_of_idle.mem.used <= 101);
  }
  assert_true(keys() >= 100);
  stores_close(&f_of_idle);
}

static void kept_for_the_report(void **state)
{
  (void)state;
  stores_open(&f_of_idle, 1);
  store_open_set(&f_of_idle.b, 10, 10, 100);
  stores_add(&f_of_idle, 0, "a", 1);
  stores_add(&f_of_idle, 0, "b", 1);
  stores_add(&f_of_idle, 0, "b", 1);
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 1000000);
  expect_left("ab");
  store_clear(&f_of_idle.b);
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 1000000);
  expect_left("ab");
  store_close_set(&f_of_idle.b, 0);
  expect_left("");
  store_forget_idle(&f_of_idle.b, &f_of_idle.b.sets[0], 1000000);
  assert_int_equal(f_of_idle.mem.used, 0);
  stores_close(&f_of_idle);
}

/* Two rules: a, b and c have one event each, d and e have two, f is over. */
static void eviction_order(void **state)
{
  static char const *const left[] = {"bcdef", "bdef", "def", "df", "f"};
  (void)state;
  stores_open(&f_of_idle, 0);
  store_open_set(&f_of_idle.b, 4, 4, 10000);
  store_open_set(&f_of_idle.b, 4, 4, 10000);
  stores_add(&f_of_idle, 0, "d", 1);
  for (int i = 0; i < 5; i++)
    stores_add(&f_of_idle, 1, "f", 2);
  stores_add(&f_of_idle, 1, "e", 3);
  stores_add(&f_of_idle, 1, "e", 4);
  stores_add(&f_of_idle, 0, "a", 10);
  stores_add(&f_of_idle, 1, "c", 11);
  stores_add(&f_of_idle, 0, "b", 12);
  stores_add(&f_of_idle, 0, "d", 13);
  expect_left("abcdef");
  for (size_t i = 0; i < 5; i++) {
    assert_int_equal(store_evict(&f_of_idle.b), 1);
    expect_left(left[i]);
    assert_int_equal(f_of_idle.b.evicted, i + 1);
  }
  assert_int_equal(store_evict(&f_of_idle.b), 0);
  expect_left("f");
  assert_int_equal(f_of_idle.b.evicted, 5);
  stores_close(&f_of_idle);
}

static void doomed_first(void **state)
{
  (void)state;
  stores_open(&f_of_idle, 0);
  store_open_set(&f_of_idle.b, 4, 4, 10000);
  store_open_set(&f_of_idle.b, 4, 4, 10000);
  stores_add(&f_of_idle, 0, "a", 1);
  stores_add(&f_of_idle, 1, "b", 2);
  stores_add(&f_of_idle, 1, "b", 3);
  store_close_set(&f_of_idle.b, 1);
  assert_int_equal(keys(), 2);
  assert_int_equal(store_evict(&f_of_idle.b), 1);
  assert_int_equal(keys(), 1);
  expect_left("a");
  assert_int_equal(f_of_idle.b.evicted, 0);
  stores_close(&f_of_idle);
}

static void evict_gives_cells(void **state)
{
  char key[64];
  (void)state;
  stores_open(&f_of_idle, 0);
  store_open_set(&f_of_idle.b, 10, 10, 10000);
  for (int i = 0; i < 100; i++) {
    snprintf(key, sizeof key, "%d-%0*d", i, i % 50, 7);
    for (int k = 0; k <= i % 3; k++)
      stores_add(&f_of_idle, 0, key, i);
  }
  for (size_t used = f_of_idle.mem.used; used; used = f_of_idle.mem.used) {
    assert_int_equal(store_evict(&f_of_idle.b), 1);
    assert_true(f_of_idle.mem.used < used);
  }
  assert_int_equal(keys(), 0);
  stores_close(&f_of_idle);
}

/* At the cap the newest keys are known, and the count of what was given up is exact. */
static void at_the_cap(void **state)
{
  char key[16];
  (void)state;
  stores_within(&f_of_idle, 2 * POOL_CHUNK, 0);
  store_open_set(&f_of_idle.b, 10, 10, 1000000);
  for (int i = 0; i < 5000; i++) {
    snprintf(key, sizeof key, "k%d", i);
    assert_int_equal(stores_count(&f_of_idle, 0, key, i), 1);
  }
  assert_int_equal(keys(), POOL_CELLS);
  assert_int_equal(f_of_idle.b.evicted, 5000 - POOL_CELLS);
  for (int i = 5000 - POOL_CELLS / 2; i < 5000; i++) {
    snprintf(key, sizeof key, "k%d", i);
    if (i % 10 == 0)
      assert_int_equal(stores_count(&f_of_idle, 0, key, 5000), 2);
  }
  stores_close(&f_of_idle);
}

/* A rule and what happens to one key under it, a letter a step, a second each:
 * '.' nothing, '1' to '9' an event of that weight, 'a' to 'z' one of weight 10 to 35.
 * The answers: '.' counted (or nothing), 'o' over, 'm' more, 'u' under before the step's event, 'U' under and
 * over. */
typedef struct {
  char const *name;
  uint64_t limit, clear;
  int64_t period;
  char const *events, *answers;
  char const *counts; /* after each event, digits as the weights; 0: not looked at */
} row;

static row const rows[] = {
    {"up to the limit nothing happens", 3, 3, 100, "111", "...", 0},
    {"one more is over", 3, 3, 100, "1111", "...o", "1234"},
    {"over is told once", 3, 3, 100, "111111", "...o..", "123456"},
    {"more at twice the limit", 3, 3, 100, "1111111", "...o..m", 0},
    {"more at 2, 4 and 8 times", 1, 1, 100, "111111111", ".om.m...m", "123456789"},
    {"twice the limit exactly is not more", 4, 4, 100, "44", ".o", 0},
    {"skipped thresholds make one more", 1, 1, 100, "11z", ".om", 0},
    {"a skipped threshold is not told later", 1, 1, 100, "119111111", ".om.....", 0},
    {"over at once beyond twice the limit is not more", 1, 1, 100, "9", "o", 0},
    {"and the thresholds passed with it are not told", 1, 1, 100, "91111111", "o.......", 0},
    {"but the next one is", 1, 1, 100, "8111111111", "om.......m", 0},
    {"limit 0: the first event is over", 0, 0, 100, "1", "o", "1"},
    {"limit 0 has no more", 0, 0, 100, "19zzzz", "o.....", 0},
    {"under when the oldest event leaves", 2, 2, 5, "111..1", "..o..U", "123..3"},
    {"an event leaves exactly after its period", 1, 1, 5, "1....1", "......", "1....1"},
    {"and so do the older ones of many", 5, 5, 5, "11...1", "......", "12...2"},
    {"and not before", 1, 1, 5, "1...1.", "....ou", 0},
    {"limit 0: under when all have left", 0, 0, 3, "11..1", "o...U", 0},
    {"under, and over again with the same step", 1, 1, 2, "111", ".oU", 0},
    {"clear keeps it over for longer", 3, 1, 5, "1111...", "...o...", 0},
    {"until the count is at clear", 3, 1, 5, "1111....", "...o...u", 0},
    {"clear 0 waits for all to leave", 2, 0, 3, "111...", "..o..u", 0},
    {"after an end more starts anew", 1, 1, 3, "111....111", ".om.u...om", 0},
    {"a weight of 0 is counted as nothing", 1, 1, 9, "10000101", ".....o.m", "1....2.3"},
    {"weights", 9, 9, 9, "551", ".o.", 0},
};

static stores f_of_adding;

static int weight_of(char c)
{
  return c >= 'a' ? c - 'a' + 10 : c - '0';
}

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  unsigned int number;
  stores_open(&f_of_adding, 0);
  number = (unsigned int)store_open_set(&f_of_adding.b, r->limit, r->clear, r->period);
  for (int i = 0; r->events[i]; i++) {
    int ended = episode_end_due(&f_of_adding.b, i, &f_of_adding.end);
    store_answer answer = STORE_COUNTED;
    f_of_adding.count = 0;
    assert_false(ended && episode_end_due(&f_of_adding.b, i, &f_of_adding.end));
    if (r->events[i] != '.')
      answer = stores_weigh(&f_of_adding, number, "ann", i, (uint64_t)weight_of(r->events[i]));
    if (ended)
      assert_int_equal(answer == STORE_OVER ? 'U' : 'u', r->answers[i]);
    else if (r->answers[i])
      assert_int_equal(".om"[answer], r -> answers[i]);
    if (r->counts && r->counts[i] != '.')
      assert_int_equal(f_of_adding.count, weight_of(r->counts[i]));
  }
  stores_close(&f_of_adding);
}

/* The rings of two rules, of keys that are alike, and of the same key: all apart. */
static void keys_are_apart(void **state)
{
  int one, two;
  (void)state;
  stores_open(&f_of_adding, 0);
  one = store_open_set(&f_of_adding.b, 5, 5, 100);
  two = store_open_set(&f_of_adding.b, 5, 5, 100);
  assert_int_not_equal(one, two);
  for (int i = 1; i <= 3; i++) {
    assert_int_equal(stores_add(&f_of_adding, (unsigned int)one, "ann", i), STORE_COUNTED);
    assert_int_equal(f_of_adding.count, i);
    assert_int_equal(stores_add(&f_of_adding, (unsigned int)one, "ann@", i), STORE_COUNTED);
    assert_int_equal(f_of_adding.count, i);
    assert_int_equal(stores_add(&f_of_adding, (unsigned int)two, "ann", i), STORE_COUNTED);
    assert_int_equal(f_of_adding.count, i);
  }
  assert_int_equal(f_of_adding.b.events, 9);
  stores_close(&f_of_adding);
}

/* Two keys of one hash, as nobody can choose them, but as they happen. */
static void equal_hashes(void **state)
{
  (void)state;
  stores_open(&f_of_adding, 0);
  store_open_set(&f_of_adding.b, 100, 100, 100);
  for (int i = 1; i <= 4; i++)
    for (int k = 0; k < 26; k++) {
      store_event e = {.key = {&"abcdefghijklmnopqrstuvwxyz"[k], 1}, .hash = 77, .weight = 1, .when = i};
      assert_int_equal(stores_put(&f_of_adding, 0, &e), STORE_COUNTED);
      assert_int_equal(f_of_adding.count, i);
    }
  stores_close(&f_of_adding);
}

static void one_message_is_one_cell(void **state)
{
  char key[16];
  (void)state;
  stores_open(&f_of_adding, 0);
  store_open_set(&f_of_adding.b, 100, 100, 1000000);
  for (int i = 0; i < 5000; i++) {
    snprintf(key, sizeof key, "k%d", i);
    stores_add(&f_of_adding, 0, key, i);
  }
  assert_int_equal(f_of_adding.mem.used, 5000);
  stores_close(&f_of_adding);
}

static void totals_saturate(void **state)
{
  (void)state;
  stores_open(&f_of_adding, 0);
  store_open_set(&f_of_adding.b, UINT64_MAX - 1, 10, 100);
  assert_int_equal(stores_weigh(&f_of_adding, 0, "ann", 1, UINT64_MAX - 1), STORE_COUNTED);
  assert_int_equal(stores_weigh(&f_of_adding, 0, "ann", 2, 10), STORE_OVER);
  assert_true(f_of_adding.count == UINT64_MAX);
  assert_int_equal(stores_weigh(&f_of_adding, 0, "ann", 3, 10), STORE_COUNTED);
  assert_true(f_of_adding.count == UINT64_MAX);
  assert_int_equal(episode_end_due(&f_of_adding.b, 101, &f_of_adding.end), 1);
  assert_int_equal(f_of_adding.end.count, 1);
  assert_true(f_of_adding.end.peak == UINT64_MAX && f_of_adding.end.total == UINT64_MAX);
  stores_close(&f_of_adding);
}

/* What left the window is still in the total. */
static void total_outlives_the_window(void **state)
{
  (void)state;
  stores_open(&f_of_adding, 0);
  store_open_set(&f_of_adding.b, UINT64_MAX, 0, 100);
  stores_weigh(&f_of_adding, 0, "ann", 1, UINT64_MAX - 3);
  stores_add(&f_of_adding, 0, "ann", 90);
  stores_weigh(&f_of_adding, 0, "ann", 120, 7);
  assert_int_equal(f_of_adding.count, 8);
  assert_true(
      counter_record_of(&f_of_adding.mem, counter_at(&f_of_adding.mem, f_of_adding.b.sets[0].recorded.head))
          ->total == UINT64_MAX);
  stores_close(&f_of_adding);
}

/* The same hash in the table, of one key under two rules. */
static void rules_with_one_hash(void **state)
{
  store_event e = {.key = span_of("ann"), .weight = 1, .when = 1};
  (void)state;
  stores_open(&f_of_adding, 0);
  store_open_set(&f_of_adding.b, 9, 9, 100);
  store_open_set(&f_of_adding.b, 9, 9, 100);
  for (uint64_t i = 0; i < 2; i++) {
    e.hash =
        UINT64_MAX / 3 + (1 - i) * UINT64_C(0x9e3779b97f4a7c15); /* what hash_mix adds for one salt more */
    stores_put(&f_of_adding, (unsigned int)i, &e);
    assert_int_equal(f_of_adding.count, 1);
  }
  assert_true(hash_mix(e.hash, 2) == hash_mix(e.hash + UINT64_C(0x9e3779b97f4a7c15), 1));
  stores_close(&f_of_adding);
}

/* Limits of which a multiple does not fit 64 bits have no `more` there. */
static void more_of_large_limits(void **state)
{
  (void)state;
  stores_open(&f_of_adding, 0);
  store_open_set(&f_of_adding.b, (uint64_t)1 << 62, 0, 100);
  assert_int_equal(stores_weigh(&f_of_adding, 0, "ann", 1, ((uint64_t)1 << 62) + 1), STORE_OVER);
  assert_int_equal(stores_weigh(&f_of_adding, 0, "ann", 2, (uint64_t)1 << 62), STORE_MORE);
  assert_int_equal(stores_weigh(&f_of_adding, 0, "ann", 3, UINT64_MAX), STORE_COUNTED);
  assert_true(f_of_adding.count == UINT64_MAX);
  store_open_set(&f_of_adding.b, UINT64_C(11) << 60, 0, 100);
  assert_int_equal(stores_weigh(&f_of_adding, 1, "ann", 3, (UINT64_C(11) << 60) + 1), STORE_OVER);
  assert_int_equal(stores_weigh(&f_of_adding, 1, "ann", 3, UINT64_C(2) << 60), STORE_COUNTED);
  stores_close(&f_of_adding);
}

/* The last thresholds that fit: 2^63 times 1, and twice the largest number of 63 bits. */
static void last_thresholds(void **state)
{
  (void)state;
  stores_open(&f_of_adding, 0);
  store_open_set(&f_of_adding.b, 1, 0, 100);
  assert_int_equal(stores_weigh(&f_of_adding, 0, "ann", 1, 2), STORE_OVER);
  assert_int_equal(stores_weigh(&f_of_adding, 0, "ann", 2, (uint64_t)1 << 63), STORE_MORE);
  assert_int_equal(stores_add(&f_of_adding, 0, "ann", 3), STORE_COUNTED);
  store_open_set(&f_of_adding.b, INT64_MAX, 0, 100);
  assert_int_equal(stores_weigh(&f_of_adding, 1, "ann", 3, (uint64_t)1 << 63), STORE_OVER);
  assert_int_equal(stores_weigh(&f_of_adding, 1, "ann", 3, INT64_MAX - 1), STORE_COUNTED);
  assert_int_equal(stores_add(&f_of_adding, 1, "ann", 3), STORE_MORE);
  stores_close(&f_of_adding);
}

static counter_record const *first_record(cell_list const *l)
{
  return counter_record_of(&f_of_adding.mem, counter_at(&f_of_adding.mem, l->head));
}

/* The report wants to know of a key all that was ever counted. */
static void records_for_the_report(void **state)
{
  (void)state;
  stores_open(&f_of_adding, 1);
  store_open_set(&f_of_adding.b, 100, 100, 100);
  stores_weigh(&f_of_adding, 0, "ann", 1, 5);
  assert_int_equal(first_record(&f_of_adding.b.sets[0].recorded)->total, 5);
  assert_int_equal(first_record(&f_of_adding.b.sets[0].recorded)->peak, 5);
  store_open_set(&f_of_adding.b, 100, 100, 100);
  stores_add(&f_of_adding, 1, "ann", 1);
  assert_int_equal(stores_count(&f_of_adding, 1, "ann", 500), 1);
  assert_int_equal(first_record(&f_of_adding.b.sets[1].recorded)->total, 2);
  assert_int_equal(first_record(&f_of_adding.b.sets[1].recorded)->peak_at, 1);
  stores_close(&f_of_adding);
}

/* A key whose event is past, but which is not yet forgotten, since others are idle for longer. */
static void anew_after_a_period(void **state)
{
  (void)state;
  stores_open(&f_of_adding, 0);
  store_open_set(&f_of_adding.b, 100, 100, 100);
  stores_add(&f_of_adding, 0, "bob", 0);
  stores_add(&f_of_adding, 0, "cid", 0);
  stores_add(&f_of_adding, 0, "ann", 0);
  assert_int_equal(stores_count(&f_of_adding, 0, "ann", 100), 1);
  assert_int_equal(f_of_adding.mem.used, 1);
  assert_int_equal(stores_count(&f_of_adding, 0, "ann", 199), 2);
  assert_int_equal(stores_count(&f_of_adding, 0, "ann", 200), 2);
  store_open_set(&f_of_adding.b, 100, 100, 100);
  stores_add(&f_of_adding, 1, "bob", 0);
  stores_add(&f_of_adding, 1, "cid", 0);
  stores_add(&f_of_adding, 1, "dan", 0);
  assert_int_equal((stores_weigh(&f_of_adding, 1, "dan", 150, 5), f_of_adding.count), 5);
  assert_int_equal(episode_end_due(&f_of_adding.b, 1000, &f_of_adding.end), 0);
  stores_count(&f_of_adding, 1, "eve", 1000);
  stores_count(&f_of_adding, 0, "eve", 1000);
  assert_int_equal(f_of_adding.mem.used, 2);
  stores_close(&f_of_adding);
}

static void counts_of_what_happened(void **state)
{
  (void)state;
  stores_open(&f_of_adding, 0);
  store_open_set(&f_of_adding.b, 1, 1, 100);
  for (int i = 0; i < 4; i++)
    stores_add(&f_of_adding, 0, i % 2 ? "ann" : "bob", i);
  assert_int_equal(f_of_adding.b.events, 4);
  assert_int_equal(f_of_adding.b.now_over, 2);
  assert_int_equal(f_of_adding.b.evicted, 0);
  stores_close(&f_of_adding);
}

/* With every cell held by keys that are over, an event of a new key is not counted, and that is counted. */
static void full_store(void **state)
{
  char key[16];
  (void)state;
  for (uint64_t held = 0; held < 4; held++) {
    uint64_t over = 0;
    stores_within(&f_of_adding, 2 * POOL_CHUNK, 0);
    store_open_set(&f_of_adding.b, 0, 0, 1000000);
    while (f_of_adding.mem.used < held)
      pool_take(&f_of_adding.mem);
    for (int i = 0; i < 1000; i++) {
      snprintf(key, sizeof key, "k%d", i);
      over += stores_add(&f_of_adding, 0, key, i) == STORE_OVER;
      assert_int_equal(f_of_adding.b.now_over, over);
      assert_int_equal(f_of_adding.b.keys.nodes, over);
      assert_int_equal(f_of_adding.b.events, over);
      assert_int_equal(f_of_adding.b.evicted, (uint64_t)i + 1 - over);
    }
    assert_int_equal(over, (POOL_CELLS - held) / 4);
    assert_int_equal(episode_end_due(&f_of_adding.b, 1000000, &f_of_adding.end), 1);
    assert_memory_equal(f_of_adding.end.key, "k0", 2);
    assert_int_equal(stores_add(&f_of_adding, 0, "new", 1000000), STORE_OVER);
    stores_close(&f_of_adding);
  }
}

/* The event that would be over needs two cells: with none or one left it did not happen. */
static void full_at_the_limit(void **state)
{
  (void)state;
  for (unsigned int room = 0; room < 2; room++) {
    cell held[2];
    stores_within(&f_of_adding, 2 * POOL_CHUNK, 0);
    store_open_set(&f_of_adding.b, 3, 3, 100);
    for (int i = 1; i <= 3; i++)
      stores_add(&f_of_adding, 0, "ann", i);
    held[0] = pool_take(&f_of_adding.mem);
    held[1] = pool_take(&f_of_adding.mem);
    while (f_of_adding.mem.used < POOL_CELLS)
      pool_take(&f_of_adding.mem);
    if (room)
      pool_give(&f_of_adding.mem, held[1]);
    assert_int_equal(stores_add(&f_of_adding, 0, "ann", 4), STORE_FULL);
    assert_int_equal(f_of_adding.b.now_over, 0);
    pool_give(&f_of_adding.mem, held[0]);
    if (!room)
      pool_give(&f_of_adding.mem, held[1]);
    episode_end_due(&f_of_adding.b, 5, &f_of_adding.end);
    assert_int_equal(stores_add(&f_of_adding, 0, "ann", 5), STORE_OVER);
    assert_int_equal(f_of_adding.count, 4);
    assert_int_equal(
        counter_record_of(&f_of_adding.mem, counter_at(&f_of_adding.mem, f_of_adding.b.sets[0].over.head))
            ->overs,
        1);
    assert_int_equal(episode_end_due(&f_of_adding.b, 101, &f_of_adding.end), 1);
    assert_int_equal(episode_end_due(&f_of_adding.b, 1000, &f_of_adding.end), 0);
    stores_close(&f_of_adding);
  }
}

/* Its second event needs a record; the first one stays as it was. */
static void no_memory_for_a_second_event(void **state)
{
  cell taken[2 * POOL_CELLS];
  size_t n = 0;
  (void)state;
  stores_within(&f_of_adding, 2 * POOL_CHUNK, 0);
  store_open_set(&f_of_adding.b, 10, 10, 100);
  assert_int_equal(stores_count(&f_of_adding, 0, "ann", 1), 1);
  f_of_adding.mem.evict = 0;
  while ((taken[n] = pool_take(&f_of_adding.mem)))
    n++;
  f_of_adding.mem.evict = &store_evict;
  assert_int_equal(stores_add(&f_of_adding, 0, "ann", 2), STORE_FULL);
  assert_int_equal(f_of_adding.b.evicted, 1);
  while (n)
    pool_give(&f_of_adding.mem, taken[--n]);
  assert_int_equal(stores_count(&f_of_adding, 0, "ann", 3), 2);
  stores_close(&f_of_adding);
}

int main(void)
{
  static rows_list list;

  rows_one(&list, "an event counts until, not including, its end", half_open);
  rows_one(&list, "an empty ring has nothing to forget", forget_nothing);
  rows_one(&list, "events at one instant take one entry", same_instant);
  rows_one(&list, "times before 1970 are times", times_below_zero);
  rows_one(&list, "weights near 2^64 are cut, and the sum comes back to zero", weights_saturate);
  rows_one(&list, "places lead from the oldest entry to the newest", places);
  rows_one(&list, "clearing gives back every cell, whatever was added and forgotten", cleared_at_all_lengths);
  rows_one(&list, "without memory the ring stays as it was", no_memory_of_ring);
  ROWS_ADD(&list, randoms, like_a_list);
  rows_one(&list, "events that share an entry leave less than a tolerance late, never early", leaves_in_time);
  rows_one(&list, "4,096 events are kept apart, however close", exact_at_the_border);
  rows_one(&list, "beyond, events share an entry if they lie within a tolerance", shared_within_a_grain);
  rows_one(&list, "keys of all lengths come back, and no other key is taken for them", all_keys);
  rows_one(&list, "a key beyond the longest is cut", key_too_long);
  rows_one(&list, "no more of a key is written than asked for", only_the_beginning);
  rows_one(&list, "keys are in the order of their bytes, and a beginning comes first", order_of_keys);
  rows_one(&list, "a key that sent one message is one cell, up to 32 bytes, 24 beside a value",
           short_key_is_one_cell);
  rows_one(&list, "a counter without memory leaves nothing behind", new_without_memory);
  rows_one(&list, "a counter's one event is in the record that it gets", single_opened);
  rows_one(&list, "an event that no longer counts is not in the window", spent_opened);
  rows_one(&list, "without memory a counter stays as it is", opened_without_memory);
  rows_one(&list, "a counter is found from its insertion until it is forgotten", inserted_is_found);
  rows_one(&list, "not for another key, another rule, another generation or another hash",
           nobody_else_is_found);
  rows_one(&list, "each state has its list", lists_by_state);
  rows_one(&list, "without memory nothing is inserted", no_memory_of_store);
  rows_one(&list, "a store without room for its table is refused", no_room);
  rows_one(&list, "sets of counters are numbered from 0 on and are as they were opened", opened);
  rows_one(&list, "65,535 sets of counters are all there can be, and a closed one makes room", too_many);
  rows_one(&list, "the number of a closed counters is given again, once; others keep their counts",
           number_is_given_again);
  rows_one(&list, "a reopened counters has nothing of its predecessor, time after time",
           nothing_is_inherited);
  rows_one(&list, "not even where hashes meet", generations_with_one_hash);
  rows_one(&list, "the episodes of a closed counters never end; others do", closed_while_over);
  rows_one(&list, "doomed counters are all freed, a few with each event", doomed_are_freed);
  rows_one(&list, "a cleared store counts from 1 on and nobody is over", cleared);
  rows_one(&list, "after clearing, times may be earlier", cleared_to_an_earlier_time);
  rows_one(&list, "for the report peaks, totals and episodes survive clearing", kept_when_cleared);
  rows_one(&list, "each clearing empties what had an event since the last", cleared_again_and_again);
  rows_one(&list, "also what is before a window that was empty already", cleared_behind_an_empty_window);
  rows_one(&list, "and does not look at what had none", cleared_once);
  rows_one(&list, "a key is forgotten when its last event is a period old, not before", a_period_old);
  rows_one(&list, "keys with many events are, too", many_too);
  rows_one(&list, "an event makes a key young again", used_again);
  rows_one(&list, "one that is over stays until its end", one_over_stays);
  rows_one(&list, "after the clock went back they are forgotten by the new one", clock_went_back);
  rows_one(&list, "before 1970, too", before_1970);
  rows_one(&list, "keys go a few at a time, and all in the end", a_few_at_a_time);
  rows_one(&list, "a stream of new keys takes the memory of one period", memory_of_a_stream);
  rows_one(&list, "for the report idle keys stay, doomed ones do not", kept_for_the_report);
  rows_one(&list, "evicted are single ones, then others, each idle longest first, never one over",
           eviction_order);
  rows_one(&list, "doomed ones are evicted before all others, and not counted", doomed_first);
  rows_one(&list, "each eviction gives cells back", evict_gives_cells);
  rows_one(&list, "at the memory cap new keys replace those idle longest", at_the_cap);
  ROWS_ADD(&list, rows, check);
  rows_one(&list, "rules and keys have counters of their own", keys_are_apart);
  rows_one(&list, "keys with one hash are apart", equal_hashes);
  rows_one(&list, "a key that sent one message costs one cell", one_message_is_one_cell);
  rows_one(&list, "weights near 2^64 saturate", totals_saturate);
  rows_one(&list, "a limit near 2^64 has as many thresholds as fit", more_of_large_limits);
  rows_one(&list, "the last threshold that fits 64 bits is the last", last_thresholds);
  rows_one(&list, "for the report a key's record has all that was counted and no more",
           records_for_the_report);
  rows_one(&list, "after a period a key begins anew, in one cell", anew_after_a_period);
  rows_one(&list, "events and keys that are over are counted", counts_of_what_happened);
  rows_one(&list, "if only keys that are over are left, new ones are not counted", full_store);
  rows_one(&list, "an event for which memory is missing did not happen", full_at_the_limit);
  rows_one(&list, "what left the window is still in the total", total_outlives_the_window);
  rows_one(&list, "rules are apart where their hashes meet", rules_with_one_hash);
  rows_one(&list, "without memory for its second event a key keeps its first", no_memory_for_a_second_event);
  return rows_run(&list, "count");
}
