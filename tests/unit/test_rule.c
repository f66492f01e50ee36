#include "rows.h"

#include "main/words.h"
#include "rule/rule.h"

#define DAY (INT64_C(86400) * 1000000000)

static char const text200[] =
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

typedef struct {
  char const *name, *directive, *canonical;
} good_row;

static good_row const good[] = {
    {"COUNT and KEY have defaults", "10/30m", "10/30m/msg/sender"},
    {"KEY has a default", "10/30m/remote", "10/30m/remote/sender"},
    {"the limit may be 0", "0/1h", "0/1h/msg/sender"},
    {"leading zeros go", "0010:005/007s", "10:5/7s/msg/sender"},
    {"k is a thousand", "2k/1h", "2000/1h/msg/sender"},
    {"M is a million", "2M/1h", "2000000/1h/msg/sender"},
    {"G is a billion", "2G/1h", "2000000000/1h/msg/sender"},
    {"the limit may be 2^64-1", "18446744073709551615/1h", "18446744073709551615/1h/msg/sender"},
    {"the largest limit in k", "18446744073709551k/1h", "18446744073709551000/1h/msg/sender"},
    {"CLEAR is shown where it differs", "100:50/1h", "100:50/1h/msg/sender"},
    {"CLEAR is left out where it is LIMIT", "1k:1000/1h", "1000/1h/msg/sender"},
    {"CLEAR may be 0", "100:0/1h", "100:0/1h/msg/sender"},
    {"CLEAR has suffixes", "2M:1k/1h", "2000000:1000/1h/msg/sender"},
    {"a plain period is seconds", "1/90", "1/90s/msg/sender"},
    {"60 seconds are a minute", "1/60", "1/1m/msg/sender"},
    {"60 minutes are an hour", "1/60m", "1/1h/msg/sender"},
    {"90 minutes stay minutes", "1/90m", "1/90m/msg/sender"},
    {"24 hours are a day", "1/24h", "1/1d/msg/sender"},
    {"a week is shown in days", "1/1w", "1/7d/msg/sender"},
    {"one second is the least", "1/1s", "1/1s/msg/sender"},
    {"400 days are the most", "1/400d", "1/400d/msg/sender"},
    {"400 days in seconds", "1/34560000", "1/400d/msg/sender"},
    {"400 days less a second", "1/34559999s", "1/34559999s/msg/sender"},
    {"57 weeks are 399 days", "1/57w", "1/399d/msg/sender"},
    {"count msg", "1/1s/msg/all", "1/1s/msg/all"},
    {"count remote", "1/1s/remote/domain", "1/1s/remote/domain"},
    {"count rcpt", "1/1s/rcpt/uid", "1/1s/rcpt/uid"},
    {"count byte", "1/1s/byte/sender", "1/1s/byte/sender"},
    {"count fail", "1/1s/fail", "1/1s/fail/sender"},
    {"count defer", "1/1s/defer", "1/1s/defer/sender"},
    {"count bounce", "1/1s/bounce", "1/1s/bounce/sender"},
    {"count to", "1/1s/to", "1/1s/to/sender"},
    {"count host", "1/1s/host/uid", "1/1s/host/uid"},
    {"count from", "1/1s/from/domain", "1/1s/from/domain"},
    {"different values have a limit of at most 65535", "65535/1s/to", "65535/1s/to/sender"},
    {"two different words have one too", "65535/1s/line/{}:{}", "65535/1s/line/{}:{}"},
    {"one word has none", "65536/1s/line/{}:", "65536/1s/line/{}:"},
    {"count line", "1/1s/line/authuser=", "1/1s/line/authuser="},
    {"the pattern of a line rule may contain '/'", "1/1s/line/a/b/", "1/1s/line/a/b/"},
    {"the pattern of a line rule may be '/'", "1/1s/line//", "1/1s/line//"},
    {"the pattern of a line rule keeps its blanks", "1/1s/line/ to ", "1/1s/line/ to "},
    {"the pattern of a line rule may look like a key", "1/1s/line/sender", "1/1s/line/sender"},
    {"the pattern of a line rule keeps its capitals", "1/1s/line/From", "1/1s/line/From"},
};

static void check_good(void **state)
{
  good_row const *r = ROWS_ROW(good_row, state);
  size_t len = strlen(r->directive), n;
  char *in = rows_exact(r->directive, len), out[RULE_FMT];
  rule parsed, again;
  rule_error e;
  assert_int_equal(rule_parse(&parsed, (span){in, len}, &e), 1);
  n = rule_fmt(out, &parsed);
  assert_true(span_equal((span){out, n}, span_of(r->canonical)));
  assert_int_equal(rule_parse(&again, (span){out, n}, &e), 1);
  assert_true(rule_equal(&parsed, &again));
  free(in);
}

typedef struct {
  char const *name, *directive;
  rule_problem problem;
  char const *words;
} bad_row;

#define COUNTS "(msg, remote, rcpt, byte, fail, defer, bounce, to, host, from or line)"
#define KEYS "(sender, domain, uid or all)"
#define FROM "different senders need another key than sender (from/domain, from/uid or from/all)"
#define KEYS_TEXT "(sender, domain, uid or all; a pattern only behind line/)"

static bad_row const bad[] = {
    {"nothing at all", "", RULE_LIMIT_EMPTY, "no number in front, where the limit stands (as 10 in 10/30m)"},
    {"no limit", "/30m", RULE_LIMIT_EMPTY, "no number in front, where the limit stands (as 10 in 10/30m)"},
    {"a negative limit", "-1/30m", RULE_LIMIT_EMPTY,
     "no number in front, where the limit stands (as 10 in 10/30m)"},
    {"only a clear value", ":5/30m", RULE_LIMIT_EMPTY,
     "no number in front, where the limit stands (as 10 in 10/30m)"},
    {"an unknown suffix", "10x/30m", RULE_LIMIT_SUFFIX, "unknown suffix 'x' in the limit (k, M or G)"},
    {"a capital K", "10K/30m", RULE_LIMIT_SUFFIX, "unknown suffix 'K' in the limit (k, M or G)"},
    {"a small m", "10m/30m", RULE_LIMIT_SUFFIX, "unknown suffix 'm' in the limit (k, M or G)"},
    {"two suffixes", "10kk/30m", RULE_LIMIT_SUFFIX, "unknown suffix 'kk' in the limit (k, M or G)"},
    {"a fraction", "1.5k/30m", RULE_LIMIT_SUFFIX, "unknown suffix '.5k' in the limit (k, M or G)"},
    {"a blank", "10 /30m", RULE_LIMIT_SUFFIX, "unknown suffix '_' in the limit (k, M or G)"},
    {"a range", "5-10/30m", RULE_LIMIT_SUFFIX, "unknown suffix '-10' in the limit (k, M or G)"},
    {"a word for a rule", "10", RULE_PERIOD_MISSING,
     "no '/' and period behind the limit (as /30m in 10/30m)"},
    {"a limit of 2^64", "18446744073709551616/30m", RULE_LIMIT_LARGE,
     "the limit 18446744073709551616 is too large (at most 18446744073709551615)"},
    {"a limit of 2^64 by its suffix", "18446744073709552k/30m", RULE_LIMIT_LARGE,
     "the limit 18446744073709552k is too large (at most 18446744073709551615)"},
    {"a limit of many digits is cut", "123456789012345678901234567890123456789012345/1m", RULE_LIMIT_LARGE,
     "the limit 1234567890123456789012345678901234567... is too large (at most 18446744073709551615)"},
    {"no clear value", "10:/30m", RULE_CLEAR_EMPTY,
     "no number behind the ':' of the limit (as 5 in 10:5/30m)"},
    {"two colons", "10::5/30m", RULE_CLEAR_EMPTY, "no number behind the ':' of the limit (as 5 in 10:5/30m)"},
    {"a negative clear value", "10:-5/30m", RULE_CLEAR_EMPTY,
     "no number behind the ':' of the limit (as 5 in 10:5/30m)"},
    {"an unknown suffix of the clear value", "10:5x/30m", RULE_CLEAR_SUFFIX,
     "unknown suffix 'x' behind the ':' of the limit (k, M or G)"},
    {"a second clear value", "10:5:2/30m", RULE_CLEAR_SUFFIX,
     "unknown suffix ':2' behind the ':' of the limit (k, M or G)"},
    {"a clear value of 2^64", "10:18446744073709551616/30m", RULE_CLEAR_LARGE,
     "the number 18446744073709551616 behind the ':' of the limit is too large (at most the limit)"},
    {"a clear value above the limit", "10:11/30m", RULE_CLEAR_ABOVE,
     "the number 11 behind the ':' is above the limit (at most the limit)"},
    {"a clear value above the limit by its suffix", "10:1k/30m", RULE_CLEAR_ABOVE,
     "the number 1k behind the ':' is above the limit (at most the limit)"},
    {"a limit with its clear value only", "10:5", RULE_PERIOD_MISSING,
     "no '/' and period behind the limit (as /30m in 10/30m)"},
    {"a limit that different recipients cannot reach", "65536/30m/to", RULE_LIMIT_VALUES,
     "the limit 65536 is too large for different values (at most 65535)"},
    {"a limit that different domains cannot reach", "1M:5/30m/host/all", RULE_LIMIT_VALUES,
     "the limit 1M is too large for different values (at most 65535)"},
    {"a limit that different senders cannot reach", "66k:66k/30m/from/uid", RULE_LIMIT_VALUES,
     "the limit 66k is too large for different values (at most 65535)"},
    {"a limit that different words cannot reach", "65536/30m/line/{} {}", RULE_LIMIT_VALUES,
     "the limit 65536 is too large for different values (at most 65535)"},
    {"a clear value that different recipients cannot reach", "100:65536/30m/to", RULE_CLEAR_ABOVE,
     "the number 65536 behind the ':' is above the limit (at most the limit)"},
    {"different senders of one sender", "10/30m/from/sender", RULE_KEY_FROM, FROM},
    {"different senders of nobody", "10/30m/from", RULE_KEY_FROM, FROM},
    {"different senders of nothing", "10/30m/from/", RULE_KEY_EMPTY, "no key behind the last '/' " KEYS},
    {"no period", "10/", RULE_PERIOD_EMPTY, "no number in the period (as 30 in 10/30m)"},
    {"a period without a number", "10/m", RULE_PERIOD_EMPTY, "no number in the period (as 30 in 10/30m)"},
    {"no period before the count", "10//msg", RULE_PERIOD_EMPTY, "no number in the period (as 30 in 10/30m)"},
    {"a negative period", "10/-1s", RULE_PERIOD_EMPTY, "no number in the period (as 30 in 10/30m)"},
    {"an unknown unit", "10/30x", RULE_PERIOD_UNIT, "unknown unit 'x' in the period (s, m, h, d or w)"},
    {"a unit in capitals", "10/30M", RULE_PERIOD_UNIT, "unknown unit 'M' in the period (s, m, h, d or w)"},
    {"a unit in words", "10/30min", RULE_PERIOD_UNIT, "unknown unit 'min' in the period (s, m, h, d or w)"},
    {"a period of two units", "10/1h30m", RULE_PERIOD_UNIT,
     "unknown unit 'h30m' in the period (s, m, h, d or w)"},
    {"a unit of bytes from outside", "10/30\x1b[1m", RULE_PERIOD_UNIT,
     "unknown unit '_[1m' in the period (s, m, h, d or w)"},
    {"a unit of letters above ASCII", "10/30\xc2\xb5", RULE_PERIOD_UNIT,
     "unknown unit '__' in the period (s, m, h, d or w)"},
    {"a period of 0", "10/0", RULE_PERIOD_ZERO, "the period 0 is too short (at least 1s)"},
    {"a period of 0 days", "10/0d", RULE_PERIOD_ZERO, "the period 0d is too short (at least 1s)"},
    {"a period of 401 days", "10/401d", RULE_PERIOD_LONG, "the period 401d is too long (at most 400d)"},
    {"a period of 400 days and a second", "10/34560001", RULE_PERIOD_LONG,
     "the period 34560001 is too long (at most 400d)"},
    {"a period of 58 weeks", "10/58w", RULE_PERIOD_LONG, "the period 58w is too long (at most 400d)"},
    {"a period that overflows by its unit", "10/18446744073709551615w", RULE_PERIOD_LONG,
     "the period 18446744073709551615w is too long (at most 400d)"},
    {"a period of 2^64", "10/18446744073709551616", RULE_PERIOD_LONG,
     "the period 18446744073709551616 is too long (at most 400d)"},
    {"no count", "10/30m/", RULE_COUNT_EMPTY, "nothing to count behind the period and its '/' " COUNTS},
    {"no count before the key", "10/30m//all", RULE_COUNT_EMPTY,
     "nothing to count behind the period and its '/' " COUNTS},
    {"an unknown count", "10/30m/mails", RULE_COUNT_UNKNOWN, "cannot count 'mails' " COUNTS},
    {"half a count", "10/30m/ms", RULE_COUNT_UNKNOWN, "cannot count 'ms' " COUNTS},
    {"a count in capitals", "10/30m/MSG", RULE_COUNT_UNKNOWN, "cannot count 'MSG' " COUNTS},
    {"a key for a count", "10/30m/sender", RULE_COUNT_UNKNOWN, "cannot count 'sender' " COUNTS},
    {"no key", "10/30m/msg/", RULE_KEY_EMPTY, "no key behind the last '/' " KEYS},
    {"an unknown key", "10/30m/msg/user", RULE_KEY_UNKNOWN, "unknown key 'user' " KEYS_TEXT},
    {"a key in capitals", "10/30m/msg/ALL", RULE_KEY_UNKNOWN, "unknown key 'ALL' " KEYS_TEXT},
    {"a pattern for another count than line", "10/30m/msg/authuser=", RULE_KEY_UNKNOWN,
     "unknown key 'authuser=' " KEYS_TEXT},
    {"a key with a blank behind it", "10/30m/msg/all ", RULE_KEY_UNKNOWN, "unknown key 'all_' " KEYS_TEXT},
    {"something behind the key", "10/30m/msg/sender/x", RULE_EXTRA,
     "'/x' behind the key (nothing follows the key)"},
    {"a '/' behind the key", "10/30m/msg/sender/", RULE_EXTRA,
     "'/' behind the key (nothing follows the key)"},
    {"a line rule without its pattern", "10/30m/line", RULE_TEXT_MISSING,
     "no pattern behind line (line/PATTERN, 1 to 200 bytes)"},
    {"a line rule with an empty pattern", "10/30m/line/", RULE_TEXT_MISSING,
     "no pattern behind line (line/PATTERN, 1 to 200 bytes)"},
    {"a line rule with a newline", "10/30m/line/a\nb", RULE_TEXT_NEWLINE,
     "a newline in the pattern behind line/ (a line contains none)"},
    {"a line rule with a third word", "10/30m/line/{} {} {}", RULE_TEXT_THIRD,
     "a third {} in the pattern (at most two)"},
    {"a line rule with two words that touch", "10/30m/line/{}*{}", RULE_TEXT_TOUCH,
     "no text between the two {} of the pattern (as in {} from {})"},
};

static void check_bad(void **state)
{
  bad_row const *r = ROWS_ROW(bad_row, state);
  size_t len = strlen(r->directive);
  char *in = rows_exact(r->directive, len), out[WORDS_MAX];
  rule parsed;
  rule_error e;
  assert_int_equal(rule_parse(&parsed, (span){in, len}, &e), 0);
  assert_int_equal(e.problem, r->problem);
  assert_true(e.at.s >= in && e.at.s + e.at.len <= in + len);
  assert_int_equal(words_rule(out, sizeof out, &e), strlen(r->words));
  assert_string_equal(out, r->words);
  free(in);
}

static void fields(void **state)
{
  (void)state;
  rule r;
  rule_error e;
  assert_true(rule_parse(&r, span_of("2k:10/2d/remote/domain"), &e));
  assert_true(r.limit == 2000 && r.clear == 10 && r.period == 2 * DAY);
  assert_true(r.count == COUNT_REMOTE && r.key == KEY_DOMAIN && !r.text.len);
  assert_true(rule_parse(&r, span_of("1/400d/line/x y"), &e));
  assert_true(r.period == 400 * DAY && r.count == COUNT_LINE && r.key == KEY_TEXT);
  assert_true(span_equal(r.text, span_of("x y")));
}

static void long_patterns(void **state)
{
  (void)state;
  char directive[RULE_FMT] = "18446744073709551615:18446744073709551614/34559999/line/", out[RULE_FMT],
       words[WORDS_MAX];
  rule r;
  rule_error e;
  strcat(directive, text200);
  assert_true(rule_parse(&r, span_of(directive), &e));
  assert_true(rule_fmt(out, &r) == strlen(directive) + 1);
  strcat(directive, "c");
  assert_false(rule_parse(&r, span_of(directive), &e));
  assert_int_equal(e.problem, RULE_TEXT_LONG);
  words_rule(words, sizeof words, &e);
  assert_string_equal(words, "the pattern behind line/ is too long (1 to 200 bytes)");
}

typedef struct {
  char const *name, *a, *b;
  int equal;
} pair_row;

static pair_row const pairs[] = {
    {"two spellings are one rule", "1k/60m", "1000:1000/1h/msg/sender", 1},
    {"another limit is another rule", "1/1h", "2:1/1h", 0},
    {"another clear value is another rule", "2/1h", "2:1/1h", 0},
    {"another period is another rule", "1/1h", "1/2h", 0},
    {"another count is another rule", "1/1h/remote", "1/1h/rcpt", 0},
    {"another key is another rule", "1/1h/msg/uid", "1/1h/msg/all", 0},
    {"the same pattern is the same rule", "1/1h/line/ab", "1/60m/line/ab", 1},
    {"another pattern is another rule", "1/1h/line/ab", "1/1h/line/ac", 0},
    {"a longer pattern is another rule", "1/1h/line/ab", "1/1h/line/abc", 0},
};

static void check_pair(void **state)
{
  pair_row const *p = ROWS_ROW(pair_row, state);
  rule a, b;
  rule_error e;
  assert_true(rule_parse(&a, span_of(p->a), &e) && rule_parse(&b, span_of(p->b), &e));
  assert_int_equal(rule_equal(&a, &b), p->equal);
}

int main(void)
{
  static rows_list list;
  ROWS_ADD(&list, good, check_good);
  ROWS_ADD(&list, bad, check_bad);
  ROWS_ADD(&list, pairs, check_pair);
  rows_one(&list, "every field of a rule is read", fields);
  rows_one(&list, "a pattern has at most 200 bytes, and the longest rule fits RULE_FMT", long_patterns);
  return rows_run(&list, "rule");
}
