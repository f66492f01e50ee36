#include "stores.h"

#include <errno.h>

static stores f;

/* Three sets of counters, on a pool that evicts nothing. */
static void start(size_t bytes)
{
  pool_open(&f.mem, bytes, 0, 0);
  assert_int_equal(store_open(&f.b, &f.mem, 0), 1);
  for (int i = 0; i < 3; i++)
    assert_int_equal(store_open_set(&f.b, 9, 9, 100), i);
}

static cell insert(unsigned int number, uint32_t hash, char const *key)
{
  store_event e = {.key = span_of(key), .weight = 1, .when = 5};
  return store_insert(&f.b, number, hash, &e);
}

static void inserted_is_found(void **state)
{
  cell c;
  (void)state;
  start(1 << 20);
  assert_int_equal(store_find(&f.b, 0, 77, span_of("ann")), 0);
  c = insert(0, 77, "ann");
  assert_int_equal(store_find(&f.b, 0, 77, span_of("ann")), c);
  assert_int_equal(counter_at(&f.mem, c)->state, COUNTER_EXPIRED);
  assert_int_equal(counter_at(&f.mem, c)->u.when, 5);
  assert_int_equal(f.b.sets[0].single.head, 0);
  store_forget(&f.b, c);
  assert_int_equal(store_find(&f.b, 0, 77, span_of("ann")), 0);
  assert_int_equal(f.mem.used, 0);
  books_close(&f);
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
    assert_int_equal(store_find(&f.b, i, 77, span_of("ann")), c[i]);
  assert_int_equal(store_find(&f.b, 1, 77, span_of("an")), 0);
  assert_int_equal(store_find(&f.b, 1, 77, span_of("anna")), 0);
  assert_int_equal(store_find(&f.b, 0, 77, span_of("bob")), 0);
  assert_int_equal(store_find(&f.b, 1, 78, span_of("bob")), 0);
  f.b.sets[1].generation++;
  assert_int_equal(store_find(&f.b, 1, 77, span_of("ann")), 0);
  books_close(&f);
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

static void no_memory(void **state)
{
  (void)state;
  start(2 * POOL_CHUNK);
  while (pool_take(&f.mem))
    ;
  errno = 0;
  assert_int_equal(insert(0, 77, "ann"), 0);
  assert_int_equal(errno, ENOMEM);
  assert_int_equal(store_find(&f.b, 0, 77, span_of("ann")), 0);
  assert_int_equal(f.b.keys.nodes, 0);
  books_close(&f);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "a counter is found from its insertion until it is forgotten", inserted_is_found);
  rows_one(&list, "not for another key, another rule, another era or another hash", nobody_else_is_found);
  rows_one(&list, "each state has its list", lists_by_state);
  rows_one(&list, "without memory nothing is inserted", no_memory);
  return rows_run(&list, "store");
}
