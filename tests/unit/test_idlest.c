#include "rows.h"

#include "chance.h"
#include "count/counters.h"

#define LISTS 300

static struct {
  int64_t begins[LISTS];
  size_t asked;
} of;

static int64_t ask(void *p, uint32_t i)
{
  assert_ptr_equal(p, &of);
  of.asked++;
  return i < LISTS ? of.begins[i] : INT64_MAX;
}

/* Looks at all. */
static int32_t plain(void)
{
  int32_t found = -1;
  for (int32_t i = 0; i < LISTS; i++)
    if (of.begins[i] != INT64_MAX && (found < 0 || of.begins[i] < of.begins[found]))
      found = i;
  return found;
}

static void start(idlest *t, size_t lists)
{
  *t = (idlest){.bound = 0};
  of.asked = 0;
  for (size_t i = 0; i < LISTS; i++)
    of.begins[i] = INT64_MAX;
  assert_int_equal(idlest_room(t, lists), 1);
}

static void none(void **state)
{
  idlest t = {.bound = 0};
  (void)state;
  assert_int_equal(idlest_find(&t, &ask, &of), -1);
  idlest_close(&t);
  start(&t, LISTS);
  assert_int_equal(idlest_find(&t, &ask, &of), -1);
  idlest_close(&t);
}

/* Lists get keys at their end and lose their first, in any order; the answer is that of who looks at all of
 * them. */
static void as_if_all_were_asked(void **state)
{
  idlest t;
  uint64_t dice = 1;
  (void)state;
  start(&t, LISTS);
  for (int step = 0; step < 200000; step++) {
    uint32_t i = (uint32_t)chance_below(&dice, LISTS);
    int64_t when = (int64_t)chance_below(&dice, 1000) - 500;
    if (of.begins[i] == INT64_MAX || when < of.begins[i] || chance_below(&dice, 2)) {
      of.begins[i] = when < of.begins[i] ? when : of.begins[i];
      idlest_note(&t, i, when);
    } else
      of.begins[i] = chance_below(&dice, 3) ? of.begins[i] + 1 : INT64_MAX;
    if (step % 7 == 0)
      assert_int_equal(idlest_find(&t, &ask, &of), plain());
  }
  idlest_close(&t);
}

/* The first of all loses its first key, again and again: few lists are asked each time, however many there
 * are. */
static void few_steps(void **state)
{
  idlest t;
  (void)state;
  start(&t, LISTS);
  for (uint32_t i = 0; i < LISTS; i++)
    idlest_note(&t, i, of.begins[i] = i);
  for (int32_t i = 0; i < 10 * LISTS; i++) {
    assert_int_equal(idlest_find(&t, &ask, &of), i % LISTS);
    of.begins[i % LISTS] += LISTS;
  }
  assert_true(of.asked <=
              512 + 2 * 10 * LISTS); /* each at most once for what nobody knew, and once for what changed */
  idlest_close(&t);
}

static void room_for_more(void **state)
{
  idlest t;
  (void)state;
  start(&t, 1);
  of.begins[0] = 5;
  idlest_note(&t, 0, 5);
  assert_int_equal(idlest_find(&t, &ask, &of), 0);
  assert_int_equal(idlest_room(&t, 200), 1);
  of.begins[150] = 4;
  idlest_note(&t, 150, 4);
  assert_int_equal(idlest_find(&t, &ask, &of), 150);
  of.begins[150] = INT64_MAX;
  assert_int_equal(idlest_find(&t, &ask, &of), 0);
  idlest_close(&t);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "where all are empty there is none", none);
  rows_one(&list, "the oldest is the one that a look at all would find", as_if_all_were_asked);
  rows_one(&list, "few are asked, however many there are", few_steps);
  rows_one(&list, "what was known goes with more room, and is found out anew", room_for_more);
  return rows_run(&list, "idlest");
}
