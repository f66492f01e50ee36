#include "rows.h"

#include "count/counters.h"
#include "count/counter.h"
#include <errno.h>

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

static cell make(char const *key, counter_state as, int different)
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
    c = make("ann@example.org", COUNTER_SINGLE, different);
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
    k = counter_at(&mem, make("ann@example.org", COUNTER_EXPIRED, different));
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
    c = make("ann", COUNTER_SINGLE, i % 2);
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

int main(void)
{
  static rows_list list;
  rows_one(&list, "a counter's one event is in the record that it gets", single_opened);
  rows_one(&list, "an event that no longer counts is not in the window", spent_opened);
  rows_one(&list, "without memory a counter stays as it is", opened_without_memory);
  return rows_run(&list, "window");
}
