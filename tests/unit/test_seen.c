#include "rows.h"

#include "chance.h"
#include "mail/seen.h"
#include <errno.h>

#define MANY 100000

typedef struct {
  pool mem;
  seen_set set;
  size_t cells;
} fixture;

static void start(fixture *f, size_t bytes)
{
  pool_open(&f->mem, bytes, 0, 0);
  f->set = 0;
  f->cells = 0;
}

static int add(fixture *f, uint64_t what)
{
  int answer = seen_add(&f->mem, &f->set, what, &f->cells);
  assert_int_equal(f->cells, f->mem.used);
  return answer;
}

static void stop(fixture *f)
{
  assert_int_equal(seen_free(&f->mem, f->set), f->cells);
  assert_int_equal(f->mem.used, 0);
  pool_close(&f->mem);
}

static void empty(void **state)
{
  fixture f;
  (void)state;
  start(&f, 1 << 20);
  assert_int_equal(seen_free(&f.mem, 0), 0);
  stop(&f);
}

static uint64_t nth(uint64_t i)
{
  return chance(&i);
}

static void hundred_thousand(void **state)
{
  fixture f;
  (void)state;
  start(&f, 64 << 20);
  for (uint64_t i = 0; i < MANY; i++) {
    assert_int_equal(add(&f, nth(i)), 1);
    assert_int_equal(add(&f, nth(i * 7919 % (i + 1))), 0);
  }
  for (uint64_t i = 0; i < MANY; i++)
    assert_int_equal(add(&f, nth(i)), 0);
  for (uint64_t i = MANY; i < MANY + 1000; i++)
    assert_int_equal(add(&f, nth(i)), 1);
  stop(&f);
}

static void memory_a_recipient(void **state)
{
  fixture f;
  (void)state;
  start(&f, 64 << 20);
  for (uint64_t i = 0; i < MANY; i++) {
    add(&f, nth(i));
    assert_true(i < 100 || f.cells * CELL_BYTES <= 56 * (i + 1));
  }
  stop(&f);
}

static void seven_in_a_cell(void **state)
{
  fixture f;
  (void)state;
  start(&f, 1 << 20);
  for (uint64_t i = 0; i < 7; i++)
    assert_int_equal(add(&f, i << 60), 1);
  assert_int_equal(f.cells, 1);
  for (uint64_t i = 0; i < 7; i++)
    assert_int_equal(add(&f, i << 60), 0);
  stop(&f);
}

/* They differ in the last digit that is looked at only. */
static void alike_to_the_end(void **state)
{
  fixture f;
  (void)state;
  start(&f, 1 << 20);
  for (uint64_t i = 0; i < 16; i++) {
    assert_int_equal(add(&f, i << 60 | 0x123456789abcdef), 1);
    for (uint64_t k = 0; k < 16; k++)
      if (k <= i)
        assert_int_equal(add(&f, k << 60 | 0x123456789abcdef), 0);
  }
  stop(&f);
}

/* They differ in the first digit that is looked at only. */
static void alike_from_the_second(void **state)
{
  fixture f;
  (void)state;
  start(&f, 1 << 20);
  for (uint64_t i = 0; i < 16; i++)
    assert_int_equal(add(&f, i | 0x123456789abcdef0), 1);
  for (uint64_t i = 0; i < 16; i++)
    assert_int_equal(add(&f, i | 0x123456789abcdef0), 0);
  assert_int_equal(f.cells, 17);
  stop(&f);
}

/* Sixteen that differ in four bits only, wherever these are. */
static void every_bit(void **state)
{
  (void)state;
  for (unsigned int stride = 1; stride < 20; stride++)
    for (unsigned int first = 0; first + 3 * stride < 64; first++) {
      fixture f;
      start(&f, 1 << 20);
      for (int again = 0; again < 2; again++)
        for (uint64_t i = 0; i < 16; i++) {
          uint64_t what =
              (i & 1) | (i >> 1 & 1) << stride | (i >> 2 & 1) << 2 * stride | (i >> 3 & 1) << 3 * stride;
          assert_int_equal(add(&f, what << first), !again);
        }
      stop(&f);
    }
}

static void zero_among_others(void **state)
{
  fixture f;
  (void)state;
  start(&f, 1 << 20);
  for (uint64_t i = 1; i < 7; i++)
    assert_int_equal(add(&f, i << 60), 1);
  assert_int_equal(add(&f, 0), 1);
  assert_int_equal(add(&f, 0), 0);
  stop(&f);
}

static void extremes(void **state)
{
  fixture f;
  (void)state;
  start(&f, 1 << 20);
  assert_int_equal(add(&f, 0), 1);
  assert_int_equal(add(&f, UINT64_MAX), 1);
  assert_int_equal(add(&f, 0), 0);
  assert_int_equal(add(&f, UINT64_MAX), 0);
  stop(&f);
}

/* Whatever fits is remembered, and what does not leaves the set as it was. */
static void no_memory(void **state)
{
  (void)state;
  for (uint64_t room = 1; room < 60; room++) {
    uint64_t known = 0;
    fixture f;
    int refused = 0;
    start(&f, POOL_CHUNK);
    while (f.mem.used < POOL_CELLS - 1 - room)
      pool_take(&f.mem);
    for (uint64_t i = 0; i < 500; i++) {
      int answer;
      errno = 0;
      answer = seen_add(&f.mem, &f.set, nth(i), &f.cells);
      assert_int_equal(f.mem.used, POOL_CELLS - 1 - room + f.cells);
      assert_true(answer == 1 || (answer == -1 && errno == ENOMEM));
      refused |= answer < 0;
      if (!refused)
        known = i + 1;
    }
    assert_true(refused && known >= 7);
    for (uint64_t i = 0; i < known; i++)
      assert_int_equal(seen_add(&f.mem, &f.set, nth(i), &f.cells), 0);
    assert_int_equal(seen_free(&f.mem, f.set), f.cells);
    assert_int_equal(f.mem.used, POOL_CELLS - 1 - room);
    pool_close(&f.mem);
  }
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "an empty set has no cells", empty);
  rows_one(&list, "100,000 random fingerprints are each new once", hundred_thousand);
  rows_one(&list, "a recipient takes at most 56 bytes, from the hundredth on", memory_a_recipient);
  rows_one(&list, "seven fingerprints share a cell", seven_in_a_cell);
  rows_one(&list, "fingerprints that differ in their last digit only are told apart", alike_to_the_end);
  rows_one(&list, "so are those that differ in their first digit only", alike_from_the_second);
  rows_one(&list, "any four bits tell sixteen fingerprints apart", every_bit);
  rows_one(&list, "0 is new among others, too", zero_among_others);
  rows_one(&list, "0 and 2^64-1 are fingerprints", extremes);
  rows_one(&list, "without memory what was known stays known, and no cell is lost", no_memory);
  return rows_run(&list, "seen");
}
