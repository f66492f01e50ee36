#include "rows.h"

#include "count/table.h"

typedef struct {
  list_node node;
  char letter;
} thing;

static thing *thing_at(pool const *mem, cell c)
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

int main(void)
{
  static rows_list list;
  rows_one(&list, "cells are added at the end and removed anywhere", lists);
  rows_one(&list, "a list joins another as a whole and is empty then", splices);
  return rows_run(&list, "list");
}
