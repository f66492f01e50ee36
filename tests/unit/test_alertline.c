#include "rows.h"

#include "watch/alert.h"

#define STAMP "@400000006565656500000000"

typedef struct {
  char const *name, *line;
  char const *shown; /* label word rule key values, '|' between them; 0: no alert */
} row;

static row const rows[] = {
    {"an alert", STAMP " over 9/1h/msg/sender ann@x count=10 from=ann@x",
     STAMP "|over|9/1h/msg/sender|ann@x|count=10 from=ann@x"},
    {"a note", STAMP " note start rules=1 over=0", STAMP "|note|start||rules=1 over=0"},
    {"a note of one word", STAMP " note reload-failed", STAMP "|note|reload-failed||"},
    {"a line of a report", STAMP " stat lines=1 events=2", STAMP "|stat|lines=1|events=2|"},
    {"a key that is cut", STAMP " over 9/1h/msg/sender ann", STAMP "|over|9/1h/msg/sender|ann|"},
    {"nothing", "", 0},
    {"a label alone", STAMP, 0},
    {"a word alone", STAMP " over", 0},
    {"two spaces behind the label", STAMP "  over a b", 0},
    {"two spaces behind the word", STAMP " over  b", 0},
    {"no space behind the label", STAMP "over a b", 0},
    {"a short label", "@4000000065656565 over a b", 0},
    {"no label", "over a b c d", 0},
    {"a tab", STAMP " over a b\tc", 0},
    {"a control character", STAMP " over a b \r", 0},
    {"a byte above 126", STAMP " over a b \x7f", 0},
    {"a byte above 127", STAMP " over a b \xe9", 0},
};

static void join(char *out, span s)
{
  strncat(out, s.s, s.len);
  strcat(out, "|");
}

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  size_t len = strlen(r->line);
  char *line = rows_exact(r->line, len), got[512] = "";
  alertline a;

  assert_int_equal(alertline_read(&a, (span){line, len}), r->shown != 0);
  if (r->shown) {
    join(got, a.label);
    join(got, a.word);
    join(got, a.rule);
    join(got, a.key.s ? a.key : span_of(""));
    strncat(got, a.values.s, a.values.len);
    assert_string_equal(got, r->shown);
  }
  free(line);
}

static void values(void **state)
{
  alertline a;
  (void)state;

  assert_true(alertline_read(&a, span_of(STAMP " over r k count=1 from= xfrom=a from=b to=c=d")));
  assert_true(span_equal(alertline_value(&a, "count="), span_of("1")));
  assert_true(span_equal(alertline_value(&a, "from="), span_of("")));
  assert_non_null(alertline_value(&a, "from=").s);
  assert_true(span_equal(alertline_value(&a, "to="), span_of("c=d")));
  assert_null(alertline_value(&a, "since=").s);
}

static void longest(void **state)
{
  static char line[ALERT_MAX + 1];
  alertline a;
  (void)state;

  memset(line, 'x', sizeof line);
  memcpy(line, STAMP " over a ", sizeof STAMP + 7);
  assert_true(alertline_read(&a, (span){line, ALERT_MAX - 1}));
  assert_false(alertline_read(&a, (span){line, ALERT_MAX}));
}

int main(void)
{
  rows_list list = {0};

  ROWS_ADD(&list, rows, check);
  rows_one(&list, "a value is the first of its name", values);
  rows_one(&list, "a line is no longer than an alert with its newline", longest);
  return rows_run(&list, "alertline");
}
