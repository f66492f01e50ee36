#include "rows.h"

#include "rule/pattern.h"

typedef struct {
  char const *name, *in;
  pattern_problem problem;
  unsigned int words;
} row;

static row const rows[] = {
    {"text alone means a word behind it", "u=", PATTERN_FINE, 1},
    {"one word", "u={}", PATTERN_FINE, 1},
    {"two words", "u={} r={}", PATTERN_FINE, 2},
    {"two words with one byte between them", "{}:{}", PATTERN_FINE, 2},
    {"two words with text and '*' between them", "{}*:*{}", PATTERN_FINE, 2},
    {"an escaped '*' between two words is text", "{}\\*{}", PATTERN_FINE, 2},
    {"an escaped '{}' is no word", "{} {} \\{}", PATTERN_FINE, 2},
    {"'{ }' is no word", "{ }", PATTERN_FINE, 1},
    {"'*' alone", "*", PATTERN_FINE, 1},
    {"'\\' alone", "\\", PATTERN_FINE, 1},
    {"nothing is no pattern", "", PATTERN_EMPTY, 0},
    {"a newline is in no line", "a\nb", PATTERN_NEWLINE, 0},
    {"a third word", "{} {} {}", PATTERN_THIRD, 0},
    {"a third word that touches the second", "{} {}{}", PATTERN_THIRD, 0},
    {"nothing between two words", "{}{}", PATTERN_TOUCH, 0},
    {"only '*' between two words", "a {}*{} b", PATTERN_TOUCH, 0},
    {"only several '*' between two words", "{}***{}", PATTERN_TOUCH, 0},
};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  size_t len = strlen(r->in);
  char *in = rows_exact(r->in, len);
  unsigned int words = 0;
  assert_int_equal(pattern_check((span){in, len}, &words), r->problem);
  if (r->problem == PATTERN_FINE)
    assert_int_equal(words, r->words);
  free(in);
}

/* As many parts as fit, and as much text. */
static void longest(void **state)
{
  char in[PATTERN_MOST + 1];
  unsigned int words;
  pattern *p;
  (void)state;
  for (size_t i = 0; i < sizeof in; i++)
    in[i] = i % 2 ? '*' : 'a';
  assert_int_equal(pattern_check((span){in, PATTERN_MOST}, &words), PATTERN_FINE);
  assert_int_equal(pattern_check((span){in, PATTERN_MOST + 1}, &words), PATTERN_LONG);
  p = pattern_compile((span){in, PATTERN_MOST});
  assert_int_equal(p->pieces, PATTERN_MOST / 2 + 1);
  free(p);
  memset(in, 'b', sizeof in);
  p = pattern_compile((span){in, PATTERN_MOST});
  assert_int_equal(p->pieces, 2);
  assert_int_equal(p->piece[0].len, PATTERN_MOST);
  free(p);
}

int main(void)
{
  static rows_list list;
  ROWS_ADD(&list, rows, check);
  rows_one(&list, "a pattern has at most 200 bytes, of any kind", longest);
  return rows_run(&list, "pattern");
}
