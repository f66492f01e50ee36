#include "rows.h"

#include "chance.h"
#include "pipe/alert_queue.h"
#include <errno.h>

static char const *line_of(uint64_t number, size_t *len)
{
  static char s[4096];
  uint64_t dice = number;
  *len = 1 + chance_below(&dice, chance_below(&dice, 9) ? 200 : sizeof s);
  for (size_t i = 0; i < *len; i++)
    s[i] = (char)chance(&dice);
  return s;
}

static int put(backlog *b, uint64_t number)
{
  size_t len;
  char const *s = line_of(number, &len);
  char *copy = rows_exact(s, len);
  int fine = backlog_put(b, (span){copy, len});
  free(copy);
  return fine;
}

static void expect(backlog *b, uint64_t number)
{
  size_t len;
  char const *s = line_of(number, &len);
  char *out = malloc(len);
  assert_int_equal(backlog_take(b, out), len);
  assert_memory_equal(out, s, len);
  free(out);
}

static void empty(void **state)
{
  backlog b;
  char out[1];
  (void)state;
  backlog_open(&b, 1 << 20);
  assert_int_equal(backlog_take(&b, out), 0);
  assert_true(backlog_half_empty(&b));
  backlog_close(&b);
}

static void in_order(void **state)
{
  uint64_t dice = 1, in = 0, out = 0;
  backlog b;
  (void)state;
  backlog_open(&b, 1 << 20);
  while (in < 20000) {
    if (in - out < 500 && chance_below(&dice, 1000) < 510)
      assert_int_equal(put(&b, in++), 1);
    else if (out < in)
      expect(&b, out++);
    else
      assert_int_equal(backlog_take(&b, 0), 0);
  }
  while (out < in)
    expect(&b, out++);
  assert_int_equal(b.mem.used, 0);
  backlog_close(&b);
}

static void full(void **state)
{
  uint64_t in = 0;
  size_t used;
  backlog b;
  (void)state;
  backlog_open(&b, POOL_CHUNK);
  do {
    used = b.mem.used;
    errno = 0;
  } while (put(&b, in++));
  assert_int_equal(errno, ENOMEM);
  assert_int_equal(b.mem.used, used);
  assert_true(b.mem.bytes <= POOL_CHUNK);
  in--;
  for (uint64_t out = 0; out < in; out++)
    expect(&b, out);
  assert_int_equal(b.mem.used, 0);
  assert_int_equal(put(&b, 5), 1);
  expect(&b, 5);
  backlog_close(&b);
}

/* One cell after the other: neither a text without an entry nor an entry without a text stays. */
static void last_cells(void **state)
{
  (void)state;
  for (size_t room = 0; room < 3; room++) {
    backlog b;
    backlog_open(&b, POOL_CHUNK);
    while (b.mem.used < POOL_CELLS - 1 - room)
      pool_take(&b.mem);
    assert_int_equal(backlog_put(&b, span_of("line\n")), room == 2);
    assert_int_equal(b.mem.used, room == 2 ? POOL_CELLS - 1 : POOL_CELLS - 1 - room);
    backlog_close(&b);
  }
}

static void half(void **state)
{
  backlog b;
  char out[8];
  (void)state;
  backlog_open(&b, POOL_CHUNK);
  for (int i = 0; i < 256; i++) {
    assert_true(backlog_half_empty(&b));
    backlog_put(&b, span_of("line\n"));
  }
  backlog_put(&b, span_of("line\n"));
  assert_false(backlog_half_empty(&b));
  backlog_take(&b, out);
  assert_true(backlog_half_empty(&b));
  backlog_close(&b);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "an empty backlog has no line", empty);
  rows_one(&list, "20,000 lines come out as they went in", in_order);
  rows_one(&list, "a full backlog refuses, keeps what it has, and takes again", full);
  rows_one(&list, "a line that does not fit leaves nothing behind", last_cells);
  rows_one(&list, "half empty is up to half of the memory", half);
  return rows_run(&list, "backlog");
}
