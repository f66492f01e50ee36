#include "rows.h"

#include "chance.h"
#include "log/splogger.h"
#include <stdio.h>

static hash_key const key = {{1, 2}};
static pool mem;
static parts p;

static void start(size_t cells)
{
  pool_open(&mem, 64 << 20, 0, 0);
  parts_open(&p, &mem, &key, cells);
}

/* Nothing is held once all lines are gone. */
static void end(void)
{
  pool_close(&mem);
}

static void keep(char const *host, char const *number, char const *text, unsigned flags)
{
  parts_line line = {.flags = (uint16_t)flags};
  char *in = rows_exact(text, strlen(text));
  parts_keep(&p, span_of(host), span_of(number), (span){in, strlen(text)}, &line);
  free(in);
}

/* Joined with more this must be what has begun; whole 0: nothing has. */
static void expect(char const *host, char const *number, char const *more, char const *whole)
{
  span text;
  parts_line line;
  int fine = parts_join(&p, span_of(host), span_of(number), span_of(more), &text, &line);
  assert_int_equal(fine, whole != 0);
  if (fine)
    assert_true(span_equal(text, span_of(whole)));
}

static void joined_once(void **state)
{
  (void)state;
  start(1000);
  expect("mx1", "1.000000", "x", 0);
  keep("mx1", "1.000000", "info msg 7: ", 3);
  assert_int_equal(p.cells, mem.used);
  expect("mx1", "1.000000", "bytes 9", "info msg 7: bytes 9");
  expect("mx1", "1.000000", "bytes 9", 0);
  assert_int_equal(p.cells, 0);
  assert_int_equal(mem.used, 0);
  end();
}

static void by_host_and_number(void **state)
{
  (void)state;
  start(1000);
  keep("mx1", "1.000000", "a", 0);
  keep("mx2", "1.000000", "b", 0);
  keep("mx1", "1.000001", "c", 0);
  keep("", "1.000000", "d", 0);
  expect("mx1", "1.0000001", "x", 0);
  expect("mx11", ".000000", "x", 0);
  expect("", "1.000000", "x", "dx");
  expect("mx1", "1.000001", "x", "cx");
  expect("mx2", "1.000000", "", "b");
  expect("mx1", "1.000000", "x", "ax");
  assert_int_equal(mem.used, 0);
  end();
}

static void forgotten(void **state)
{
  (void)state;
  start(1000);
  keep("mx1", "1.000000", "a", 0);
  keep("mx2", "1.000000", "b", 0);
  parts_forget(&p, span_of("mx1"), span_of("1.000000"));
  parts_forget(&p, span_of("mx1"), span_of("1.000000"));
  expect("mx1", "1.000000", "x", 0);
  expect("mx2", "1.000000", "x", "bx");
  assert_int_equal(mem.used, 0);
  end();
}

static void flags_stay(void **state)
{
  span text;
  parts_line line;
  (void)state;
  start(1000);
  keep("mx1", "1.000000", "a", 2);
  assert_int_equal(parts_join(&p, span_of("mx1"), span_of("1.000000"), span_of("b"), &text, &line), 1);
  assert_int_equal(line.flags, 2);
  assert_int_equal(line.parts, 1);
  end();
}

/* 64 KiB in all, however many parts they come in, and no more than so many parts. */
static void longest(void **state)
{
  static char part[LINES_KEPT];
  span text = {part, 799};
  parts_line line = {0};
  size_t len = 799, count = 1;
  (void)state;
  memset(part, 'x', sizeof part);
  start(10000);
  for (;; count++) {
    parts_keep(&p, span_of(""), span_of("1.000000"), text, &line);
    if (!parts_join(&p, span_of(""), span_of("1.000000"), (span){part, 799}, &text, &line))
      break;
    len = len + 799 < LINES_KEPT ? len + 799 : LINES_KEPT;
    assert_int_equal(text.len, len);
    assert_memory_equal(text.s, part, len);
  }
  assert_int_equal(count, PARTS_MOST);
  assert_int_equal(mem.used, 0);
  parts_keep(&p, span_of(""), span_of("1.000000"), (span){part, LINES_KEPT}, &(parts_line){0});
  assert_int_equal(parts_join(&p, span_of(""), span_of("1.000000"), (span){"y", 1}, &text, &line), 1);
  assert_int_equal(text.len, LINES_KEPT);
  end();
}

/* The lines that came last stay; what is held is never more than was allowed. */
static void no_more_than_allowed(void **state)
{
  char number[32];
  (void)state;
  start(100000);
  for (int i = 0; i < 3 * PARTS_LINES + 5; i++) {
    snprintf(number, sizeof number, "%d.000000", i);
    keep("mx1", number, "info", 0);
    assert_int_equal(p.cells, mem.used);
    assert_int_equal(p.waiting, i < PARTS_LINES ? i + 1 : PARTS_LINES);
  }
  for (int i = 0; i < 3 * PARTS_LINES + 5; i++) {
    snprintf(number, sizeof number, "%d.000000", i);
    expect("mx1", number, "x", i < 2 * PARTS_LINES + 5 ? 0 : "infox");
  }
  assert_int_equal(mem.used, 0);
  end();
  start(5);
  for (int i = 0; i < 20; i++) {
    snprintf(number, sizeof number, "%d.000000", i);
    keep("mx1", number, "info", 0);
    assert_true(p.cells <= 5 && p.cells == mem.used);
  }
  expect("mx1", "14.000000", "x", 0);
  for (int i = 15; i < 20; i++) {
    snprintf(number, sizeof number, "%d.000000", i);
    expect("mx1", number, "x", "infox");
  }
  end();
}

static void too_long_for_the_room(void **state)
{
  static char const text[] =
      "a text that is longer than one cell of sixty-four bytes, and even longer than two of "
      "them, which takes some more words";
  (void)state;
  start(1);
  keep("mx1", "1.000000", text, 0);
  expect("mx1", "1.000000", "x", 0);
  assert_int_equal(mem.used, 0);
  end();
  pool_open(&mem, 0, 0, 0);
  parts_open(&p, &mem, &key, 1000);
  keep("mx1", "1.000000", "a", 0);
  expect("mx1", "1.000000", "x", 0);
  assert_int_equal(p.cells, 0);
  end();
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "what has begun is joined, and once", joined_once);
  rows_one(&list, "hosts and numbers have lines of their own", by_host_and_number);
  rows_one(&list, "what is forgotten is not joined", forgotten);
  rows_one(&list, "flags stay with a line", flags_stay);
  rows_one(&list, "a line is no longer than what is examined, in so many parts at most", longest);
  rows_one(&list, "the lines that came last wait, within what is allowed", no_more_than_allowed);
  rows_one(&list, "a line for which there is no room is forgotten", too_long_for_the_room);
  return rows_run(&list, "parts");
}
