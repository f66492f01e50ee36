#include "rows.h"

#include "rule/pattern.h"
#include <stdio.h>

/* The words found, with '|' between two; 0: no match. */
typedef struct {
  char const *name, *pattern, *text, *words;
} row;

static row const rows[] = {
    {"the word behind the text", "u=", "x u=ann y", "ann"},
    {"a word may end with the line", "u=", "u=ann", "ann"},
    {"a word ends before a blank", "u=", "u=a b", "a"},
    {"a word ends before a tab", "u=", "u=a\tb", "a"},
    {"a word ends before a comma", "u=", "u=a,b", "a"},
    {"a word ends before a semicolon", "u=", "u=a;b", "a"},
    {"a word ends before a double quote", "u=", "u=a\"b", "a"},
    {"a word ends before a single quote", "u=", "u=a'b", "a"},
    {"all other bytes are of the word", "u=", "u=\x01<a>:\xff{}*\\", "\x01<a>:\xff{}*\\"},
    {"a word has at least one byte", "u=", "u= a", 0},
    {"a word has at least one byte at the end of the line too", "u=", "u=", 0},
    {"a place without a word does not hide a later one", "u=", "u= u=,a u=b", "b"},
    {"the first of two places counts", "u=", "u=a u=b", "a"},
    {"an empty line has no word", "*", "", 0},
    {"capitals are others than small letters in the text", "u=", "U=a", 0},

    {"a match begins at the beginning of the line", "u=", "u=a", "a"},
    {"a match begins behind a blank", "u=", "x u=a", "a"},
    {"a match begins behind a tab", "u=", "x\tu=a", "a"},
    {"a match does not begin inside a word", "u=", "xu=a", 0},
    {"nor behind a bracket, as in a forged sender", "authuser=", "mailfrom=<authuser=bob@x> authuser=eve",
     "eve"},
    {"nor behind '=', as in a forged HELO", "authuser=", "helo=authuser=bob authuser=eve", "eve"},
    {"nor behind a comma", "u=", "x,u=a", 0},
    {"nor behind a quote", "u=", "\"u=a", 0},
    {"a text that begins inside a word goes on in the next", "aa", "xaa aab", "b"},
    {"a pattern that begins with a blank matches anywhere", " u=", "x u=a", "a"},
    {"and so it does not match at the beginning of the line", " u=", "u=a", 0},
    {"a blank in front that is taken for what it is", "\\ u=", "x u=a", "a"},
    {"a blank in front matches one of two", " u=", "x  u=a", "a"},
    {"a pattern that begins with '*' matches anywhere", "*u=", "xu=a", "a"},
    {"'*' and the beginning of the line", "*u=", "u=a", "a"},
    {"a tab in front is text like any other", "\tu=", "x\tu=a", 0},
    {"a tab behind a blank begins a match", "\tu=", "x \tu=a", "a"},

    {"'{}' says where the word stands", "user {} has", "user ann has", "ann"},
    {"text behind the word must be there", "user {} has", "user ann had", 0},
    {"the word ends before the text behind it", "<{}>", "x <a>b> y", "a"},
    {"text behind the word may begin where the run ends", "u={}, rip", "u=ann, rip", "ann"},
    {"text behind the word lies at the end of the line", "u={}>", "u=ann>", "ann"},
    {"a word does not go beyond its run to the text behind it", "u={}>", "u=ann b>", 0},
    {"a place with a word too long does not hide a later one", "u={}>", "u=ann b> u=cid>", "cid"},
    {"text behind the word right at its beginning leaves no word", "u={}>", "u=> u=a>", "a"},
    {"it is the first such text that ends the word", "u={}:x", "u=:x:x", 0},
    {"half of the text behind a word is of the word", "u={}::", "u=a:b::c", "a:b"},
    {"a word in front", "{} has", "ann has", "ann"},
    {"a word in front begins where a word of the line begins", "{} has", "the,ann has", 0},
    {"a word in front, behind '*', begins anywhere", "*{} has", "the,ann has", "ann"},
    {"a word alone is the first of the line", "{}", " ,x a b", "a"},
    {"'*' alone is the first word anywhere", "*", " ,x a b", "x"},
    {"the same word twice in a line is found where the pattern wants it", "{}: b", "a: a b: b", "b"},

    {"'*' takes nothing", "a*b", "abc", "c"},
    {"'*' takes anything", "a*b", "a  ;' bc", "c"},
    {"'*' takes as little as it can", "a*b", "a bc bd", "c"},
    {"'*' takes more where that is needed", "a*b", "a b bd", "d"},
    {"'*' takes more until the word behind it ends well", "a*u={}>", "a u=x y> u=z>", "z"},
    {"two '*' in a row are one", "a**b", "a-bc", "c"},
    {"'*' at the end takes nothing from the word", "a={}*", "a=bc d", "bc"},
    {"'*' in front of the word that is meant", "a*", "a ,b c", "b"},
    {"'*' between word and text: the word ends with its run", "{}*>", "a>b >", "a>b"},
    {"several '*', each behind the part before", "a*b*c", "a c b b cx", "x"},
    {"a part is not found in front of the one before", "a*b*c", "a c b", 0},
    {"a part that overlaps the one before is none", "aba*ba=", "aba=x", 0},
    {"text between two '*'", "*login*from ", "x,login ok from ann", "ann"},

    {"'\\' takes the meaning of '*'", "a\\*", "ab a*c", "c"},
    {"'\\' takes the meaning of '{'", "a\\{}", "ab a{}c", "c"},
    {"'\\' takes its own meaning", "a\\\\", "ab a\\c", "c"},
    {"'\\' in front of a letter is nothing", "\\a\\b", "abc", "c"},
    {"'\\' at the end is itself", "a\\", "ab a\\c", "c"},
    {"'\\*' in front is no '*'", "\\*u=", "x*u=a *u=b", "b"},
    {"'\\' between the brackets leaves both as they are", "a{\\}", "ab a{}c", "c"},
    {"'{' alone is itself", "a{b", "a{bc", "c"},
    {"'}' alone is itself", "a}", "a}c", "c"},

    {"two words", "{} from {}", "ann from 1.2.3.4", "ann|1.2.3.4"},
    {"two words with one byte between them", "{}:{}", "ann:1.2.3.4 x", "ann|1.2.3.4"},
    {"two words with '*' and text between them", "u={}*rip={}", "u=ann x=y rip=1", "ann|1"},
    {"text in front of '*' between two words ends the first", "u={}>*rip={}", "u=ann> rip=1", "ann|1"},
    {"text behind the second word", "{} from {}:", "ann from 1:2", "ann|1"},
    {"two words, the first only where the second is", "{} from {}", "ann from , bob from 1", "bob|1"},
    {"a second word that is missing", "u={} r={}", "u=ann r=", 0},
    {"the second word of another place", "u={} r={}", "u=ann r= u=bob r=1", "bob|1"},
    {"the second word may be the end of a '*'", "u={} *", "u=ann x", "ann"},
    {"the first word ends at text that the second begins behind", "<{}@{}>", "<a@b@c>", "a|b@c"},
    {"a match that begins in the second word of a place that fails",
     "*a{} {}:", "aa aqqqqqq bb:", "qqqqqq|bb"},
    {"three parts behind each other", "*x{}y{}z", "xaby xaycz", "a|c"},
};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  size_t p_len = strlen(r->pattern), len = strlen(r->text);
  char *in = rows_exact(r->pattern, p_len), *text = rows_exact(r->text, len), got[100];
  unsigned int words;
  span word[PATTERN_WORDS];
  pattern *p;
  assert_int_equal(pattern_check((span){in, p_len}, &words), PATTERN_FINE);
  p = pattern_compile((span){in, p_len});
  assert_non_null(p);
  free(in);
  assert_int_equal(pattern_find(p, (span){text, len}, word), r->words != 0);
  if (r->words) {
    snprintf(got, sizeof got, "%.*s", (int)word[0].len, word[0].s);
    for (unsigned int i = 0; i < words; i++)
      assert_true(word[i].s >= text && word[i].s + word[i].len <= text + len);
    if (words == 2)
      snprintf(got + strlen(got), sizeof got - strlen(got), "|%.*s", (int)word[1].len, word[1].s);
    assert_string_equal(got, r->words);
  }
  free(text);
  free(p);
}

/* What would take quadratic time if each place were tried afresh: a line of 64 KiB, unit over and over, and
 * tail, so many times that nobody would wait for it. */
typedef struct {
  char const *name, *pattern, *unit, *tail;
  int times;
} long_row;

static long_row const longs[] = {
    {"a part behind '*' that is nowhere", "a*b", "a ", "", 20000},
    {"the text behind a word that is nowhere", "*x{}y", "x", "", 20000},
    {"the same behind each of many words", "*x{}y", "x1 ", "", 20000},
    {"the text behind a word that is beyond its run", "*x{}y", "x", " y", 500},
    {"the same with a run of its own for each place", "*x{}y", "x ", "y", 500},
    {"the same at the beginnings of words", "x{}y", "x ", "y", 500},
    {"a second word whose text is beyond its run", "*x{}x{}y", "x1", " y", 500},
    {"the same behind '*'", "*x{}*x{}y", "x1", " y", 500},
    {"a word alone that has no place", "*{}y", ",", "y", 500},
    {"a text that begins again and again", "*xxxxxxxxxxxxxxxxy", "x", "", 500},
    {"the same at the beginnings of words", "xxxxxxxxxxxxxxxxy", "x", "", 500},
    {"texts that are nearly there", "*a*b*c{}d*e", "abc", "d", 500},
    {"a text inside of words only", "x=", "ax= ", "", 500},
};

static void check_long(void **state)
{
  long_row const *r = ROWS_ROW(long_row, state);
  static char text[65536];
  size_t len = 0, unit = strlen(r->unit), tail = strlen(r->tail);
  pattern *p = pattern_compile(span_of(r->pattern));
  span word[PATTERN_WORDS];
  assert_non_null(p);
  for (; len + unit + tail <= sizeof text; len += unit)
    memcpy(text + len, r->unit, unit);
  memcpy(text + len, r->tail, tail);
  for (int i = 0; i < r->times; i++)
    assert_int_equal(pattern_find(p, (span){text, len + tail}, word), 0);
  free(p);
}

/* Places are left out only where none can match: as found by trying each. */
static void nothing_is_skipped(void **state)
{
  static char const *const patterns[] = {"*a{}b", "a{}b", "*aa{}b{}a", "{}b", "*{}b", "*b{}a*a{}b", " a{} b"};
  (void)state;
  for (size_t k = 0; k < sizeof patterns / sizeof *patterns; k++) {
    pattern *p = pattern_compile(span_of(patterns[k]));
    assert_non_null(p);
    for (unsigned int n = 0; n < 59049; n++) { /* all texts of ten bytes of three */
      char text[10];
      span all[PATTERN_WORDS] = {{0, 0}, {0, 0}}, one[PATTERN_WORDS];
      unsigned int rest = n;
      int found = 0, whole;
      for (size_t i = 0; i < sizeof text; i++, rest /= 3)
        text[i] = "ab "[rest % 3];
      whole = pattern_find(p, (span){text, sizeof text}, all);
      for (size_t from = 0; from < sizeof text && !found; from++)
        if (p->piece[0].star || !from || text[from - 1] == ' ')
          found = pattern_find(p, (span){text + from, sizeof text - from}, one);
      assert_int_equal(whole, found);
      if (whole)
        assert_true(all[0].s == one[0].s && all[0].len == one[0].len);
    }
    free(p);
  }
}

int main(void)
{
  static rows_list list;
  ROWS_ADD(&list, rows, check);
  ROWS_ADD(&list, longs, check_long);
  rows_one(&list, "no place that matches is left out", nothing_is_skipped);
  return rows_run(&list, "finder");
}
