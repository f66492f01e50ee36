#include "rows.h"

#include "chance.h"
#include "count/episode.h"

static void add(ring *r, pool *mem, int64_t when, uint64_t weight)
{
  uint64_t w = weight;
  assert_int_equal(ring_add(r, mem, when, &w, 0), 1);
}

/* The naive clear place: the first entry whose going leaves clear or less. */
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
  int64_t at;     /* of the clear place */
  uint64_t after; /* weight behind it */
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

int main(void)
{
  static rows_list list;
  ROWS_ADD(&list, rows, check_find);
  rows_one(&list, "adding moves the place to where a search would find it", moves_like_found);
  rows_one(&list, "what joins the clear place does not stand behind it", joins_the_clear_place);
  rows_one(&list, "weights near 2^64 have a clear place", weights_near_the_top);
  return rows_run(&list, "episode");
}
