#include "rows.h"

#include <errno.h>
#include "main/words.h"

typedef struct {
  char const *name, *directive;
  char const *file; /* then with this file and line 12 */
  char const *words;
} row;

static row const rows[] = {
    {"a wrong rule on the command line", "10/30x", 0,
     "bad rule 10/30x: unknown unit 'x' in the period (s, m, h, d or w)"},
    {"a wrong rule in a file", "10/30x", "rules",
     "rules:12: bad rule 10/30x: unknown unit 'x' in the period (s, m, h, d or w)"},
    {"a wrong rule whose wrong part is not shown", "10/30m/line", 0,
     "bad rule 10/30m/line: no pattern after line (line/PATTERN, 1 to 200 bytes)"},
    {"a word", "multilog", 0, "bad directive 'multilog' (+PATTERN, -PATTERN or a rule, as 10/30m)"},
    {"an empty word", "", 0, "bad directive '' (+PATTERN, -PATTERN or a rule, as 10/30m)"},
    {"bytes from outside are made safe", "a b\x1b\xff\x7f~", 0,
     "bad directive 'a_b___~' (+PATTERN, -PATTERN or a rule, as 10/30m)"},
    {"a file name is made safe", "x", "my rules\n",
     "my_rules_:12: bad directive 'x' (+PATTERN, -PATTERN or a rule, as 10/30m)"},
    {"a long directive is cut",
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 0,
     "bad directive 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...' "
     "(+PATTERN, -PATTERN or a rule, as 10/30m)"},
    {"dashes in a file", "--", "rules",
     "rules:12: bad directive -- (a program is only given on the command line)"},
};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  script s = {0};
  script_error e;
  char out[WORDS_MAX];
  assert_int_equal(script_add(&s, r->directive, &e), 0);
  e.file = r->file;
  e.line = r->file ? 12 : 0;
  assert_int_equal(words_script(out, sizeof out, &e), strlen(r->words));
  assert_string_equal(out, r->words);
  script_free(&s);
}

typedef struct {
  char const *name;
  script_error error;
  char const *words;
} made_row;

static made_row const made[] = {
    {"too many rules", {.problem = SCRIPT_MANY_RULES}, "too many rules (at most 1000)"},
    {"a NUL byte",
     {.problem = SCRIPT_NUL_BYTE, .file = "r", .line = 3},
     "r:3: a NUL byte (directives are text)"},
    {"a long line",
     {.problem = SCRIPT_LONG_LINE, .file = "r", .line = 1},
     "r:1: the line is too long (at most 65536 bytes)"},
    {"no rule", {.problem = SCRIPT_NO_RULE}, "no rule (at least one, as 10/30m)"},
    {"no rule in a file", {.problem = SCRIPT_NO_RULE, .file = "r"}, "r: no rule (at least one, as 10/30m)"},
    {"a file that is none", {.problem = SCRIPT_NOT_REGULAR, .file = "r"}, "r: not a regular file"},
    {"no memory", {.problem = SCRIPT_SYSTEM, .error = ENOMEM}, "Cannot allocate memory"},
    {"a file that is not there",
     {.problem = SCRIPT_SYSTEM, .error = ENOENT, .file = "/etc/rules"},
     "unable to read /etc/rules: No such file or directory"},
};

static void check_made(void **state)
{
  made_row const *r = ROWS_ROW(made_row, state);
  char out[WORDS_MAX];
  assert_int_equal(words_script(out, sizeof out, &r->error), strlen(r->words));
  assert_string_equal(out, r->words);
}

static void bounded(void **state)
{
  (void)state;
  script s = {0};
  script_error e;
  char whole[WORDS_MAX];
  assert_int_equal(script_add(&s, "10/30x", &e), 0);
  e.file = "rules";
  e.line = 12;
  size_t len = words_script(whole, sizeof whole, &e);
  for (size_t max = 1; max <= len + 1; max++) {
    char *out = malloc(max);
    assert_int_equal(words_script(out, max, &e), max - 1);
    assert_memory_equal(out, whole, max - 1);
    assert_int_equal(out[max - 1], 0);
    free(out);
  }
  script_free(&s);
}

int main(void)
{
  static rows_list list;
  ROWS_ADD(&list, rows, check);
  ROWS_ADD(&list, made, check_made);
  rows_one(&list, "words never take more than their buffer", bounded);
  return rows_run(&list, "words");
}
