#include "rows.h"

#include "hold/holds.h"
#include <errno.h>
#include <stdio.h>

static void in_order(void **state)
{
  roll r = {0};
  char name[32];
  (void)state;

  for (unsigned i = 0; i < 1000; i++) {
    (void)snprintf(name, sizeof name, "uid:%u", i * 7919 % 1000 + 1000);
    assert_null(roll_find(&r, name));
    assert_non_null(roll_add(&r, name));
  }
  for (size_t i = 0; i < r.len; i++) {
    (void)snprintf(name, sizeof name, "uid:%zu", i + 1000);
    assert_string_equal(r.at[i]->name, name);
    assert_ptr_equal(roll_find(&r, name), r.at[i]);
    if (i % 3)
      r.at[i]->state = HELD_GONE;
  }
  roll_sweep(&r);
  assert_int_equal(r.len, 334);
  assert_null(roll_find(&r, "uid:1001"));
  assert_non_null(roll_find(&r, "uid:1003"));
  roll_close(&r);
}

static void most(void **state)
{
  roll r = {0};
  char name[32];
  held *h = 0;
  (void)state;

  for (unsigned i = 0; i < ROLL_MAX; i++) {
    (void)snprintf(name, sizeof name, "uid:%08u", i);
    h = roll_add(&r, name);
    assert_non_null(h);
  }
  assert_null(roll_add(&r, "uid:x"));
  assert_int_equal(errno, E2BIG);
  for (unsigned i = 0; i < HELD_REASONS; i++) {
    (void)snprintf(name, sizeof name, "rule %u", i);
    assert_non_null(held_because(h, span_of(name), span_of("since"), 0));
  }
  assert_null(held_because(h, span_of("rule"), span_of("since"), 0));
  assert_int_equal(errno, E2BIG);
  assert_non_null(held_because(h, span_of("rule 5"), span_of("later"), 0));
  roll_close(&r);
}

static void reasons(void **state)
{
  roll r = {0};
  held *h = roll_add(&r, "uid:5");
  (void)state;

  assert_non_null(h);
  held_settle(h);
  assert_int_equal(h->state, HELD_GONE);
  held_because(h, span_of("a"), span_of("1"), 0);
  held_because(h, span_of("b"), span_of("2"), 0);
  held_settle(h);
  assert_int_equal(h->state, HELD_WANTED);
  held_because(h, span_of("a"), span_of("3"), 0);
  assert_true(span_equal(reason_since(held_reason(h, span_of("a"))), span_of("3")));
  assert_null(held_reason(h, span_of("ab")));
  held_forgive(h, held_reason(h, span_of("b")));
  held_settle(h);
  assert_int_equal(h->state, HELD_WANTED);
  held_reason(h, span_of("a"))->spent = 1;
  held_settle(h);
  assert_int_equal(h->state, HELD_LEAVING);
  h->state = HELD_NONE;
  held_settle(h);
  assert_int_equal(h->state, HELD_NONE);
  held_forgive(h, h->reasons);
  held_settle(h);
  assert_int_equal(h->state, HELD_GONE);
  roll_close(&r);
}

int main(void)
{
  rows_list list = {0};

  rows_one(&list, "names are found, in order, until they are swept out", in_order);
  rows_one(&list, "there are no more than a certain number of keys, and of reasons", most);
  rows_one(&list, "the state goes by the reasons that hold", reasons);
  return rows_run(&list, "roll");
}
