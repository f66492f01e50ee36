#include "rows.h"

#include "base/label.h"
#include "tap/skim.h"
#include <stdio.h>

#define SECONDS INT64_C(1795435200)
#define NEWEST (SECONDS * 1000000000 + 500)

static skim k;

static void start(int deliveries)
{
  char line[40];
  size_t n = label_fmt(line, NEWEST);
  skim_start(&k, deliveries);
  memcpy(line + n, " status", 7);
  skim_learn(&k, (span){line, n + 7}, NEWEST);
  k.lines = k.late = 0;
}

/* Writes a line with a label: nanoseconds after the second of the newest one, and what follows it. */
static size_t put(char *out, int64_t nano, char const *rest)
{
  size_t n = label_fmt(out, SECONDS * 1000000000 + nano);
  return n + (size_t)sprintf(out + n, "%s\n", rest);
}

/* One line, between two that are skipped: is it? */
typedef struct {
  char const *name;
  int64_t nano;
  char const *rest; /* behind the label */
  int skipped, deliveries;
} row;

static row const rows[] = {
    {"a status line is skipped", 600, " status: local 1/10 remote 2/20", 1, 1},
    {"a new message is", 600, " new msg 7", 1, 1},
    {"a line of another second is not", 1000000000, " status: local 1/10 remote 2/20", 0, 0},
    {"a line of the second before is not", -1, " status: local 1/10 remote 2/20", 0, 0},
    {"a late line of the second is", 400, " status: local 1/10 remote 2/20", 1, 1},
    {"a line at the same instant is not late", 550, " status: local 1/10 remote 2/20", 1, 1},
    {"an announcement is not", 600, " info msg 7: bytes 9 from <a@x> qp 1 uid 2", 0, 0},
    {"an end is not", 600, " end msg 7", 0, 0},
    {"a start is not, if deliveries matter", 600, " starting delivery 5: msg 7 to remote b@y", 0, 1},
    {"a result is not", 600, " delivery 5: success: ok", 0, 1},
    {"a bounce is not", 600, " bounce msg 7 qp 9", 0, 1},
    {"they are, if deliveries do not matter", 600, " bounce msg 7 qp 9", 1, 0},
    {"starts, too", 600, " starting delivery 5: msg 7 to remote b@y", 1, 0},
    {"a label without a blank is none", 600, ".status: local 1/10 remote 2/20", 0, 0},
    {"a second stamp is left to the reader", 600, " 2026-11-23 12:44:00 info msg 7", 0, 0},
    {"an empty text is", 600, " ", 0, 0},
};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  char in[400];
  size_t before = put(in, 550, " status: a"), n = before, all;
  char *exact;
  n += put(in + n, r->nano, r->rest);
  all = n + put(in + n, 700, " status: b");
  start(r->deliveries);
  exact = rows_exact(in, all);
  assert_int_equal(skim_lines(&k, (span){exact, all}, 1), r->skipped ? all : before);
  assert_int_equal(k.lines, r->skipped ? 3 : 1);
  assert_int_equal(k.late, r->nano == 400);
  assert_int_equal(k.now, SECONDS * 1000000000 + (r->skipped ? 700 : 550));
  free(exact);
}

/* Of any part of the lines whole ones are skipped, and nothing is read behind the part. */
static void any_part(void **state)
{
  char in[400];
  size_t first = put(in, 600, " status: local 1/10"), all = first + put(in + first, 601, " new msg 7");
  (void)state;
  for (size_t len = 0; len <= all; len++) {
    char *exact = rows_exact(in, len);
    size_t whole = len == all ? all : len >= first ? first : 0;
    start(1);
    assert_int_equal(skim_lines(&k, (span){exact, len}, 1), whole);
    assert_int_equal(k.now, whole == all ? NEWEST + 101 : whole ? NEWEST + 100 : NEWEST);
    free(exact);
  }
}

/* Every byte in every place of the label: only those that make a label of the same second are skipped. */
static void any_label(void **state)
{
  char in[100];
  size_t len = put(in, 600, " status: local 1/10");
  (void)state;
  for (size_t i = 0; i <= LABEL_FMT; i++)
    for (int c = 1; c < 256; c++) {
      char changed[100];
      int64_t seconds;
      uint32_t nano;
      int same;
      memcpy(changed, in, len);
      changed[i] = (char)c;
      same = changed[LABEL_FMT] == ' ' && label_scan(&seconds, &nano, (span){changed, len}) &&
             seconds == SECONDS;
      start(1);
      if (c != '\n')
        assert_int_equal(skim_lines(&k, (span){changed, len}, 1), same ? len : 0);
    }
}

static void without_labels(void **state)
{
  static char const in[] = "status: local 1/10\nnew msg 7\nxyz and more\n";
  (void)state;
  skim_start(&k, 1);
  k.lines = k.late = 0;
  assert_int_equal(skim_lines(&k, span_of(in), 0), sizeof in - 1);
  assert_int_equal(k.lines, 3);
  assert_int_equal(k.now, INT64_MIN);
}

static void stamp_of_a_line(void **state)
{
  char in[100];
  size_t len = put(in, 600, " info msg 7: bytes 9");
  stamp st;
  (void)state;
  start(1);
  assert_int_equal(skim_stamp(&k, &st, (span){in, len - 1}), 1);
  assert_int_equal(st.timed, 1);
  assert_int_equal(st.when, NEWEST + 100);
  assert_int_equal(st.len, LABEL_FMT + 1);
  assert_int_equal(st.host.len, 0);
  assert_int_equal(skim_stamp(&k, &st, (span){in, LABEL_FMT + 1}), 0);
  len = put(in, 600, " 2026-11-23 12:44:00 info msg 7: bytes 9");
  assert_int_equal(skim_stamp(&k, &st, (span){in, len - 1}), 0);
  len = put(in, 600, " info msg 7: bytes 9");
  skim_start(&k, 1);
  assert_int_equal(skim_stamp(&k, &st, (span){in, len - 1}), 0);
}

int main(void)
{
  static rows_list list;
  ROWS_ADD(&list, rows, check);
  rows_one(&list, "of any part only whole lines are skipped", any_part);
  rows_one(&list, "a byte changed in the label makes it another second or none", any_label);
  rows_one(&list, "without labels lines are skipped by their text", without_labels);
  rows_one(&list, "a label of the second learned is a stamp", stamp_of_a_line);
  return rows_run(&list, "skim");
}
