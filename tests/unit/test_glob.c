#include "rows.h"

#include <fnmatch.h>
#include <stdio.h>
#include <time.h>
#include "rule/glob.h"

typedef struct {
  char const *name, *pattern, *address;
  int matches;
} row;

static row const rows[] = {
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
    {"a colon behind a letter begins no class", "[x:a:]c]", "xc]", 1},
    {"a class whose name is no letter is none, at its start too", "[[:.:]", "[.", 0},
    {"a mark between its own marks is no class", "[[==]]", "=]", 1},
    {"a class that is begun does not end with the bracket", "[[.-b]", "[a", 0},
    {"a mark may be named by its own class", "[[.:.]", "[.", 1},
    {"a negated bracket", "[!a]", "b", 1},
    {"a negated bracket excludes", "[!a]", "a", 0},
    {"a negated bracket ignores case", "[!a]", "A", 0},
    {"a bracket negated with '^'", "[^a]", "b", 1},
    {"a leading ']' is itself", "[]a]", "]", 1},
    {"a leading ']' behind '!' is itself", "[!]a]", "]", 0},
    {"a '-' at the end is itself", "[a-]", "-", 1},
    {"a bracket never closed is itself", "[ab", "[ab", 1},
    {"what follows a bracket never closed is still a pattern", "[*b", "[xxb", 1},
    {"an escaped star is itself", "a\\*", "a*", 1},
    {"an escaped star is no star", "a\\*", "ab", 0},
    {"an escaped letter ignores case", "\\A", "a", 1},
    {"an escaped bracket is itself", "\\[a]", "[a]", 1},
    {"an escaped ']' does not close a bracket", "[a\\]b]", "]", 1},
    {"a backslash at the end matches nothing", "a\\", "a\\", 0},
    {"a backslash at the end does not match nothing either", "a\\", "a", 0},
    {"'#@[]' ends with a bracket that is never closed", "#@[]", "#@[]", 1},
};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  glob g;
  size_t len = strlen(r->pattern), n = strlen(r->address);
  char *pattern = rows_exact(r->pattern, len), *address = rows_exact(r->address, n);
  assert_int_equal(glob_compile(&g, (span){pattern, len}), 1);
  free(pattern);
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
  size_t len = strlen(r->pattern), got;
  char *pattern = rows_exact(r->pattern, len), *out = rows_exact(r->pattern, len);
  assert_int_equal(glob_literal(out, &got, (span){pattern, len}), r->literal != 0);
  if (r->literal)
    assert_true(span_equal((span){out, got}, span_of(r->literal)));
  free(pattern);
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
    char pattern[256], address[64];
    glob g;
    draw_text(pattern, 7, pieces, sizeof pieces / sizeof *pieces);
    if (*pattern && pattern[strlen(pattern) - 1] == '-')
      continue;
    draw_text(address, 7, letters, sizeof letters / sizeof *letters);
    assert_int_equal(glob_compile(&g, span_of(pattern)), 1);
    if (glob_match(&g, span_of(address)) != !fnmatch(pattern, address, FNM_CASEFOLD))
      fail_msg("TEST_SEED=%llu: pattern %s, address %s", (unsigned long long)seed, pattern, address);
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
  char pattern[2 * 500 + 2] = "", *address = malloc(8192);
  glob g;
  for (int i = 0; i < 500; i++)
    strcat(pattern, "*a");
  strcat(pattern, "b");
  memset(address, 'a', 8192);
  assert_int_equal(glob_compile(&g, span_of(pattern)), 1);
  assert_int_equal(glob_match(&g, (span){address, 8192}), 0);
  glob_free(&g);
  free(address);
}

static void nul_bytes(void **state)
{
  (void)state;
  static row const nul[] = {{"", "a?b", 0, 1}, {"", "a*b", 0, 1}, {"", "a[!x]b", 0, 1}, {"", "a[x]b", 0, 0}};
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
  ROWS_ADD(&list, rows, check);
  ROWS_ADD(&list, literals, check_literal);
  rows_one(&list, "patterns mean what fnmatch(3) says", agrees_with_fnmatch);
  rows_one(&list, "a bracket means what fnmatch(3) says of every byte", every_byte);
  rows_one(&list, "many stars are not exponential", never_exponential);
  rows_one(&list, "a NUL byte matches '*', '?' and negated brackets only", nul_bytes);
  return rows_run(&list, "glob");
}
