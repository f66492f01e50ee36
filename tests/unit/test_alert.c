#include "rows.h"

#include "watch/alert.h"
#include <stdio.h>

static alert a;

static void expect(char const *line)
{
  span s = alert_end(&a);
  assert_int_equal(s.len, strlen(line));
  assert_memory_equal(s.s, line, s.len);
}

static void whole_line(void **state)
{
  (void)state;
  alert_begin(&a, INT64_C(1795435200123456789), "over");
  alert_field(&a, span_of("10/30m/msg/sender"));
  alert_field(&a, span_of("ann@example.org"));
  alert_number(&a, "count=", 11);
  alert_text(&a, "from=", span_of("Ann@Example.org"));
  alert_label(&a, "since=", 0);
  expect("@400000006b042aca075bcd15 over 10/30m/msg/sender ann@example.org count=11 from=Ann@Example.org "
         "since=@400000000000000a00000000\n");
}

static void begun_again(void **state)
{
  (void)state;
  alert_begin(&a, 0, "over");
  alert_field(&a, span_of("ann"));
  alert_end(&a);
  alert_begin(&a, 0, "note");
  expect("@400000000000000a00000000 note\n");
}

static void numbers(void **state)
{
  (void)state;
  alert_begin(&a, 0, "n");
  alert_number(&a, "a=", 0);
  alert_number(&a, "b=", UINT64_MAX);
  expect("@400000000000000a00000000 n a=0 b=18446744073709551615\n");
}

static void empty_values(void **state)
{
  (void)state;
  alert_begin(&a, 0, "n");
  alert_text(&a, "from=", (span){"", 0});
  alert_field(&a, (span){"", 0});
  expect("@400000000000000a00000000 n from= \n");
}

/* Every byte there is, in a key and in an address: it can be read back, and nothing else is in the line. */
static void bytes_are_safe(void **state)
{
  (void)state;
  for (int c = 0; c < 256; c++) {
    char *s = rows_exact((char[]){'x', (char)c, 'y'}, 3), shown[8], back[8], wanted[64];
    snprintf(shown, sizeof shown, c < 33 || c > 126 || c == '%' ? "x%%%02Xy" : "x%cy", c);
    snprintf(wanted, sizeof wanted, "@400000000000000a00000000 n %s from=%s\n", shown, shown);
    alert_begin(&a, 0, "n");
    alert_field(&a, (span){s, 3});
    alert_text(&a, "from=", (span){s, 3});
    expect(wanted);
    assert_int_equal(alert_decode(back, span_of(shown)), 3);
    assert_memory_equal(back, s, 3);
    free(s);
  }
}

/* What no alert has stands for itself. */
static void odd_percents(void **state)
{
  char out[32];
  (void)state;
  assert_int_equal(alert_decode(out, span_of("%2F%2f%%41%4%g1%1g%")), 15);
  assert_memory_equal(out, "/%2f%A%4%g1%1g%", 15);
}

/* Never inside of a %XX. */
static void cut_before_an_escape(void **state)
{
  char s[1000];
  (void)state;
  for (size_t plain = 896; plain <= 900; plain++) {
    size_t shown = plain <= 897 ? plain + 3 : plain;
    memset(s, 'k', sizeof s);
    s[plain] = ' ';
    alert_begin(&a, 0, "n");
    alert_field(&a, (span){s, plain + 1});
    assert_int_equal(alert_end(&a).len, 25 + 2 + 1 + shown + 1);
    assert_memory_equal(a.s + a.len - 4, plain <= 897 ? "%20\n" : "kkk\n", 4);
  }
}

static void cut_at_900(void **state)
{
  static char s[2000];
  (void)state;
  memset(s, 'k', sizeof s);
  for (size_t len = 898; len < 903; len++) {
    size_t shown = len < 900 ? len : 900;
    char *exact = rows_exact(s, len);
    alert_begin(&a, 0, "n");
    alert_field(&a, (span){exact, len});
    assert_int_equal(alert_end(&a).len, 25 + 2 + 1 + shown + 1);
    alert_begin(&a, 0, "n");
    alert_text(&a, "to=", (span){exact, len});
    alert_number(&a, "x=", 1);
    assert_int_equal(alert_end(&a).len, 25 + 2 + 4 + shown + 4 + 1);
    assert_memory_equal(a.s + a.len - 6, "k x=1\n", 6);
    free(exact);
  }
}

/* The longest `over` there can be is whole: rule, key, from and to, and three numbers of 20 digits. */
static void longest_over(void **state)
{
  static char s[9000];
  (void)state;
  memset(s, 'k', sizeof s);
  alert_begin(&a, 0, "over");
  alert_field(&a, (span){s, 320});
  alert_field(&a, (span){s, sizeof s});
  alert_number(&a, "count=", UINT64_MAX);
  alert_number(&a, "msg=", UINT64_MAX);
  alert_number(&a, "qp=", UINT64_MAX);
  alert_number(&a, "uid=", UINT64_MAX);
  alert_text(&a, "from=", (span){s, sizeof s});
  alert_text(&a, "to=", (span){s, sizeof s});
  assert_true(alert_end(&a).len < 3300);
  assert_memory_equal(a.s + a.len - 4, "kkk\n", 4);
}

static void never_longer(void **state)
{
  static char s[9000];
  (void)state;
  memset(s, 'k', sizeof s);
  for (size_t len = 0; len < 1200; len += 7) {
    alert_begin(&a, 0, "n");
    for (int i = 0; i < 700; i++) {
      alert_text(&a, "to=", (span){s, len});
      alert_number(&a, "n=", UINT64_MAX);
      alert_label(&a, "at=", 7);
      alert_field(&a, (span){s, len % 10});
    }
    assert_int_equal(alert_end(&a).len, ALERT_MAX);
    assert_int_equal(a.s[ALERT_MAX - 1], '\n');
    assert_null(memchr(a.s, '\n', ALERT_MAX - 1));
  }
}

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
    {"two spaces after the label", STAMP "  over a b", 0},
    {"two spaces after the word", STAMP " over  b", 0},
    {"no space after the label", STAMP "over a b", 0},
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
  alertline read_back;

  assert_int_equal(alertline_read(&read_back, (span){line, len}), r->shown != 0);
  if (r->shown) {
    join(got, read_back.label);
    join(got, read_back.word);
    join(got, read_back.rule);
    join(got, read_back.key.s ? read_back.key : span_of(""));
    strncat(got, read_back.values.s, read_back.values.len);
    assert_string_equal(got, r->shown);
  }
  free(line);
}

static void values(void **state)
{
  alertline read_back;
  (void)state;

  assert_true(alertline_read(&read_back, span_of(STAMP " over r k count=1 from= xfrom=a from=b to=c=d")));
  assert_true(span_equal(alertline_value(&read_back, "count="), span_of("1")));
  assert_true(span_equal(alertline_value(&read_back, "from="), span_of("")));
  assert_non_null(alertline_value(&read_back, "from=").s);
  assert_true(span_equal(alertline_value(&read_back, "to="), span_of("c=d")));
  assert_null(alertline_value(&read_back, "since=").s);
}

static void longest(void **state)
{
  static char line[ALERT_MAX + 1];
  alertline read_back;
  (void)state;

  memset(line, 'x', sizeof line);
  memcpy(line, STAMP " over a ", sizeof STAMP + 7);
  assert_true(alertline_read(&read_back, (span){line, ALERT_MAX - 1}));
  assert_false(alertline_read(&read_back, (span){line, ALERT_MAX}));
}

int main(void)
{
  static rows_list list;

  rows_one(&list, "a line has its fields one space apart, and multilog's labels", whole_line);
  rows_one(&list, "a line begun again has nothing of the last one", begun_again);
  rows_one(&list, "numbers are decimal, up to 2^64-1", numbers);
  rows_one(&list, "empty values stay empty", empty_values);
  rows_one(&list, "bytes outside of 33..126, and '%', are written as %XX", bytes_are_safe);
  rows_one(&list, "a '%' without two capital digits stands for itself", odd_percents);
  rows_one(&list, "a field is not cut inside of a %XX", cut_before_an_escape);
  rows_one(&list, "a key or an address is cut at 900 bytes", cut_at_900);
  rows_one(&list, "the longest alert is whole", longest_over);
  rows_one(&list, "no line is longer than 4,096 bytes, whatever is put into it", never_longer);
  ROWS_ADD(&list, rows, check);
  rows_one(&list, "a value is the first of its name", values);
  rows_one(&list, "a line is no longer than an alert with its newline", longest);
  return rows_run(&list, "alert");
}
