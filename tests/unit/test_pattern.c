#include "rows.h"

#include "rule/pattern.h"
#include "rule/glob.h"
#include <fnmatch.h>
#include <stdio.h>
#include <time.h>

typedef struct {
  char const *name, *in;
  pattern_problem problem;
  unsigned int words;
} row_of_pattern;

static row_of_pattern const rows_of_pattern[] = {
    {"text alone means a word after it", "u=", PATTERN_OK, 1},
    {"one word", "u={}", PATTERN_OK, 1},
    {"two words", "u={} r={}", PATTERN_OK, 2},
    {"two words with one byte between them", "{}:{}", PATTERN_OK, 2},
    {"two words with text and '*' between them", "{}*:*{}", PATTERN_OK, 2},
    {"an escaped '*' between two words is text", "{}\\*{}", PATTERN_OK, 2},
    {"an escaped '{}' is no word", "{} {} \\{}", PATTERN_OK, 2},
    {"'{ }' is no word", "{ }", PATTERN_OK, 1},
    {"'*' alone", "*", PATTERN_OK, 1},
    {"'\\' alone", "\\", PATTERN_OK, 1},
    {"nothing is no pattern", "", PATTERN_EMPTY, 0},
    {"a newline is in no line", "a\nb", PATTERN_NEWLINE, 0},
    {"a third word", "{} {} {}", PATTERN_THIRD, 0},
    {"a third word that touches the second", "{} {}{}", PATTERN_THIRD, 0},
    {"nothing between two words", "{}{}", PATTERN_TOUCH, 0},
    {"only '*' between two words", "a {}*{} b", PATTERN_TOUCH, 0},
    {"only several '*' between two words", "{}***{}", PATTERN_TOUCH, 0},
};

static void check_of_pattern(void **state)
{
  row_of_pattern const *r = ROWS_ROW(row_of_pattern, state);
  size_t len = strlen(r->in);
  char *in = rows_exact(r->in, len);
  unsigned int words = 0;
  assert_int_equal(pattern_check((span){in, len}, &words), r->problem);
  if (r->problem == PATTERN_OK)
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
  assert_int_equal(pattern_check((span){in, PATTERN_MOST}, &words), PATTERN_OK);
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

/* The words found, with '|' between two; 0: no match. */
typedef struct {
  char const *name, *pattern, *text, *words;
} row_of_finder;

static row_of_finder const rows_of_finder[] = {
    {"the word after the text", "u=", "x u=ann y", "ann"},
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
    {"a match begins after a blank", "u=", "x u=a", "a"},
    {"a match begins after a tab", "u=", "x\tu=a", "a"},
    {"a match does not begin inside a word", "u=", "xu=a", 0},
    {"nor after a bracket, as in a forged sender", "authuser=", "mailfrom=<authuser=bob@x> authuser=eve",
     "eve"},
    {"nor after '=', as in a forged HELO", "authuser=", "helo=authuser=bob authuser=eve", "eve"},
    {"nor after a comma", "u=", "x,u=a", 0},
    {"nor after a quote", "u=", "\"u=a", 0},
    {"a text that begins inside a word goes on in the next", "aa", "xaa aab", "b"},
    {"a pattern that begins with a blank matches anywhere", " u=", "x u=a", "a"},
    {"and so it does not match at the beginning of the line", " u=", "u=a", 0},
    {"a blank in front that is taken for what it is", "\\ u=", "x u=a", "a"},
    {"a blank in front matches one of two", " u=", "x  u=a", "a"},
    {"a pattern that begins with '*' matches anywhere", "*u=", "xu=a", "a"},
    {"'*' and the beginning of the line", "*u=", "u=a", "a"},
    {"a tab in front is text like any other", "\tu=", "x\tu=a", 0},
    {"a tab after a blank begins a match", "\tu=", "x \tu=a", "a"},

    {"'{}' says where the word stands", "user {} has", "user ann has", "ann"},
    {"text after the word must be there", "user {} has", "user ann had", 0},
    {"the word ends before the text after it", "<{}>", "x <a>b> y", "a"},
    {"text after the word may begin where the run ends", "u={}, rip", "u=ann, rip", "ann"},
    {"text after the word lies at the end of the line", "u={}>", "u=ann>", "ann"},
    {"a word does not go beyond its run to the text after it", "u={}>", "u=ann b>", 0},
    {"a place with a word too long does not hide a later one", "u={}>", "u=ann b> u=cid>", "cid"},
    {"text after the word right at its beginning leaves no word", "u={}>", "u=> u=a>", "a"},
    {"it is the first such text that ends the word", "u={}:x", "u=:x:x", 0},
    {"half of the text after a word is of the word", "u={}::", "u=a:b::c", "a:b"},
    {"a word in front", "{} has", "ann has", "ann"},
    {"a word in front begins where a word of the line begins", "{} has", "the,ann has", 0},
    {"a word in front, after '*', begins anywhere", "*{} has", "the,ann has", "ann"},
    {"a word alone is the first of the line", "{}", " ,x a b", "a"},
    {"'*' alone is the first word anywhere", "*", " ,x a b", "x"},
    {"the same word twice in a line is found where the pattern wants it", "{}: b", "a: a b: b", "b"},

    {"'*' takes nothing", "a*b", "abc", "c"},
    {"'*' takes anything", "a*b", "a  ;' bc", "c"},
    {"'*' takes as little as it can", "a*b", "a bc bd", "c"},
    {"'*' takes more where that is needed", "a*b", "a b bd", "d"},
    {"'*' takes more until the word after it ends well", "a*u={}>", "a u=x y> u=z>", "z"},
    {"two '*' in a row are one", "a**b", "a-bc", "c"},
    {"'*' at the end takes nothing from the word", "a={}*", "a=bc d", "bc"},
    {"'*' in front of the word that is meant", "a*", "a ,b c", "b"},
    {"'*' between word and text: the word ends with its run", "{}*>", "a>b >", "a>b"},
    {"several '*', each after the part before", "a*b*c", "a c b b cx", "x"},
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
    {"text after the second word", "{} from {}:", "ann from 1:2", "ann|1"},
    {"two words, the first only where the second is", "{} from {}", "ann from , bob from 1", "bob|1"},
    {"a second word that is missing", "u={} r={}", "u=ann r=", 0},
    {"the second word of another place", "u={} r={}", "u=ann r= u=bob r=1", "bob|1"},
    {"the second word may be the end of a '*'", "u={} *", "u=ann x", "ann"},
    {"the first word ends at text that the second begins after", "<{}@{}>", "<a@b@c>", "a|b@c"},
    {"a match that begins in the second word of a place that fails",
     "*a{} {}:", "aa aqqqqqq bb:", "qqqqqq|bb"},
    {"three parts after each other", "*x{}y{}z", "xaby xaycz", "a|c"},
};

static void check_of_finder(void **state)
{
  row_of_finder const *r = ROWS_ROW(row_of_finder, state);
  size_t p_len = strlen(r->pattern), len = strlen(r->text);
  char *in = rows_exact(r->pattern, p_len), *text = rows_exact(r->text, len), got[100];
  unsigned int words;
  span word[PATTERN_WORDS];
  pattern *p;
  assert_int_equal(pattern_check((span){in, p_len}, &words), PATTERN_OK);
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
    {"a part after '*' that is nowhere", "a*b", "a ", "", 20000},
    {"the text after a word that is nowhere", "*x{}y", "x", "", 20000},
    {"the same after each of many words", "*x{}y", "x1 ", "", 20000},
    {"the text after a word that is beyond its run", "*x{}y", "x", " y", 500},
    {"the same with a run of its own for each place", "*x{}y", "x ", "y", 500},
    {"the same at the beginnings of words", "x{}y", "x ", "y", 500},
    {"a second word whose text is beyond its run", "*x{}x{}y", "x1", " y", 500},
    {"the same after '*'", "*x{}*x{}y", "x1", " y", 500},
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

typedef struct {
  char const *name, *pattern, *address;
  int matches;
} row_of_glob;

static row_of_glob const rows_of_glob[] = {
    {"an address matches itself", "ann@example.org", "ann@example.org", 1},
    {"the whole address must match, its end too", "ann@example.or", "ann@example.org", 0},
    {"the whole address must match, its start too", "nn@example.org", "ann@example.org", 0},
    {"the last letter of the alphabet ignores case too", "Z@x", "z@x", 1},
    {"a dot is a dot", "a.b", "axb", 0},
    {"capitals in the pattern match small letters", "ANN@x", "ann@x", 1},
    {"small letters in the pattern match capitals", "ann@x", "ANN@X", 1},
    {"a star matches nothing", "ann*@x", "ann@x", 1},
    {"a star matches much", "*@example.org", "a.b.c@example.org", 1},
    {"a star matches '/' and a leading dot", "*", "./.", 1},
    {"a star matches the null sender", "*", "", 1},
    {"the empty pattern matches the null sender", "", "", 1},
    {"the empty pattern matches nothing else", "", "a", 0},
    {"a star at the end may match nothing", "ann*", "ann", 1},
    {"several stars in a row are one", "a***b", "ab", 1},
    {"a star takes an '@' too", "*@x", "a@b@x", 1},
    {"a star gives back what it took too much", "*ab", "aab", 1},
    {"the last star may have to try again after the first did", "*a*b", "xaxaxb", 1},
    {"a question mark is one byte", "a?c", "abc", 1},
    {"a question mark is not nothing", "a?c", "ac", 0},
    {"a bracket matches one of its bytes", "[abc]@x", "b@x", 1},
    {"a bracket matches no other", "[abc]@x", "d@x", 0},
    {"a bracket ignores case", "[B-D]", "c", 1},
    {"a range", "[0-9]*", "7x", 1},
    {"a class", "[[:digit:]]x", "7x", 1},
    {"a class and more in one bracket", "[x[:digit:]_]", "_", 1},
    {"a class whose name has a digit is none, and the first ']' closes the bracket", "[[:a1:]]", ":]", 1},
    {"a class whose name has a byte below the letters is none", "[[:a_:]]", "_]", 1},
    {"a class whose name has a byte above the letters is none", "[[:a{:]]", "{]", 1},
    {"a class whose end ends the pattern closes no bracket", "[[.a.]", "[a", 1},
    {"a colon after a letter begins no class", "[x:a:]c]", "xc]", 1},
    {"a class whose name is no letter is none, at its start too", "[[:.:]", "[.", 0},
    {"a mark between its own marks is no class", "[[==]]", "=]", 1},
    {"a class that is begun does not end with the bracket", "[[.-b]", "[a", 0},
    {"a mark may be named by its own class", "[[.:.]", "[.", 1},
    {"a negated bracket", "[!a]", "b", 1},
    {"a negated bracket excludes", "[!a]", "a", 0},
    {"a negated bracket ignores case", "[!a]", "A", 0},
    {"a bracket negated with '^'", "[^a]", "b", 1},
    {"a leading ']' is itself", "[]a]", "]", 1},
    {"a leading ']' after '!' is itself", "[!]a]", "]", 0},
    {"a '-' at the end is itself", "[a-]", "-", 1},
    {"a bracket never closed is itself", "[ab", "[ab", 1},
    {"what follows a bracket never closed is still a in", "[*b", "[xxb", 1},
    {"an escaped star is itself", "a\\*", "a*", 1},
    {"an escaped star is no star", "a\\*", "ab", 0},
    {"an escaped letter ignores case", "\\A", "a", 1},
    {"an escaped bracket is itself", "\\[a]", "[a]", 1},
    {"an escaped ']' does not close a bracket", "[a\\]b]", "]", 1},
    {"a backslash at the end matches nothing", "a\\", "a\\", 0},
    {"a backslash at the end does not match nothing either", "a\\", "a", 0},
    {"'#@[]' ends with a bracket that is never closed", "#@[]", "#@[]", 1},
};

static void check_of_glob(void **state)
{
  row_of_glob const *r = ROWS_ROW(row_of_glob, state);
  glob g;
  size_t len = strlen(r->pattern), n = strlen(r->address);
  char *in = rows_exact(r->pattern, len), *address = rows_exact(r->address, n);
  assert_int_equal(glob_compile(&g, (span){in, len}), 1);
  free(in);
  assert_int_equal(glob_match(&g, (span){address, n}), r->matches);
  assert_int_equal(fnmatch(r->pattern, r->address, FNM_CASEFOLD) == 0, r->matches);
  free(address);
  glob_free(&g);
}

typedef struct {
  char const *name, *pattern, *literal; /* 0: not one */
} literal_row;

static literal_row const literals[] = {
    {"an address is literal", "ann@example.org", "ann@example.org"},
    {"a literal is lower-cased", "Ann@Example.org", "ann@example.org"},
    {"escapes are removed from a literal", "\\*\\A@x", "*a@x"},
    {"nothing is literal", "", ""},
    {"a bracket never closed is literal", "#@[]", "#@[]"},
    {"a star is not literal", "ann@*", 0},
    {"a question mark is not literal", "ann@?", 0},
    {"a bracket is not literal", "[a]", 0},
    {"a backslash at the end is not literal", "ann\\", 0},
};

static void check_literal(void **state)
{
  literal_row const *r = ROWS_ROW(literal_row, state);
  size_t len = strlen(r->pattern);
  char *in = rows_exact(r->pattern, len), *out = rows_exact(r->pattern, len);
  glob g;
  assert_int_equal(glob_compile(&g, (span){in, len}), 1);
  free(in);
  assert_int_equal(glob_literal(out, &g), r->literal != 0);
  if (r->literal)
    assert_true(span_equal((span){out, g.len}, span_of(r->literal)));
  glob_free(&g);
  free(out);
}

static uint64_t random_state;

static unsigned draw(unsigned below)
{
  random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (unsigned)(random_state >> 33) % below;
}

static void draw_text(char *out, unsigned most, char const *const *pieces, unsigned count)
{
  *out = 0;
  for (unsigned n = draw(most + 1); n; n--)
    strcat(out, pieces[draw(count)]);
}

/* POSIX leaves a '[' inside brackets open, except in classes; the pieces keep to what it does not leave open.
 */
static void agrees_with_fnmatch(void **state)
{
  (void)state;
  static char const *const pieces[] = {"a",
                                       "B",
                                       "b",
                                       "]",
                                       "-",
                                       "*",
                                       "*",
                                       "?",
                                       "[ab]",
                                       "[!",
                                       "[^",
                                       "\\",
                                       "[a-b]",
                                       "[^]a]",
                                       "[]",
                                       "[[:digit:]]",
                                       "[![:alpha:]_]",
                                       "@"};
  static char const *const letters[] = {"a", "A", "b", "B", "]", "-", "[", "1", "@", "\\", "*", "\xe4"};
  char const *given = getenv("TEST_SEED");
  uint64_t seed = given ? strtoull(given, 0, 10) : (uint64_t)time(0);
  random_state = seed;
  for (int i = 0; i < 200000; i++) {
    char in[256], address[64];
    glob g;
    draw_text(in, 7, pieces, sizeof pieces / sizeof *pieces);
    if (*in && in[strlen(in) - 1] == '-')
      continue;
    draw_text(address, 7, letters, sizeof letters / sizeof *letters);
    assert_int_equal(glob_compile(&g, span_of(in)), 1);
    if (glob_match(&g, span_of(address)) != !fnmatch(in, address, FNM_CASEFOLD))
      fail_msg("TEST_SEED=%llu: pattern %s, address %s", (unsigned long long)seed, in, address);
    glob_free(&g);
  }
}

static void every_byte(void **state)
{
  (void)state;
  static char const *const patterns[] = {"[!a]",        "[a-c]",       "[\x01-\x1f]",
                                         "[\xe0-\xff]", "[[:cntrl:]]", "[^\x01\xff]"};
  for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
    glob g;
    assert_int_equal(glob_compile(&g, span_of(patterns[i])), 1);
    for (int c = 1; c < 256; c++) {
      char address[] = {(char)c, 0};
      assert_int_equal(glob_match(&g, (span){address, 1}), !fnmatch(patterns[i], address, FNM_CASEFOLD));
    }
    glob_free(&g);
  }
}

static void never_exponential(void **state)
{
  (void)state;
  char in[2 * 500 + 2] = "", *address = malloc(8192);
  glob g;
  for (int i = 0; i < 500; i++)
    strcat(in, "*a");
  strcat(in, "b");
  memset(address, 'a', 8192);
  assert_int_equal(glob_compile(&g, span_of(in)), 1);
  assert_int_equal(glob_match(&g, (span){address, 8192}), 0);
  glob_free(&g);
  free(address);
}

/* Each of 64 KiB: in quadratic time some seconds, in cubic time days. */
static void never_quadratic(void **state)
{
  static char const *const units[] = {"[", "[.", "[=", "[:", "[:a", "[[.]", "[!"};
  static char in[65535];
  (void)state;
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    size_t len = 0, unit = strlen(units[i]);
    glob g;
    for (; len + unit <= sizeof in; len += unit)
      memcpy(in + len, units[i], unit);
    for (int times = 0; times < 2; times++) {
      assert_int_equal(glob_compile(&g, (span){in, len}), 1);
      glob_free(&g);
    }
  }
}

static void nul_bytes(void **state)
{
  (void)state;
  static row_of_glob const nul[] = {
      {"", "a?b", 0, 1}, {"", "a*b", 0, 1}, {"", "a[!x]b", 0, 1}, {"", "a[x]b", 0, 0}};
  for (size_t i = 0; i < sizeof nul / sizeof *nul; i++) {
    glob g;
    assert_int_equal(glob_compile(&g, span_of(nul[i].pattern)), 1);
    assert_int_equal(glob_match(&g, (span){"a\0b", 3}), nul[i].matches);
    glob_free(&g);
  }
}

int main(void)
{
  static rows_list list;

  ROWS_ADD(&list, rows_of_pattern, check_of_pattern);
  rows_one(&list, "a in has at most 200 bytes, of any kind", longest);
  ROWS_ADD(&list, rows_of_finder, check_of_finder);
  ROWS_ADD(&list, longs, check_long);
  rows_one(&list, "no place that matches is left out", nothing_is_skipped);
  ROWS_ADD(&list, rows_of_glob, check_of_glob);
  ROWS_ADD(&list, literals, check_literal);
  rows_one(&list, "patterns mean what fnmatch(3) says", agrees_with_fnmatch);
  rows_one(&list, "a bracket means what fnmatch(3) says of every byte", every_byte);
  rows_one(&list, "many stars are not exponential", never_exponential);
  rows_one(&list, "brackets that are never closed are compiled in linear time", never_quadratic);
  rows_one(&list, "a NUL byte matches '*', '?' and negated brackets only", nul_bytes);
  return rows_run(&list, "pattern");
}
