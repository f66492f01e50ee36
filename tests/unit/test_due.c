#include "rows.h"

#include "chance.h"
#include "count/episode.h"

#define MOST 5000

/* An episode as the naive due, an array, knows it. */
typedef struct {
  int64_t check, since;
  uint32_t order; /* of its beginning */
  cell e;
} known;

typedef struct {
  pool mem;
  episodes a;
  known k[MOST];
  size_t count;
  uint32_t begun;
} both;

static int by_turn(void const *left, void const *right)
{
  known const *a = left, *b = right;
  if (a->check != b->check)
    return a->check < b->check ? -1 : 1;
  if (a->since != b->since)
    return a->since < b->since ? -1 : 1;
  return a->order < b->order ? -1 : 1;
}

static void start(both *s)
{
  pool_open(&s->mem, 1 << 20, 0, 0);
  s->a = (episodes){.mem = &s->mem};
  s->count = s->begun = 0;
}

static cell begin(both *s, int64_t check, int64_t since)
{
  cell e = episodes_begin(&s->a, ++s->begun, check, since, 0);
  assert_int_not_equal(e, 0);
  s->k[s->count++] = (known){check, since, s->begun, e};
  return e;
}

static size_t least(both const *s)
{
  size_t found = 0;
  for (size_t i = 1; i < s->count; i++)
    if (by_turn(&s->k[i], &s->k[found]) < 0)
      found = i;
  return found;
}

static void expect_first(both *s)
{
  known const *k;
  cell e = episodes_first(&s->a);
  if (!s->count) {
    assert_int_equal(e, 0);
    return;
  }
  k = &s->k[least(s)];
  assert_int_equal(e, k->e);
  assert_int_equal(episode_at(&s->mem, e)->counter, k->order);
  assert_int_equal(episode_at(&s->mem, e)->since, k->since);
}

static void expect_sorted(both *s)
{
  qsort(s->k, s->count, sizeof *s->k, &by_turn);
  for (size_t i = 0; i < s->count; i++) {
    assert_int_equal(episodes_first(&s->a), s->k[i].e);
    episodes_end_first(&s->a);
  }
  assert_int_equal(episodes_first(&s->a), 0);
  assert_int_equal(s->mem.used, 0);
  pool_close(&s->mem);
}

static void empty(void **state)
{
  static both s;
  (void)state;
  start(&s);
  assert_int_equal(episodes_first(&s.a), 0);
  episodes_flush(&s.a);
  assert_int_equal(episodes_first(&s.a), 0);
  pool_close(&s.mem);
}

static void what_begins(void **state)
{
  static both s;
  episode const *e;
  (void)state;
  start(&s);
  e = episode_at(&s.mem, episodes_begin(&s.a, 77, 30, 20, 10));
  assert_int_equal(e->counter, 77);
  assert_int_equal(e->check, 30);
  assert_int_equal(e->since, 20);
  assert_int_equal(e->since_label, 10);
  assert_int_equal(e->level, 1);
  assert_int_equal(e->peak, 0);
  assert_int_equal(s.mem.used, 1);
  pool_close(&s.mem);
}

static void no_memory(void **state)
{
  static both s;
  (void)state;
  start(&s);
  pool_close(&s.mem);
  pool_open(&s.mem, POOL_CHUNK, 0, 0);
  begin(&s, 5, 5);
  while (pool_take(&s.mem))
    ;
  assert_int_equal(episodes_begin(&s.a, 1, 1, 1, 1), 0);
  expect_first(&s);
  pool_close(&s.mem);
}

/* check, then since, then beginning; in all orders of beginning. */
static void three_keys(void **state)
{
  static both s;
  (void)state;
  for (int turn = 0; turn < 27; turn++) {
    start(&s);
    for (int i = 0; i < 81; i++) {
      int n = (i * 5 + turn) % 27;
      begin(&s, n / 9, n / 3 % 3);
    }
    expect_sorted(&s);
  }
}

static void extreme_times(void **state)
{
  static both s;
  (void)state;
  start(&s);
  begin(&s, INT64_MAX, 0);
  begin(&s, INT64_MIN, 0);
  begin(&s, 0, INT64_MAX);
  begin(&s, 0, INT64_MIN);
  begin(&s, -1, 0);
  expect_sorted(&s);
}

static void like_qsort(void **state)
{
  static both s;
  uint64_t dice = 3;
  (void)state;
  for (int kind = 0; kind < 4; kind++) {
    start(&s);
    for (int i = 0; i < MOST; i++) {
      int64_t check = kind == 0   ? i
                      : kind == 1 ? -i
                                  : (int64_t)chance_below(&dice, kind == 2 ? 50 : 1u << 30);
      begin(&s, check, (int64_t)chance_below(&dice, 3));
    }
    expect_sorted(&s);
  }
}

static void abandon_one(both *s, size_t i)
{
  episodes_abandon(&s->a, s->k[i].e);
  s->k[i] = s->k[--s->count];
}

static void first_is_later(both *s, int64_t check)
{
  size_t i = least(s);
  episodes_first(&s->a);
  episodes_later(&s->a, check);
  s->k[i].check = check;
}

static void first_ends(both *s)
{
  episodes_first(&s->a);
  episodes_end_first(&s->a);
  s->k[least(s)] = s->k[s->count - 1];
  s->count--;
}

/* All come up, and are ended before another begins. */
static void flush(both *s)
{
  episodes_flush(&s->a);
  for (size_t i = 0; i < s->count; i++)
    s->k[i].check = INT64_MIN;
  while (s->count) {
    expect_first(s);
    first_ends(s);
  }
}

static void mixed(void **state)
{
  static both s;
  uint64_t dice = 9;
  (void)state;
  start(&s);
  for (int i = 0; i < 30000; i++) {
    int64_t when = (int64_t)chance_below(&dice, 1000);
    uint64_t what = chance_below(&dice, 1000);
    if (s.count < 400 && what < 420)
      begin(&s, when, when / 100);
    else if (s.count && what < 600)
      abandon_one(&s, chance_below(&dice, s.count));
    else if (s.count && what < 800)
      first_is_later(&s, s.k[least(&s)].check + when);
    else if (s.count && what < 998)
      first_ends(&s);
    else if (what >= 998)
      flush(&s);
    expect_first(&s);
  }
  expect_sorted(&s);
}

/* After a flush: the order of beginnings, which since and serial tell. */
static void flush_orders_by_beginning(void **state)
{
  static both s;
  uint64_t dice = 11;
  (void)state;
  start(&s);
  for (int i = 0; i < 1000; i++)
    begin(&s, (int64_t)chance_below(&dice, 100), i / 7);
  for (int i = 0; i < 300; i++)
    abandon_one(&s, chance_below(&dice, s.count));
  episodes_flush(&s.a);
  for (uint32_t last = 0; s.count; s.count--) {
    cell e = episodes_first(&s.a);
    assert_true(episode_at(&s.mem, e)->counter > last);
    last = episode_at(&s.mem, e)->counter;
    episodes_end_first(&s.a);
    episodes_flush(&s.a);
  }
  assert_int_equal(episodes_first(&s.a), 0);
  assert_int_equal(s.mem.used, 0);
  pool_close(&s.mem);
}

static void abandoned_go(void **state)
{
  static both s;
  (void)state;
  start(&s);
  for (int i = 0; i < 100; i++)
    begin(&s, i, i);
  while (s.count > 1)
    abandon_one(&s, 0);
  assert_int_equal(s.mem.used, 100);
  expect_first(&s);
  abandon_one(&s, 0);
  assert_int_equal(episodes_first(&s.a), 0);
  assert_int_equal(s.mem.used, 0);
  pool_close(&s.mem);
}

/* What lasts for one event only must not grow with the number of episodes: 100,000 looks at 5,000 of them. */
static void looked_at_again_and_again(void **state)
{
  static both s;
  (void)state;
  start(&s);
  for (int i = 0; i < MOST; i++)
    begin(&s, i, i);
  for (int64_t i = 0; i < 100000; i++) {
    cell e = episodes_first(&s.a);
    assert_int_equal(episode_at(&s.mem, e)->check, i);
    episodes_later(&s.a, i + MOST);
  }
  assert_int_equal(s.mem.used, MOST);
  pool_close(&s.mem);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "an empty due has no first episode, flushed or not", empty);
  rows_one(&list, "an episode begins as it was told to", what_begins);
  rows_one(&list, "without memory nothing begins and the rest stays", no_memory);
  rows_one(&list, "the first is the one by check, then since, then beginning", three_keys);
  rows_one(&list, "the extreme times have their places", extreme_times);
  rows_one(&list, "5,000 episodes come in the order of qsort(3)", like_qsort);
  rows_one(&list, "30,000 mixed operations are those of an array", mixed);
  rows_one(&list, "a flush brings all up in the order of their beginnings", flush_orders_by_beginning);
  rows_one(&list, "the cells of abandoned episodes go when their turn comes", abandoned_go);
  rows_one(&list, "100,000 later looks keep their order and take no memory", looked_at_again_and_again);
  return rows_run(&list, "due");
}
