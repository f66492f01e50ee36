#include "rows.h"

#include "chance.h"
#include "log/lines.h"
#include "log/splogger.h"
#include <stdio.h>

#define MOST 200000

/* All lines that were handed on, each with its newline. */
typedef struct {
  char s[MOST];
  size_t len, lines;
} heap;

static void take(void *to, span line)
{
  heap *h = to;
  assert_true(line.len <= LINES_KEPT);
  assert_true(h->len + line.len < MOST);
  memcpy(h->s + h->len, line.s, line.len);
  h->len += line.len;
  h->s[h->len++] = '\n';
  h->lines++;
}

static heap got;
static lines l;

static void start_of_lines(void)
{
  got.len = got.lines = 0;
  memset(&l, 0, sizeof l);
}

/* In a block of its own, which is gone afterwards: nothing may be kept that points into it. */
static void feed(char const *s, size_t len)
{
  char *piece = rows_exact(s, len);
  lines_feed(&l, (span){piece, len}, &take, &got);
  free(piece);
}

static void expect_of_lines(char const *s, size_t len)
{
  assert_int_equal(got.len, len);
  assert_memory_equal(got.s, s, len);
}

typedef struct {
  char const *name, *in, *out;
} row;

static row const rows[] = {
    {"nothing is no line", "", ""},
    {"a line", "new msg 7\n", "new msg 7\n"},
    {"a last line without a newline", "new msg 7\nend msg 7", "new msg 7\nend msg 7\n"},
    {"empty lines are lines", "\n\na\n\n", "\n\na\n\n"},
    {"one byte", "a", "a\n"},
    {"one newline", "\n", "\n"},
};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  size_t len = strlen(r->in);
  for (size_t a = 0; a <= len; a++)
    for (size_t b = a; b <= len; b++) {
      start_of_lines();
      feed(r->in, a);
      feed(r->in + a, b - a);
      feed(r->in + b, len - b);
      lines_end(&l, &take, &got);
      expect_of_lines(r->out, strlen(r->out));
    }
}

static void when_complete(void **state)
{
  (void)state;
  start_of_lines();
  feed("ab", 2);
  assert_int_equal(got.lines, 0);
  feed("", 0);
  feed("c\nd", 3);
  assert_int_equal(got.lines, 1);
  expect_of_lines("abc\n", 4);
  feed("\n", 1);
  assert_int_equal(got.lines, 2);
  lines_end(&l, &take, &got);
  assert_int_equal(got.lines, 2);
}

static void end_is_once(void **state)
{
  (void)state;
  start_of_lines();
  lines_end(&l, &take, &got);
  assert_int_equal(got.lines, 0);
  feed("ab", 2);
  lines_end(&l, &take, &got);
  lines_end(&l, &take, &got);
  assert_int_equal(got.lines, 1);
  feed("cd\n", 3);
  expect_of_lines("ab\ncd\n", 6);
}

static void nul_bytes(void **state)
{
  (void)state;
  start_of_lines();
  feed("a\0b", 3);
  feed("\0c\n\0\n", 5);
  expect_of_lines("a\0b\0c\n\0\n", 8);
}

/* Lines around the most that is kept, whole and in pieces. */
static void long_lines(void **state)
{
  static char in[3 * LINES_KEPT];
  (void)state;
  for (size_t len = LINES_KEPT - 2; len < LINES_KEPT + 3; len++)
    for (size_t cut = 1; cut < 2 * LINES_KEPT; cut += 1999) {
      size_t kept = len < LINES_KEPT ? len : LINES_KEPT;
      start_of_lines();
      memset(in, 'x', len);
      memcpy(in + len, "\nafter\n", 7);
      for (size_t at = 0; at < len + 7; at += cut)
        feed(in + at, len + 7 - at < cut ? len + 7 - at : cut);
      assert_int_equal(got.lines, 2);
      assert_int_equal(got.len, kept + 7);
      for (size_t i = 0; i < kept; i++)
        assert_int_equal(got.s[i], 'x');
      assert_memory_equal(got.s + kept, "\nafter\n", 7);
    }
}

/* Many kilobytes of lines of all lengths give the same lines, however they are cut. */
static void cut_at_random(void **state)
{
  static char in[MOST / 2];
  static heap whole;
  uint64_t dice = 1;
  size_t left = 0;
  (void)state;
  for (size_t i = 0; i < sizeof in; i++) {
    if (!left)
      left = chance_below(&dice, 20) ? 1 + chance_below(&dice, 120) : 1 + chance_below(&dice, 12000);
    in[i] = --left ? (char)('a' + chance_below(&dice, 26)) : '\n';
  }
  start_of_lines();
  feed(in, sizeof in);
  lines_end(&l, &take, &got);
  whole = got;
  for (int run = 0; run < 60; run++) {
    size_t most = (size_t)1 << run % 16;
    start_of_lines();
    for (size_t at = 0, n; at < sizeof in; at += n) {
      n = 1 + chance_below(&dice, most);
      n = n < sizeof in - at ? n : sizeof in - at;
      feed(in + at, n);
    }
    lines_end(&l, &take, &got);
    assert_int_equal(got.lines, whole.lines);
    expect_of_lines(whole.s, whole.len);
  }
}

static hash_key const key = {{1, 2}};
static pool mem;
static parts p;

static void start_of_parts(size_t cells)
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
static void expect_of_parts(char const *host, char const *number, char const *more, char const *whole)
{
  span text;
  parts_line line;
  int ok = parts_join(&p, span_of(host), span_of(number), span_of(more), &text, &line);
  assert_int_equal(ok, whole != 0);
  if (ok)
    assert_true(span_equal(text, span_of(whole)));
}

static void joined_once(void **state)
{
  (void)state;
  start_of_parts(1000);
  expect_of_parts("mx1", "1.000000", "x", 0);
  keep("mx1", "1.000000", "info msg 7: ", 3);
  assert_int_equal(p.cells, mem.used);
  expect_of_parts("mx1", "1.000000", "bytes 9", "info msg 7: bytes 9");
  expect_of_parts("mx1", "1.000000", "bytes 9", 0);
  assert_int_equal(p.cells, 0);
  assert_int_equal(mem.used, 0);
  end();
}

static void by_host_and_number(void **state)
{
  (void)state;
  start_of_parts(1000);
  keep("mx1", "1.000000", "a", 0);
  keep("mx2", "1.000000", "b", 0);
  keep("mx1", "1.000001", "c", 0);
  keep("", "1.000000", "d", 0);
  expect_of_parts("mx1", "1.0000001", "x", 0);
  expect_of_parts("mx11", ".000000", "x", 0);
  expect_of_parts("", "1.000000", "x", "dx");
  expect_of_parts("mx1", "1.000001", "x", "cx");
  expect_of_parts("mx2", "1.000000", "", "b");
  expect_of_parts("mx1", "1.000000", "x", "ax");
  assert_int_equal(mem.used, 0);
  end();
}

static void forgotten(void **state)
{
  (void)state;
  start_of_parts(1000);
  keep("mx1", "1.000000", "a", 0);
  keep("mx2", "1.000000", "b", 0);
  parts_forget(&p, span_of("mx1"), span_of("1.000000"));
  parts_forget(&p, span_of("mx1"), span_of("1.000000"));
  expect_of_parts("mx1", "1.000000", "x", 0);
  expect_of_parts("mx2", "1.000000", "x", "bx");
  assert_int_equal(mem.used, 0);
  end();
}

static void flags_stay(void **state)
{
  span text;
  parts_line line;
  (void)state;
  start_of_parts(1000);
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
  start_of_parts(10000);
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
  start_of_parts(100000);
  for (int i = 0; i < 3 * PARTS_LINES + 5; i++) {
    snprintf(number, sizeof number, "%d.000000", i);
    keep("mx1", number, "info", 0);
    assert_int_equal(p.cells, mem.used);
    assert_int_equal(p.waiting, i < PARTS_LINES ? i + 1 : PARTS_LINES);
  }
  for (int i = 0; i < 3 * PARTS_LINES + 5; i++) {
    snprintf(number, sizeof number, "%d.000000", i);
    expect_of_parts("mx1", number, "x", i < 2 * PARTS_LINES + 5 ? 0 : "infox");
  }
  assert_int_equal(mem.used, 0);
  end();
  start_of_parts(5);
  for (int i = 0; i < 20; i++) {
    snprintf(number, sizeof number, "%d.000000", i);
    keep("mx1", number, "info", 0);
    assert_true(p.cells <= 5 && p.cells == mem.used);
  }
  expect_of_parts("mx1", "14.000000", "x", 0);
  for (int i = 15; i < 20; i++) {
    snprintf(number, sizeof number, "%d.000000", i);
    expect_of_parts("mx1", number, "x", "infox");
  }
  end();
}

static void too_long_for_the_room(void **state)
{
  static char const text[] =
      "a text that is longer than one cell of sixty-four bytes, and even longer than two of "
      "them, which takes some more words";
  (void)state;
  start_of_parts(1);
  keep("mx1", "1.000000", text, 0);
  expect_of_parts("mx1", "1.000000", "x", 0);
  assert_int_equal(mem.used, 0);
  end();
  pool_open(&mem, 0, 0, 0);
  parts_open(&p, &mem, &key, 1000);
  keep("mx1", "1.000000", "a", 0);
  expect_of_parts("mx1", "1.000000", "x", 0);
  assert_int_equal(p.cells, 0);
  end();
}

int main(void)
{
  static rows_list list;

  ROWS_ADD(&list, rows, check);
  rows_one(&list, "a line is handed on as soon as it is complete, and once", when_complete);
  rows_one(&list, "the end hands on a begun line once, and more may come", end_is_once);
  rows_one(&list, "zero bytes are bytes of a line", nul_bytes);
  rows_one(&list, "of a long line the first 65,536 bytes are kept, however it is cut", long_lines);
  rows_one(&list, "pieces of all lengths give the same lines as the whole", cut_at_random);
  rows_one(&list, "what has begun is joined, and once", joined_once);
  rows_one(&list, "hosts and numbers have lines of their own", by_host_and_number);
  rows_one(&list, "what is forgotten is not joined", forgotten);
  rows_one(&list, "flags stay with a line", flags_stay);
  rows_one(&list, "a line is no longer than what is examined, in so many parts at most", longest);
  rows_one(&list, "the lines that came last wait, within what is allowed", no_more_than_allowed);
  rows_one(&list, "a line for which there is no room is forgotten", too_long_for_the_room);
  return rows_run(&list, "lines");
}
