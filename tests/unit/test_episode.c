#include "rows.h"

#include "chance.h"
#include "count/episode.h"
#include "stores.h"

static void add(ring *r, pool *mem, int64_t when, uint64_t weight)
{
  uint64_t w = weight;
  assert_int_equal(ring_add(r, mem, when, &w, 0), 1);
}

/* The naive clear cursor: the first entry whose going leaves clear or less. */
static int64_t clear_time(ring const *r, pool const *mem, uint64_t clear)
{
  ring_place p = ring_oldest(r);
  uint64_t left = r->sum - ring_at(mem, p).weight;
  while (left > clear) {
    p = ring_after(mem, p);
    left -= ring_at(mem, p).weight;
  }
  return ring_at(mem, p).when;
}

typedef struct {
  char const *name;
  uint64_t weights[8]; /* of entries at 1, 2, 3, ...; ends with 0 */
  uint64_t clear;
  int64_t at;     /* of the clear cursor */
  uint64_t after; /* weight after it */
} row;

static row const rows[] = {
    {"one entry is its own clear place", {1}, 0, 1, 0},
    {"the last one, if nothing is allowed to stay", {1, 1, 1}, 0, 3, 0},
    {"the first one, if the rest may stay", {1, 1, 1}, 2, 1, 2},
    {"one in between", {1, 1, 1, 1, 1}, 2, 3, 2},
    {"a heavy first entry decides alone", {9, 1, 1}, 2, 1, 2},
    {"a heavy last entry holds all of them up", {1, 1, 9}, 5, 3, 0},
    {"a heavy entry in the middle", {1, 9, 1}, 5, 2, 1},
    {"clear is reached exactly", {5, 3, 2}, 5, 1, 5},
    {"clear is missed by one", {5, 4, 2}, 5, 2, 2},
    {"it lies in a later block", {1, 1, 1, 1, 1, 1, 1}, 1, 6, 1},
};

static void check_find(void **state)
{
  row const *r = ROWS_ROW(row, state);
  ring window = {.sum = 0};
  episode e = {.check = 0};
  pool mem;
  pool_open(&mem, 1 << 20, 0, 0);
  for (int i = 0; r->weights[i]; i++)
    add(&window, &mem, i + 1, r->weights[i]);
  episode_clear_find(&e, &mem, &window, r->clear);
  assert_int_equal(ring_at(&mem, episode_cursor(&e)).when, r->at);
  assert_int_equal(e.after, r->after);
  assert_true(r->at == clear_time(&window, &mem, r->clear));
  pool_close(&mem);
}

/* Whatever is added, the place is where a search from the oldest entry finds it. */
static void moves_like_found(void **state)
{
  uint64_t dice = 21;
  (void)state;
  for (int run = 0; run < 300; run++) {
    uint64_t clear = chance_below(&dice, 30), most = 1 + chance_below(&dice, 8);
    ring window = {.sum = 0};
    episode e = {.check = 0};
    int64_t now = 0;
    pool mem;
    pool_open(&mem, 1 << 20, 0, 0);
    while (window.sum <= 30)
      add(&window, &mem, now += (int64_t)chance_below(&dice, 2), 1 + chance_below(&dice, most));
    episode_clear_find(&e, &mem, &window, clear);
    for (int i = 0; i < 200; i++) {
      uint64_t weight = chance_below(&dice, most + 1);
      add(&window, &mem, now += (int64_t)chance_below(&dice, 3), weight);
      episode_clear_move(&e, &mem, &window, clear, weight);
      assert_true(ring_at(&mem, episode_cursor(&e)).when == clear_time(&window, &mem, clear));
      assert_true(e.after <= clear);
      if (chance_below(&dice, 2))
        ring_forget(&window, &mem, ring_at(&mem, episode_cursor(&e)).when - 1);
    }
    pool_close(&mem);
  }
}

static void joins_the_clear_place(void **state)
{
  ring window = {.sum = 0};
  episode e = {.check = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  add(&window, &mem, 1, 5);
  add(&window, &mem, 2, 5);
  episode_clear_find(&e, &mem, &window, 0);
  for (int i = 0; i < 10; i++) {
    add(&window, &mem, 2, 5);
    episode_clear_move(&e, &mem, &window, 0, 5);
    assert_int_equal(e.after, 0);
    assert_int_equal(ring_at(&mem, episode_cursor(&e)).when, 2);
  }
  add(&window, &mem, 3, 1);
  episode_clear_move(&e, &mem, &window, 0, 1);
  assert_int_equal(ring_at(&mem, episode_cursor(&e)).when, 3);
  pool_close(&mem);
}

static void weights_near_the_top(void **state)
{
  ring window = {.sum = 0};
  episode e = {.check = 0};
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  add(&window, &mem, 1, UINT64_MAX - 10);
  add(&window, &mem, 2, 10);
  episode_clear_find(&e, &mem, &window, 9);
  assert_int_equal(ring_at(&mem, episode_cursor(&e)).when, 2);
  episode_clear_find(&e, &mem, &window, 10);
  assert_int_equal(ring_at(&mem, episode_cursor(&e)).when, 1);
  episode_clear_find(&e, &mem, &window, UINT64_MAX - 1);
  assert_int_equal(ring_at(&mem, episode_cursor(&e)).when, 1);
  pool_close(&mem);
}

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

static stores f;

static void expect_key(char const *key)
{
  assert_int_equal(f.end.length, strlen(key));
  assert_memory_equal(f.end.key, key, f.end.length);
}

static void nobody_is_over(void **state)
{
  int64_t when = 7;
  (void)state;
  stores_open(&f, 0);
  store_open_set(&f.b, 1, 1, 100);
  stores_add(&f, 0, "ann", 1);
  assert_int_equal(episode_end_next(&f.b, &when), 0);
  assert_int_equal(episode_end_due(&f.b, INT64_MAX, &f.end), 0);
  assert_int_equal(episode_end_any(&f.b, 5, &f.end), 0);
  stores_close(&f);
}

static void what_an_ending_says(void **state)
{
  int64_t when;
  (void)state;
  stores_open(&f, 0);
  store_open_set(&f.b, 9, 9, 100);
  store_open_set(&f.b, 2, 1, 100);
  stores_add(&f, 1, "ann", 10);
  stores_add(&f, 1, "ann", 200);
  stores_add(&f, 1, "ann", 201);
  assert_int_equal(stores_add(&f, 1, "ann", 202), STORE_OVER);
  stores_add(&f, 1, "ann", 250);
  assert_int_equal(episode_end_next(&f.b, &when), 1);
  assert_true(when <= 302);
  assert_int_equal(episode_end_due(&f.b, 301, &f.end), 0);
  assert_int_equal(episode_end_due(&f.b, 302, &f.end), 1);
  assert_int_equal(f.end.set, 1);
  expect_key("ann");
  assert_int_equal(f.end.count, 1);
  assert_int_equal(f.end.peak, 4);
  assert_int_equal(f.end.total, 4);
  assert_int_equal(f.end.when, 302);
  assert_int_equal(f.end.since, 202);
  assert_int_equal(f.end.since_label, 202 + STORES_LABEL);
  assert_int_equal(episode_end_due(&f.b, 302, &f.end), 0);
  assert_int_equal(f.b.now_over, 0);
  stores_close(&f);
}

/* Asked long afterwards, it says what was true at its own time. */
static void taken_late(void **state)
{
  (void)state;
  stores_open(&f, 0);
  store_open_set(&f.b, 1, 1, 100);
  stores_add(&f, 0, "ann", 1);
  stores_add(&f, 0, "ann", 2);
  stores_add(&f, 0, "ann", 50);
  assert_int_equal(episode_end_due(&f.b, 100000, &f.end), 1);
  assert_int_equal(f.end.when, 102);
  assert_int_equal(f.end.count, 1);
  stores_close(&f);
}

static void total_of_each_episode(void **state)
{
  (void)state;
  stores_open(&f, 1);
  store_open_set(&f.b, 1, 0, 10);
  for (int64_t t = 0; t < 500; t += 100) {
    for (int64_t i = 0; i <= t / 100 + 1; i++)
      stores_add(&f, 0, "ann", t + i);
    assert_int_equal(episode_end_due(&f.b, t + 99, &f.end), 1);
    assert_int_equal(f.end.total, t / 100 + 2);
    assert_int_equal(f.end.peak, t / 100 + 2);
    assert_int_equal(f.end.since, t + 1);
  }
  stores_close(&f);
}

/* In the order of their ends, then of their beginnings, over several rules. */
static void in_order(void **state)
{
  static char const *const order[] = {"b", "c", "a", "d"};
  (void)state;
  stores_open(&f, 0);
  store_open_set(&f.b, 0, 0, 100);
  store_open_set(&f.b, 0, 0, 50);
  stores_add(&f, 0, "a", 10);
  stores_add(&f, 1, "b", 20);
  stores_add(&f, 1, "c", 20);
  stores_add(&f, 1, "d", 60);
  for (size_t i = 0; i < 4; i++) {
    assert_int_equal(episode_end_due(&f.b, 200, &f.end), 1);
    expect_key(order[i]);
  }
  stores_close(&f);
}

static void forced_in_order(void **state)
{
  static char const *const order[] = {"a", "b", "c", "d"};
  (void)state;
  stores_open(&f, 0);
  store_open_set(&f.b, 0, 0, 1000);
  store_open_set(&f.b, 0, 0, 50);
  stores_add(&f, 0, "a", 10);
  stores_add(&f, 1, "b", 11);
  stores_add(&f, 0, "c", 11);
  stores_add(&f, 1, "d", 12);
  stores_add(&f, 1, "b", 40);
  for (size_t i = 0; i < 4; i++) {
    assert_int_equal(episode_end_any(&f.b, 45, &f.end), 1);
    expect_key(order[i]);
    assert_int_equal(f.end.count, 0);
    assert_int_equal(f.end.when, 45);
    assert_int_equal(f.end.total, i == 1 ? 2 : 1);
  }
  assert_int_equal(episode_end_any(&f.b, 45, &f.end), 0);
  assert_int_equal(f.b.now_over, 0);
  stores_close(&f);
}

/* A clock that a stored log's first line sets back may ask for it once more, so it goes with the next event.
 */
static void empty_counter_goes(void **state)
{
  (void)state;
  stores_open(&f, 0);
  store_open_set(&f.b, 0, 0, 10);
  stores_add(&f, 0, "ann", 1);
  assert_int_equal(episode_end_due(&f.b, 11, &f.end), 1);
  assert_int_equal(stores_count(&f, 0, "bob", 11), 1);
  assert_int_equal(episode_end_due(&f.b, 21, &f.end), 1);
  assert_int_equal(f.mem.used, 3);
  stores_close(&f);
  stores_open(&f, 1);
  store_open_set(&f.b, 0, 0, 10);
  stores_add(&f, 0, "ann", 1);
  assert_int_equal(episode_end_due(&f.b, 11, &f.end), 1);
  assert_int_equal(f.mem.used, 3);
  stores_close(&f);
}

static void long_key(void **state)
{
  char key[COUNTER_KEY_MAX + 1];
  (void)state;
  memset(key, 'k', COUNTER_KEY_MAX);
  key[COUNTER_KEY_MAX] = 0;
  stores_open(&f, 0);
  store_open_set(&f.b, 0, 0, 10);
  stores_add(&f, 0, key, 1);
  assert_int_equal(episode_end_due(&f.b, 11, &f.end), 1);
  key[EPISODE_KEY] = 0;
  expect_key(key);
  stores_close(&f);
}

/* The naive store: all events of a few keys, and for each instant what their windows hold. */
#define KEYS 5
#define STEPS 3000

typedef struct {
  int64_t when[STEPS];
  size_t count;
  int over;
  int64_t since;
  uint64_t peak, total;
} naive;

static uint64_t window(naive const *n, int64_t now, int64_t period)
{
  uint64_t sum = 0;
  for (size_t i = n->count; i-- && n->when[i] > now - period;)
    sum++;
  return sum;
}

/* Goes through all instants up to now; each end must be the one that the store gives. */
static void expect_ends(naive *keys, int64_t from, int64_t now, uint64_t clear, int64_t period)
{
  for (int64_t t = from; t <= now; t++)
    for (size_t ended = 1; ended;) {
      naive *first = 0;
      ended = 0;
      for (int k = 0; k < KEYS; k++)
        if (keys[k].over && window(&keys[k], t, period) <= clear && (!first || keys[k].since < first->since))
          first = &keys[k];
      if (!first)
        break;
      ended = 1;
      first->over = 0;
      assert_int_equal(episode_end_due(&f.b, now, &f.end), 1);
      assert_int_equal(f.end.key[0], 'a' + (first - keys));
      assert_int_equal(f.end.when, t);
      assert_int_equal(f.end.count, window(first, t, period));
      assert_int_equal(f.end.peak, first->peak);
      assert_int_equal(f.end.total, first->total);
      assert_int_equal(f.end.since, first->since);
    }
  assert_int_equal(episode_end_due(&f.b, now, &f.end), 0);
}

static void add_both(naive *n, int k, int64_t now, uint64_t limit, int64_t period)
{
  int before = n->over;
  uint64_t sum;
  n->when[n->count++] = now;
  sum = window(n, now, period);
  if (!n->over && sum > limit) {
    n->over = 1;
    n->since = now;
    n->peak = n->total = sum;
  } else if (n->over) {
    n->total++;
    n->peak = sum > n->peak ? sum : n->peak;
  }
  assert_int_equal(stores_add(&f, 0, (char[]){(char)('a' + k), 0}, now) == STORE_OVER, n->over && !before);
}

static void like_a_list(void **state)
{
  static naive keys[KEYS];
  (void)state;
  for (uint64_t seed = 1; seed <= 12; seed++) {
    uint64_t dice = seed, limit = chance_below(&dice, 12), clear = chance_below(&dice, limit + 1);
    int64_t period = 5 + (int64_t)chance_below(&dice, 60), now = 0, before = 0;
    memset(keys, 0, sizeof keys);
    stores_open(&f, seed % 2);
    store_open_set(&f.b, limit, clear, period);
    for (int i = 0; i < STEPS; i++) {
      int k = (int)chance_below(&dice, KEYS);
      now += 1 + (int64_t)chance_below(&dice, chance_below(&dice, 30) ? 3 : 100); /* no two begin at once */
      expect_ends(keys, before + 1, now, clear, period);
      add_both(&keys[k], k, now, limit, period);
      before = now;
    }
    stores_close(&f);
  }
}

int main(void)
{
  static rows_list list;

  ROWS_ADD(&list, rows, check_find);
  rows_one(&list, "adding moves the place to where a search would find it", moves_like_found);
  rows_one(&list, "what joins the entry at the clear cursor does not come after it", joins_the_clear_place);
  rows_one(&list, "weights near 2^64 have a clear place", weights_near_the_top);
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
  rows_one(&list, "where nobody is over nothing ends", nobody_is_over);
  rows_one(&list, "an ending says count, peak, total, beginning and end", what_an_ending_says);
  rows_one(&list, "an ending taken late says what was true at its time", taken_late);
  rows_one(&list, "each episode has a total and a peak of its own", total_of_each_episode);
  rows_one(&list, "endings come in the order of their ends, then of their beginnings", in_order);
  rows_one(&list, "forced endings come in the order of their beginnings, with a count of 0", forced_in_order);
  rows_one(&list, "a key with nothing left goes after its ending, unless it is kept", empty_counter_goes);
  rows_one(&list, "of the longest key the beginning is told", long_key);
  rows_one(&list, "random events end when a list of them says, with its figures", like_a_list);
  return rows_run(&list, "episode");
}
