#include "rows.h"

#include "base/tai64n.h"
#include "log/lines.h"
#include "watch/fastpath.h"
#include <stdio.h>

#define SECONDS INT64_C(1795435200)

static fastpath k;
static stamp at;

/* Writes a line with a label: nanoseconds after SECONDS, and what follows it. */
static size_t put(char *out, int64_t nano, char const *rest)
{
  size_t n = label_fmt(out, SECONDS * 1000000000 + nano);
  return n + (size_t)sprintf(out + n, "%s\n", rest);
}

/* Goes over len bytes at in, in memory of their size. Returns how many, and whether an event came in *loud.
 */
static size_t go(char const *in, size_t len, int *loud, span *text)
{
  char *exact = rows_exact(in, len);
  span rest = {exact, len};
  *loud = fastpath_next(&k, &rest, &at, text);
  assert_ptr_equal(rest.s + rest.len, exact + len);
  if (*loud)
    text->s = in + (text->s - exact);
  len = (size_t)(rest.s - exact);
  free(exact);
  return len;
}

enum { SKIPPED, EVENT, LEFT };

/* What becomes of a line between two that are skipped. */
typedef struct {
  char const *name;
  int64_t nano;
  char const *rest; /* behind the label */
  int fate, deliveries;
} row;

#define DAY INT64_C(86400000000000)

static row const rows[] = {
    {"a status line is skipped", 600, " status: local 1/10 remote 2/20", SKIPPED, 1},
    {"a new message is", 600, " new msg 7", SKIPPED, 1},
    {"so is any other word", 600, " triple bounce: x", SKIPPED, 1},
    {"a word that may begin a piece of the prefix is left", 600, " another line", LEFT, 1},
    {"a level is", 600, " mail.info: info msg 7: bytes 9", LEFT, 1},
    {"a level that begins like a delivery is", 600, " daemon.info: info msg 7: bytes 9", LEFT, 1},
    {"a level that begins like a status is", 600, " syslog.info: x", LEFT, 1},
    {"a level that begins like a message is", 600, " news.info: x", LEFT, 1},
    {"a stream is", 600, " stdout F info msg 7: bytes 9", LEFT, 1},
    {"an announcement inside another line is left", 600, " status: local 1/1info msg 7: bytes 9", LEFT, 1},
    {"... behind a new message", 600, " new msg 6info msg 7", LEFT, 1},
    {"... behind a delivery that does not matter", 600, " delivery 6: info msg 7", LEFT, 0},
    {"... without a number it is nothing", 600, " status: info msg x", SKIPPED, 1},
    {"a short line is left", 600, " zz", LEFT, 1},
    {"up to the last letter", 600, " zzzzzzzz", SKIPPED, 1},
    {"a line of the next second is", 1000000000, " status: local 1/10 remote 2/20", SKIPPED, 1},
    {"an event of the next second is one", 1000000001, " info msg 7: bytes 9", EVENT, 0},
    {"a line a day later is skipped", DAY, " new msg 7", SKIPPED, 0},
    {"so is one a day and a second later", DAY + 1000000000, " new msg 7", SKIPPED, 0},
    {"and one of the second before: its time says nothing", -1, " status: local 1/10 remote 2/20", SKIPPED,
     0},
    {"an event of the second before is one", -1, " end msg 7", EVENT, 0},
    {"a late line of the second is skipped", 400, " status: local 1/10 remote 2/20", SKIPPED, 1},
    {"a line at the same instant is not late", 550, " status: local 1/10 remote 2/20", SKIPPED, 1},
    {"an announcement is an event", 600, " info msg 7: bytes 9 from <a@x> qp 1 uid 2", EVENT, 0},
    {"a late announcement is, too", 400, " info msg 7: bytes 9 from <a@x> qp 1 uid 2", EVENT, 0},
    {"an end is", 600, " end msg 7", EVENT, 0},
    {"a start is, if deliveries matter", 600, " starting delivery 5: msg 7 to remote b@y", EVENT, 1},
    {"a result is", 600, " delivery 5: success: ok", EVENT, 1},
    {"a bounce is", 600, " bounce msg 7 qp 9", EVENT, 1},
    {"they are not, if deliveries do not matter", 600, " bounce msg 7 qp 9", SKIPPED, 0},
    {"nor are starts", 600, " starting delivery 5: msg 7 to remote b@y", SKIPPED, 0},
    {"a label without a blank is none", 600, ".status: local 1/10 remote 2/20", LEFT, 0},
    {"a second stamp is left to the reader", 600, " 2026-11-23 12:44:00 info msg 7", LEFT, 0},
    {"an empty text is", 600, " ", LEFT, 0},
};

/* The line between two that are skipped. */
static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  char in[400];
  size_t before = put(in, 550, " status: a local"), line = before + put(in + before, r->nano, r->rest), want;
  size_t all = line + put(in + line, r->nano + 700, " status: b local");
  int loud;
  span text;
  k = (fastpath){.deliveries = r->deliveries};
  want = r->fate == SKIPPED ? all : r->fate == EVENT ? line : before;
  assert_int_equal(go(in, all, &loud, &text), want);
  assert_int_equal(loud, r->fate == EVENT);
  assert_int_equal(k.lines, r->fate == SKIPPED ? 3 : r->fate == EVENT ? 2 : 1);
  if (loud) {
    assert_int_equal(text.len, strlen(r->rest + 1));
    assert_memory_equal(text.s, r->rest + 1, text.len);
    assert_int_equal(at.timed, 1);
    assert_int_equal(at.when, SECONDS * 1000000000 + r->nano);
    assert_int_equal(at.host.len, 0);
  }
}

/* The same text behind a prefix that the reader has read. */
static void check_quiet(void **state)
{
  row const *r = ROWS_ROW(row, state);
  size_t len = strlen(r->rest);
  char *exact = rows_exact(r->rest + 1, len - 1);
  int quiet;
  k = (fastpath){.deliveries = r->deliveries};
  quiet = fastpath_is_quiet(&k, (span){exact, len - 1});
  assert_int_equal(quiet, r->fate == SKIPPED || *r->rest != ' ');
  free(exact);
}

/* Of any part of the lines whole ones are skipped, and nothing is read behind the part. */
static void any_part(void **state)
{
  char in[400];
  size_t first = put(in, 600, " status: local 1/10"), all = first + put(in + first, 601, " new msg 7 more");
  int loud;
  span text;
  (void)state;
  for (size_t len = 0; len <= all; len++) {
    k = (fastpath){.deliveries = 1};
    assert_int_equal(go(in, len, &loud, &text), len == all ? all : len >= first ? first : 0);
    assert_int_equal(loud, 0);
  }
}

/* Every byte in every place of an event's label: either it is a label as the reader of labels reads it, or
 * the line is left. */
static void any_label(void **state)
{
  char in[100];
  size_t len = put(in, 600, " end msg 7 slowq");
  int loud;
  span text;
  (void)state;
  for (size_t i = 1; i <= LABEL_FMT; i++)
    for (int c = 0; c < 256; c++) {
      char changed[100];
      int64_t seconds;
      uint32_t nano;
      int fine;
      memcpy(changed, in, len);
      changed[i] = (char)c;
      fine = changed[LABEL_FMT] == ' ' && label_scan(&seconds, &nano, (span){changed, len}) &&
             seconds >= STAMP_MIN / 1000000000 && seconds < STAMP_MAX / 1000000000;
      k = (fastpath){.deliveries = 1};
      assert_int_equal(go(changed, len, &loud, &text), fine ? len : 0);
      assert_int_equal(loud, fine);
      if (fine)
        assert_int_equal(at.when, seconds * 1000000000 + nano);
    }
}

/* A line that is no event needs no label that is right, but no word and no line may end in the place of one;
 * what is not ASCII may be left to the reader. */
static void any_label_of_a_quiet_line(void **state)
{
  char in[100];
  size_t len = put(in, 600, " status: local 1/10");
  int loud;
  span text;
  (void)state;
  for (size_t i = 1; i < LABEL_FMT; i++)
    for (int c = 0; c < 256; c++) {
      char changed[100];
      memcpy(changed, in, len);
      changed[i] = (char)c;
      k = (fastpath){.deliveries = 1};
      assert_int_equal(go(changed, len, &loud, &text), c < 33 || c > 160 ? 0 : len);
      assert_int_equal(loud, 0);
    }
}

static void long_line(void **state)
{
  static char in[3 * LINES_KEPT];
  size_t n = put(in, 600, " end msg ");
  int loud;
  span text;
  (void)state;
  memset(in + n - 1, '7', 2 * LINES_KEPT);
  in[n + 2 * LINES_KEPT] = '\n';
  k = (fastpath){.deliveries = 1};
  assert_int_equal(go(in, n + 2 * LINES_KEPT + 1, &loud, &text), n + 2 * LINES_KEPT + 1);
  assert_int_equal(loud, 1);
  assert_int_equal(text.len, LINES_KEPT - LABEL_FMT - 1);
}

static void without_labels(void **state)
{
  static char const in[] = "status: local 1/10 remote 2/20\n@400000006b03d68910927c2c new msg 7\n"
                           "xyz and more of it, and more\nend msg 7\nstatus: local 1/10 remote 2/20 all\n";
  int loud;
  span text;
  (void)state;
  k = (fastpath){.deliveries = 1};
  assert_int_equal(go(in, sizeof in - 1, &loud, &text), sizeof in - 1 - 35);
  assert_int_equal(loud, 1);
  assert_int_equal(at.timed, 0);
  assert_int_equal(at.len, 0);
  assert_int_equal(text.len, 9);
  assert_memory_equal(text.s, "end msg 7", 9);
  assert_int_equal(k.lines, 4);
}

int main(void)
{
  static rows_list list;
  ROWS_ADD(&list, rows, check);
  ROWS_ADD(&list, rows, check_quiet);
  rows_one(&list, "of any part only whole lines are skipped", any_part);
  rows_one(&list, "a byte changed in the label makes it another time or none", any_label);
  rows_one(&list, "a quiet line needs no right label, but one without a blank or an end of line in it",
           any_label_of_a_quiet_line);
  rows_one(&list, "of a long line the examined part is handed on", long_line);
  rows_one(&list, "without labels lines are sorted by their text", without_labels);
  return rows_run(&list, "fastpath");
}
