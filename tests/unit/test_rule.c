#include "rows.h"

#include "main/words.h"
#include "rule/rule.h"
#include "rule/script.h"
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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
} bad_row_of_rule;

#define COUNTS "(msg, remote, rcpt, byte, fail, defer, bounce, to, host, from or line)"
#define KEYS "(sender, domain, uid or all)"
#define FROM "different senders need another key than sender (from/domain, from/uid or from/all)"
#define KEYS_TEXT "(sender, domain, uid or all; a pattern only after line/)"

static bad_row_of_rule const bad_of_rule[] = {
    {"nothing at all", "", RULE_LIMIT_EMPTY, "no limit at the beginning (as 10 in 10/30m)"},
    {"no limit", "/30m", RULE_LIMIT_EMPTY, "no limit at the beginning (as 10 in 10/30m)"},
    {"a negative limit", "-1/30m", RULE_LIMIT_EMPTY, "no limit at the beginning (as 10 in 10/30m)"},
    {"only a clear value", ":5/30m", RULE_LIMIT_EMPTY, "no limit at the beginning (as 10 in 10/30m)"},
    {"an unknown suffix", "10x/30m", RULE_LIMIT_SUFFIX, "unknown suffix 'x' in the limit (k, M or G)"},
    {"a capital K", "10K/30m", RULE_LIMIT_SUFFIX, "unknown suffix 'K' in the limit (k, M or G)"},
    {"a small m", "10m/30m", RULE_LIMIT_SUFFIX, "unknown suffix 'm' in the limit (k, M or G)"},
    {"two suffixes", "10kk/30m", RULE_LIMIT_SUFFIX, "unknown suffix 'kk' in the limit (k, M or G)"},
    {"a fraction", "1.5k/30m", RULE_LIMIT_SUFFIX, "unknown suffix '.5k' in the limit (k, M or G)"},
    {"a blank", "10 /30m", RULE_LIMIT_SUFFIX, "unknown suffix '_' in the limit (k, M or G)"},
    {"a range", "5-10/30m", RULE_LIMIT_SUFFIX, "unknown suffix '-10' in the limit (k, M or G)"},
    {"a word for a rule", "10", RULE_PERIOD_MISSING, "no '/' and period after the limit (as /30m in 10/30m)"},
    {"a limit of 2^64", "18446744073709551616/30m", RULE_LIMIT_LARGE,
     "the limit 18446744073709551616 is too large (at most 18446744073709551615)"},
    {"a limit of 2^64 by its suffix", "18446744073709552k/30m", RULE_LIMIT_LARGE,
     "the limit 18446744073709552k is too large (at most 18446744073709551615)"},
    {"a limit of many digits is cut", "123456789012345678901234567890123456789012345/1m", RULE_LIMIT_LARGE,
     "the limit 1234567890123456789012345678901234567... is too large (at most 18446744073709551615)"},
    {"no clear value", "10:/30m", RULE_CLEAR_EMPTY,
     "no number after the ':' of the limit (as 5 in 10:5/30m)"},
    {"two colons", "10::5/30m", RULE_CLEAR_EMPTY, "no number after the ':' of the limit (as 5 in 10:5/30m)"},
    {"a negative clear value", "10:-5/30m", RULE_CLEAR_EMPTY,
     "no number after the ':' of the limit (as 5 in 10:5/30m)"},
    {"an unknown suffix of the clear value", "10:5x/30m", RULE_CLEAR_SUFFIX,
     "unknown suffix 'x' after the ':' of the limit (k, M or G)"},
    {"a second clear value", "10:5:2/30m", RULE_CLEAR_SUFFIX,
     "unknown suffix ':2' after the ':' of the limit (k, M or G)"},
    {"a clear value of 2^64", "10:18446744073709551616/30m", RULE_CLEAR_LARGE,
     "the number 18446744073709551616 after the ':' of the limit is too large (at most the limit)"},
    {"a clear value above the limit", "10:11/30m", RULE_CLEAR_ABOVE,
     "the number 11 after the ':' is above the limit (at most the limit)"},
    {"a clear value above the limit by its suffix", "10:1k/30m", RULE_CLEAR_ABOVE,
     "the number 1k after the ':' is above the limit (at most the limit)"},
    {"a limit with its clear value only", "10:5", RULE_PERIOD_MISSING,
     "no '/' and period after the limit (as /30m in 10/30m)"},
    {"a limit that different recipients cannot reach", "65536/30m/to", RULE_LIMIT_VALUES,
     "the limit 65536 is too large for different values (at most 65535)"},
    {"a limit that different domains cannot reach", "1M:5/30m/host/all", RULE_LIMIT_VALUES,
     "the limit 1M is too large for different values (at most 65535)"},
    {"a limit that different senders cannot reach", "66k:66k/30m/from/uid", RULE_LIMIT_VALUES,
     "the limit 66k is too large for different values (at most 65535)"},
    {"a limit that different words cannot reach", "65536/30m/line/{} {}", RULE_LIMIT_VALUES,
     "the limit 65536 is too large for different values (at most 65535)"},
    {"a clear value that different recipients cannot reach", "100:65536/30m/to", RULE_CLEAR_ABOVE,
     "the number 65536 after the ':' is above the limit (at most the limit)"},
    {"different senders of one sender", "10/30m/from/sender", RULE_KEY_FROM, FROM},
    {"different senders of nobody", "10/30m/from", RULE_KEY_FROM, FROM},
    {"different senders of nothing", "10/30m/from/", RULE_KEY_EMPTY, "no key after the last '/' " KEYS},
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
    {"no count", "10/30m/", RULE_COUNT_EMPTY, "nothing to count after the period and its '/' " COUNTS},
    {"no count before the key", "10/30m//all", RULE_COUNT_EMPTY,
     "nothing to count after the period and its '/' " COUNTS},
    {"an unknown count", "10/30m/mails", RULE_COUNT_UNKNOWN, "cannot count 'mails' " COUNTS},
    {"half a count", "10/30m/ms", RULE_COUNT_UNKNOWN, "cannot count 'ms' " COUNTS},
    {"a count in capitals", "10/30m/MSG", RULE_COUNT_UNKNOWN, "cannot count 'MSG' " COUNTS},
    {"a key for a count", "10/30m/sender", RULE_COUNT_UNKNOWN, "cannot count 'sender' " COUNTS},
    {"no key", "10/30m/msg/", RULE_KEY_EMPTY, "no key after the last '/' " KEYS},
    {"an unknown key", "10/30m/msg/user", RULE_KEY_UNKNOWN, "unknown key 'user' " KEYS_TEXT},
    {"a key in capitals", "10/30m/msg/ALL", RULE_KEY_UNKNOWN, "unknown key 'ALL' " KEYS_TEXT},
    {"a pattern for another count than line", "10/30m/msg/authuser=", RULE_KEY_UNKNOWN,
     "unknown key 'authuser=' " KEYS_TEXT},
    {"a key with a blank after it", "10/30m/msg/all ", RULE_KEY_UNKNOWN, "unknown key 'all_' " KEYS_TEXT},
    {"something after the key", "10/30m/msg/sender/x", RULE_EXTRA,
     "'/x' after the key (nothing follows the key)"},
    {"a '/' after the key", "10/30m/msg/sender/", RULE_EXTRA, "'/' after the key (nothing follows the key)"},
    {"a line rule without its pattern", "10/30m/line", RULE_TEXT_MISSING,
     "no pattern after line (line/PATTERN, 1 to 200 bytes)"},
    {"a line rule with an empty pattern", "10/30m/line/", RULE_TEXT_MISSING,
     "no pattern after line (line/PATTERN, 1 to 200 bytes)"},
    {"a line rule with a newline", "10/30m/line/a\nb", RULE_TEXT_NEWLINE,
     "a newline in the pattern after line/ (a line contains none)"},
    {"a line rule with a third word", "10/30m/line/{} {} {}", RULE_TEXT_THIRD,
     "a third {} in the pattern (at most two)"},
    {"a line rule with two words that touch", "10/30m/line/{}*{}", RULE_TEXT_TOUCH,
     "no text between the two {} of the pattern (as in {} from {})"},
};

/* What is said of a bad rule after the rule itself. */
static void assert_said(rule_error const *e, char const *words)
{
  script_error whole = {.problem = SCRIPT_BAD_RULE, .directive = span_of("RULE"), .rule = *e};
  char out[WORDS_MAX];

  words_script(out, sizeof out, &whole);
  assert_string_equal(out + strlen("bad rule RULE: "), words);
}

static void check_bad_of_rule(void **state)
{
  bad_row_of_rule const *r = ROWS_ROW(bad_row_of_rule, state);
  size_t len = strlen(r->directive);
  char *in = rows_exact(r->directive, len);
  rule parsed;
  rule_error e;
  assert_int_equal(rule_parse(&parsed, (span){in, len}, &e), 0);
  assert_int_equal(e.problem, r->problem);
  assert_true(e.at.s >= in && e.at.s + e.at.len <= in + len);
  assert_said(&e, r->words);
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
  char directive[RULE_FMT] = "18446744073709551615:18446744073709551614/34559999/line/", out[RULE_FMT];
  rule r;
  rule_error e;
  strcat(directive, text200);
  assert_true(rule_parse(&r, span_of(directive), &e));
  assert_true(rule_fmt(out, &r) == strlen(directive) + 1);
  strcat(directive, "c");
  assert_false(rule_parse(&r, span_of(directive), &e));
  assert_int_equal(e.problem, RULE_TEXT_LONG);
  assert_said(&e, "the pattern after line/ is too long (1 to 200 bytes)");
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

/* Directives are separated by '|', because rows cannot hold lists of their own. */
typedef struct {
  char const *name, *directives, *sender;
  char const *applies;  /* one digit a rule */
  char const *deciders; /* one digit a rule; '-' for none */
} row;

static row const rows[] = {
    {"at the start every sender is selected", "1/1s", "ann@x", "1", "-"},
    {"a deselected sender is not counted", "-ann@x|1/1s", "ann@x", "0", "0"},
    {"others are", "-ann@x|1/1s", "bob@x", "1", "-"},
    {"a pattern applies to the rules after it only", "1/1s|-ann@x|2/1s", "ann@x", "10", "-1"},
    {"the last match before the rule decides", "-*|+ann@x|1/1s|-ann@x|2/1s", "ann@x", "10", "13"},
    {"the wildcard before it does not decide", "-ann@x|+*|1/1s", "ann@x", "1", "1"},
    {"the same address twice: the later one decides", "-ann@x|+ann@x|1/1s", "ann@x", "1", "1"},
    {"and each rule has its own", "-ann@x|1/1s|+ann@x|2/1s|-ann@x|3/1s", "ann@x", "010", "024"},
    {"a rule between wildcards", "-*@x|1/1s|+a*|2/1s|-*z|3/1s", "ann@x", "011", "022"},
    {"several rules share a decision", "-*|1/1s|2/1s|3/1s", "ann@x", "000", "000"},
    {"plus without a minus before it changes nothing", "+ann@x|1/1s", "ann@x", "1", "0"},
    {"a newsletter with its own limit",
     "-news@example.org|200/1h/remote|-*|+news@example.org|20000/1d/remote", "news@example.org", "01", "03"},
    {"and everybody else", "-news@example.org|200/1h/remote|-*|+news@example.org|20000/1d/remote",
     "ann@example.org", "10", "-2"},
    {"a lone minus deselects the null sender", "-|1/1s", "", "0", "0"},
    {"and nobody else", "-|1/1s", "ann@x", "1", "-"},
    {"a lone plus selects the null sender", "-*|+|1/1s", "", "1", "1"},
    {"a star matches the null sender", "-*|1/1s", "", "0", "0"},
    {"the double bounce sender is matched as it stands", "-#@[[]]|1/1s|+#@[]|2/1s", "#@[]", "01", "02"},
    {"capitals in a literal do not matter", "-Ann@X|1/1s", "ann@x", "0", "0"},
    {"capitals in the sender do not matter", "-ann@x|1/1s", "ANN@X", "0", "0"},
    {"capitals in a wildcard do not matter", "-*@X|1/1s", "ann@x", "0", "0"},
    {"an escaped literal", "-a\\*@x|1/1s", "a*@x", "0", "0"},
    {"the whole address must match", "-ann|1/1s", "ann@x", "1", "-"},
    {"a line rule has words in the place of senders", "-Ann|1/1s/line/a|+*|2/1s/line/a", "ann", "01", "02"},
    {"a pattern of dashes is a pattern", "---|1/1s", "--", "0", "0"},
    {"only the first sign is the sign", "-+a|1/1s", "+a", "0", "0"},
};

static void add_all(script *s, char const *directives)
{
  char *copy = strdup(directives), *rest = copy, *one;
  script_error e;
  while ((one = strsep(&rest, "|")))
    assert_int_equal(script_add(s, one, &e), 1);
  free(copy);
}

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  script s = {0};
  unsigned char *bits = malloc(1);
  char *sender = rows_exact(r->sender, strlen(r->sender));
  span folded = {sender, strlen(r->sender)};
  add_all(&s, r->directives);
  assert_int_equal(script_len(&s), strlen(r->applies));
  script_select(&s, folded, 0, bits);
  for (size_t i = 0; r->applies[i]; i++) {
    size_t decider = script_decider(&s, folded, i);
    assert_int_equal(*bits >> i & 1, r->applies[i] - '0');
    assert_int_equal(script_applies(&s, decider), r->applies[i] - '0');
    assert_true(r->deciders[i] == '-' ? decider == SCRIPT_NONE : decider == (size_t)(r->deciders[i] - '0'));
  }
  free(sender);
  free(bits);
  script_free(&s);
}

typedef struct {
  char const *name, *directive;
  script_problem problem;
} bad_row_of_script;

static bad_row_of_script const bad_of_script[] = {
    {"an empty word is no directive", "", SCRIPT_BAD_WORD},
    {"a word is no directive", "multilog", SCRIPT_BAD_WORD},
    {"a blank in front is no directive", " 10/30m", SCRIPT_BAD_WORD},
    {"'--' is no directive", "--", SCRIPT_BAD_DASHES},
    {"a wrong rule", "10/30x", SCRIPT_BAD_RULE},
    {"a user ID and two blanks", "-uid  5", SCRIPT_BAD_SELECTION},
    {"a user ID that is none", "-uid x", SCRIPT_BAD_SELECTION},
    {"a user ID with a sign", "+uid -1", SCRIPT_BAD_SELECTION},
    {"a user ID of 2^64", "+uid 18446744073709551616", SCRIPT_BAD_SELECTION},
    {"a user ID with something after it", "-uid 5 ", SCRIPT_BAD_SELECTION},
    {"no user ID", "-uid ", SCRIPT_BAD_SELECTION},
    {"capitals", "-UID 5", SCRIPT_BAD_SELECTION},
};

static void check_bad_of_script(void **state)
{
  bad_row_of_script const *r = ROWS_ROW(bad_row_of_script, state);
  script s = {0};
  script_error e;
  assert_true(script_add(&s, "-a@x", &e));
  assert_int_equal(script_add(&s, r->directive, &e), 0);
  assert_int_equal(e.problem, r->problem);
  assert_true(span_equal(e.directive, span_of(r->directive)));
  assert_true(!e.file && !e.line);
  assert_int_equal(script_directives(&s), 1);
  assert_int_equal(script_len(&s), 0);
  script_free(&s);
}

/* The same for messages that entered the queue under user ID 7; exceptions: what -t adds, by index. */
typedef struct {
  char const *name, *directives, *sender, *applies, *exceptions;
} uid_row;

static uid_row const uids[] = {
    {"a deselected user ID", "-uid 7|1/1s", "ann@x", "0", "0"},
    {"another user ID", "-uid 8|1/1s", "ann@x", "1", "0"},
    {"the largest one", "-uid 18446744073709551615|1/1s", "ann@x", "1", "0"},
    {"it applies to the rules after it only", "1/1s|-uid 7|2/1s", "ann@x", "10", "-1"},
    {"a sender after it decides", "-uid 7|+ann@x|1/1s", "ann@x", "1", "-"},
    {"a wildcard after it decides", "-uid 7|+*|1/1s", "ann@x", "1", "-"},
    {"it decides after a sender", "+ann@x|-uid 7|1/1s", "ann@x", "0", "1"},
    {"it decides after a wildcard", "+*|-uid 7|1/1s", "ann@x", "0", "1"},
    {"selected again", "-*|+uid 7|1/1s", "ann@x", "1", "1"},
    {"selected again by user ID", "-uid 7|+uid 7|1/1s", "ann@x", "1", "-"},
    {"the last one of a user ID decides", "-uid 7|-uid 8|+uid 7|1/1s", "ann@x", "1", "1"},
    {"the null sender's messages too", "-uid 7|1/1s", "", "0", "0"},
    {"each rule has its own", "-uid 7|1/1s|+uid 7|2/1s|-uid 7|3/1s", "ann@x", "010", "0-4"},
};

static void check_uid(void **state)
{
  uid_row const *r = ROWS_ROW(uid_row, state);
  script s = {0};
  unsigned char bits;
  add_all(&s, r->directives);
  script_select(&s, span_of(r->sender), 7, &bits);
  for (size_t i = 0; r->applies[i]; i++) {
    size_t decider = script_decider(&s, span_of(r->sender), i);
    size_t exception =
        script_exception(&s, i, decider == SCRIPT_NONE ? 0 : decider + 1, script_applies(&s, decider));
    assert_int_equal(bits >> i & 1, r->applies[i] - '0');
    assert_true(r->exceptions[i] == '-' ? exception == SCRIPT_NONE
                                        : exception == (size_t)(r->exceptions[i] - '0'));
  }
  script_free(&s);
}

/* As many as a file may have: in quadratic time each answer took ten seconds. */
static void many_uids(void **state)
{
  unsigned int const half = SCRIPT_PATTERNS / 2;
  script s = {0};
  unsigned char bits;
  script_error e;
  char text[32];
  (void)state;
  for (unsigned int i = 0; i < 2 * half - 1; i++) {
    snprintf(text, sizeof text, "%cuid %u", i < half ? '+' : '-', i % half);
    assert_int_equal(script_add(&s, text, &e), 1);
  }
  assert_int_equal(script_add(&s, "1/1s", &e), 1);
  for (unsigned int i = 0; i < 20; i++)
    assert_int_equal(script_exception(&s, 0, 0, 0), half - 1); /* the one without a -uid */
  for (unsigned int i = 0; i < 20000; i++) {
    script_select(&s, span_of("ann@x"), half - 1 - i % 2, &bits);
    assert_int_equal(bits, i % 2 == 0);
  }
  script_free(&s);
}

/* U useful, L too late, N nobody: for each directive. */
static row const effects[] = {
    {"a selection before a rule", "-a@x|1/1s", "UU", 0, 0},
    {"a selection after the last rule", "1/1s|-a@x|+*", "ULL", 0, 0},
    {"a user ID after the last rule", "1/1s|-uid 7", "UL", 0, 0},
    {"a user ID before line rules only", "-uid 7|1/1s|-uid 7|1/1s/line/a", "UULU", 0, 0},
    {"a tab in a pattern", "-a\tb@x|1/1s", "NU", 0, 0},
    {"a percent sign", "-a%b@x|1/1s", "NU", 0, 0},
    {"a byte above 126", "-\xc3\xa4@x|1/1s", "NU", 0, 0},
    {"... after a wildcard", "-*\xc3|1/1s", "NU", 0, 0},
    {"... in brackets", "-[\xc3\xa4]@x|1/1s", "NU", 0, 0},
    {"... beside another", "-[\xc3z]@x|1/1s", "UU", 0, 0},
    {"... a line rule's word may have it", "-a%b@x|1/1s|1/1s/line/a", "UUU", 0, 0},
    {"... but not if the line rule comes before it", "1/1s/line/a|-a%b@x|1/1s", "UNU", 0, 0},
    {"a wildcard needs nothing", "-*|-?|1/1s", "UUU", 0, 0},
    {"the null sender", "-|1/1s", "UU", 0, 0},
    {"a lone backslash at the end matches nothing", "-a\\|1/1s", "NU", 0, 0},
};

static void check_effect(void **state)
{
  row const *r = ROWS_ROW(row, state);
  script s = {0};
  add_all(&s, r->directives);
  for (size_t i = 0; r->sender[i]; i++) {
    selection_use use = script_selection_use(&s, i);
    assert_int_equal(use == SELECTION_LATE ? 'L' : use == SELECTION_NOBODY ? 'N' : 'U', r->sender[i]);
  }
  script_free(&s);
}

static void at_most_100000_selections(void **state)
{
  (void)state;
  script s = {0};
  script_error e;
  for (int i = 0; i < SCRIPT_PATTERNS; i++)
    assert_true(script_add(&s, i % 2 ? "-uid 7" : "-a@x", &e));
  assert_int_equal(script_add(&s, "-a@x", &e), 0);
  assert_int_equal(e.problem, SCRIPT_MANY_PATTERNS);
  assert_true(script_add(&s, "1/1s", &e));
  assert_int_equal(script_directives(&s), SCRIPT_PATTERNS + 1);
  script_free(&s);
}

static void canonical(void **state)
{
  (void)state;
  static char const *const want[] = {"-Ann@X", "1000:10/1d/msg/sender", "+*", "1/1m/line/ a/b "};
  script s = {0};
  add_all(&s, "-Ann@X|1k:10/86400|+*|1/60/line/ a/b |-something.else@example.org");
  assert_int_equal(script_directives(&s), 5);
  for (size_t i = 0; i < 4; i++)
    assert_true(span_equal(script_directive(&s, i), span_of(want[i])));
  assert_int_equal(script_len(&s), 2);
  assert_true(span_equal(script_rule_text(&s, 1), span_of(want[3])));
  assert_true(span_equal(script_rule(&s, 1)->text, span_of(" a/b ")));
  script_free(&s);
}

static void at_most_1000_rules(void **state)
{
  (void)state;
  script s = {0};
  script_error e;
  for (int i = 0; i < SCRIPT_RULES; i++)
    assert_true(script_add(&s, "1/1s", &e));
  assert_int_equal(script_add(&s, "1/1s", &e), 0);
  assert_int_equal(e.problem, SCRIPT_MANY_RULES);
  assert_true(script_add(&s, "-a@x", &e));
  assert_int_equal(script_len(&s), SCRIPT_RULES);
  script_free(&s);
}

/* Processor time of 20,000 senders against as many addresses as there are literals. */
static clock_t literals_time(int literals)
{
  script s = {0};
  script_error e;
  unsigned char bits;
  char text[64];
  for (int i = 0; i < literals; i++) {
    snprintf(text, sizeof text, "-user%d@example.org", i);
    assert_true(script_add(&s, text, &e));
  }
  assert_true(script_add(&s, "1/1s", &e));
  clock_t start = clock();
  for (int i = 0; i < 20000; i++) {
    snprintf(text, sizeof text, "user%d@example.org", i);
    script_select(&s, span_of(text), 0, &bits);
    assert_int_equal(bits, i >= literals);
  }
  clock_t used = clock() - start;
  assert_true(script_decider(&s, span_of("user7@example.org"), 0) == 7);
  script_free(&s);
  return used;
}

/* A thousand times the addresses must not cost even thirty times as much; a list would cost hundreds. */
static void many_literals(void **state)
{
  (void)state;
  clock_t few = literals_time(10);
  assert_true(literals_time(10000) < 30 * few + CLOCKS_PER_SEC / 20);
}

static uint64_t random_state;

static unsigned draw(unsigned below)
{
  random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (unsigned)(random_state >> 33) % below;
}

/* The rule as the manual has it, word by word: from left to right, every pattern that matches decides anew.
 */
static int naive_decider(char const *const *directives, size_t n, char const *sender)
{
  int decider = -1;
  for (size_t i = 0; i < n; i++)
    if ((*directives[i] == '+' || *directives[i] == '-') && !fnmatch(directives[i] + 1, sender, FNM_CASEFOLD))
      decider = (int)i;
  return decider;
}

static void agrees_with_left_to_right(void **state)
{
  (void)state;
  static char const *const pool[] = {"1/1s", "2/1s", "3/1s/line/x", "-*",   "+*",   "-a@x",
                                     "+a@x", "-b@x", "+A@X",        "-*@x", "+a*",  "-?@x",
                                     "-",    "+",    "+[ab]@x",     "-*@y", "4/1s", "5/1s"};
  static char const *const senders[] = {"a@x", "b@x", "a@y", "", "c@z", "ab@x"};
  char const *given = getenv("TEST_SEED");
  uint64_t seed = given ? strtoull(given, 0, 10) : (uint64_t)time(0);
  random_state = seed;
  for (int round = 0; round < 3000; round++) {
    char const *directives[24];
    size_t places[24], rules = 0, n = draw(24) + 1;
    unsigned char bits[3];
    script s = {0};
    script_error e;
    for (size_t i = 0; i < n; i++) {
      directives[i] = pool[draw(sizeof pool / sizeof *pool)];
      assert_true(script_add(&s, directives[i], &e));
      if (*directives[i] >= '0' && *directives[i] <= '9')
        places[rules++] = i;
    }
    for (size_t k = 0; k < sizeof senders / sizeof *senders; k++) {
      script_select(&s, span_of(senders[k]), 0, bits);
      for (size_t i = 0; i < rules; i++) {
        int want = naive_decider(directives, places[i], senders[k]);
        if ((bits[i / 8] >> i % 8 & 1) != (want < 0 || *directives[want] == '+') ||
            script_decider(&s, span_of(senders[k]), i) != (size_t)want)
          fail_msg("TEST_SEED=%llu round %d sender %s rule %zu", (unsigned long long)seed, round, senders[k],
                   i);
      }
    }
    script_free(&s);
  }
}

typedef struct {
  char const *name, *content;
  size_t len;             /* 0: up to the terminator */
  char const *directives; /* joined with '|' */
  script_problem problem; /* and then the line below */
  size_t line;
} file_row;

static file_row const files[] = {
    {"one directive a line", "-a@x\n1/1s\n", 0, "-a@x|1/1s/msg/sender", SCRIPT_OK, 0},
    {"the last line needs no newline", "-a@x\n1/1s", 0, "-a@x|1/1s/msg/sender", SCRIPT_OK, 0},
    {"an empty file has no directives", "", 0, "", SCRIPT_OK, 0},
    {"blank lines are skipped", "\n \t\n\r\n1/1s\n", 0, "1/1s/msg/sender", SCRIPT_OK, 0},
    {"comments are skipped", "# a\n  # 1/1x\n#\n1/1s\n", 0, "1/1s/msg/sender", SCRIPT_OK, 0},
    {"'#' after the sign is a pattern", "-#@[]\n", 0, "-#@[]", SCRIPT_OK, 0},
    {"blanks in front are skipped", " \t-a@x\n  1/1s\n", 0, "-a@x|1/1s/msg/sender", SCRIPT_OK, 0},
    {"blanks at the end are skipped", "-a@x \t\n1/1s  \n", 0, "-a@x|1/1s/msg/sender", SCRIPT_OK, 0},
    {"carriage returns at the end are skipped", "-a@x\r\n1/1s\r\n", 0, "-a@x|1/1s/msg/sender", SCRIPT_OK, 0},
    {"a line rule loses its last blanks too", " 1/1s/line/ to \t\r\n", 0, "1/1s/line/ to", SCRIPT_OK, 0},
    {"a file with CRLF means the same", "1/1s/line/auth: {}\r\n1/1s/line/to\r\n", 0,
     "1/1s/line/auth: {}|1/1s/line/to", SCRIPT_OK, 0},
    {"a line rule keeps a last blank after a backslash", "1/1s/line/ to\\ \n9/1s/line/ to\\  \r\n", 0,
     "1/1s/line/ to\\ |9/1s/line/ to\\ ", SCRIPT_OK, 0},
    {"... at the end of the file", "0/1s/line/ to\\ ", 0, "0/1s/line/ to\\ ", SCRIPT_OK, 0},
    {"... but not after two", "1/1s/line/ to\\\\ \n", 0, "1/1s/line/ to\\\\", SCRIPT_OK, 0},
    {"... and no tab", "1/1s/line/ to\\\t\n", 0, "1/1s/line/ to\\", SCRIPT_OK, 0},
    {"... nor does another rule", "1/1s\\ \n", 0, "", SCRIPT_BAD_RULE, 1},
    {"the text of a line rule may be a blank", "1/1s/line/\\ \n", 0, "1/1s/line/\\ ", SCRIPT_OK, 0},
    {"a user ID", "-uid 7791 \r\n+uid 007\n1/1s\n", 0, "-uid 7791|+uid 7|1/1s/msg/sender", SCRIPT_OK, 0},
    {"a blank in a pattern is an error", "-ann x\n", 0, "", SCRIPT_BAD_SELECTION, 1},
    {"a rule does not go on in the next line", "1/1s \n/line/x\n", 0, "1/1s/msg/sender", SCRIPT_BAD_WORD, 2},
    {"a rule may not end with its '/'", "1/\n", 0, "", SCRIPT_BAD_RULE, 1},
    {"no other rule keeps its last blanks", "1/1s/remote/domain \t\n1/1s/byte \n", 0,
     "1/1s/remote/domain|1/1s/byte/sender", SCRIPT_OK, 0},
    {"a pattern that looks like a line rule does not", "-1/1s/line/to\\ \n", 0, "-1/1s/line/to\\", SCRIPT_OK,
     0},
    {"a lone minus", "-\n", 0, "-", SCRIPT_OK, 0},
    {"a wrong rule has its line", "-a@x\n\n# c\n1/1x\n", 0, "-a@x", SCRIPT_BAD_RULE, 4},
    {"a wrong last line has its line", "1/1s\n1/1x", 0, "1/1s/msg/sender", SCRIPT_BAD_RULE, 2},
    {"a word is an error", "1/1s\nmultilog t ./main\n", 0, "1/1s/msg/sender", SCRIPT_BAD_WORD, 2},
    {"dashes are an error", "1/1s\n--\n", 0, "1/1s/msg/sender", SCRIPT_BAD_DASHES, 2},
    {"a NUL byte is an error", "1/1s\n-a\0b\n", 10, "1/1s/msg/sender", SCRIPT_NUL_BYTE, 2},
    {"a NUL byte in a comment is one too", "#\0\n", 3, "", SCRIPT_NUL_BYTE, 1},
};

static char const *write_file(char const *content, size_t len)
{
  static char path[64];
  snprintf(path, sizeof path, "/tmp/test_script.XXXXXX");
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_true(write(fd, content, len) == (ssize_t)len);
  close(fd);
  return path;
}

static void check_file(void **state)
{
  file_row const *r = ROWS_ROW(file_row, state);
  script s = {0};
  script_error e;
  char joined[256] = "";
  char const *path = write_file(r->content, r->len ? r->len : strlen(r->content));
  assert_int_equal(script_file(&s, path, &e), r->problem == SCRIPT_OK);
  unlink(path);
  assert_int_equal(e.problem, r->problem);
  assert_int_equal(e.line, r->line);
  assert_true(e.file == (r->problem ? path : 0));
  for (size_t i = 0; i < script_directives(&s); i++) {
    strcat(joined, i ? "|" : "");
    strncat(joined, script_directive(&s, i).s, script_directive(&s, i).len);
  }
  assert_string_equal(joined, r->directives);
  script_free(&s);
}

/* As with the rules that a reload leaves after. */
static void freed_and_filled(void **state)
{
  (void)state;
  script s = {0};
  for (int i = 0; i < 3; i++) {
    add_all(&s, "-ann@x|1/1s|-*@y|2/1s/line/a");
    assert_int_equal(script_directives(&s), 4);
    assert_int_equal(script_decider(&s, span_of("ann@x"), 0), 0);
    script_free(&s);
    assert_int_equal(script_directives(&s), 0);
    assert_int_equal(script_len(&s), 0);
  }
}

static void long_lines(void **state)
{
  (void)state;
  char *text = malloc(SCRIPT_LINE + 1);
  memset(text, 'a', SCRIPT_LINE + 1);
  text[0] = '-';
  for (size_t extra = 0; extra < 2; extra++) {
    script s = {0};
    script_error e;
    char const *path = write_file(text, SCRIPT_LINE + extra);
    assert_int_equal(script_file(&s, path, &e), !extra);
    assert_int_equal(e.problem, extra ? SCRIPT_LONG_LINE : SCRIPT_OK);
    assert_int_equal(e.line, extra);
    unlink(path);
    script_free(&s);
  }
  free(text);
}

static void check_unreadable(char const *path, int error)
{
  script s = {0};
  script_error e;
  assert_int_equal(script_file(&s, path, &e), 0);
  assert_int_equal(e.problem, SCRIPT_SYSTEM);
  assert_int_equal(e.error, error);
  assert_string_equal(e.file, path);
  assert_int_equal(e.line, 0);
  script_free(&s);
}

/* A file of zeros, as long as a file may be and a byte longer. */
static void largest_file(void **state)
{
  (void)state;
  for (int extra = 0; extra < 2; extra++) {
    script s = {0};
    script_error e;
    char const *path = write_file("", 0);
    assert_int_equal(truncate(path, (off_t)SCRIPT_FILE + extra), 0);
    assert_int_equal(script_file(&s, path, &e), 0);
    assert_int_equal(e.problem, extra ? SCRIPT_SYSTEM : SCRIPT_NUL_BYTE);
    assert_int_equal(e.error, extra ? EFBIG : 0);
    unlink(path);
    script_free(&s);
  }
}

/* Whoever gives a byte a second must not hold anybody up. */
static void named_pipe(void **state)
{
  char dir[] = "/tmp/test_script.XXXXXX", path[40];
  script s = {0};
  script_error e;
  int fd;
  (void)state;
  assert_non_null(mkdtemp(dir));
  snprintf(path, sizeof path, "%s/rules", dir);
  assert_int_equal(mkfifo(path, 0600), 0);
  fd = open(path, O_RDWR);
  assert_int_equal(write(fd, "1/1s\n", 5), 5);
  assert_int_equal(script_file(&s, path, &e), 0);
  assert_int_equal(e.problem, SCRIPT_NOT_REGULAR);
  assert_string_equal(e.file, path);
  assert_int_equal(script_len(&s), 0);
  script_free(&s);
  close(fd);
  unlink(path);
  rmdir(dir);
}

static void first_digits(void **state)
{
  (void)state;
  script s = {0};
  add_all(&s, "0/1s|1/1s|2/1s|3/1s|4/1s|5/1s|6/1s|7/1s|8/1s|9/1s");
  assert_int_equal(script_len(&s), 10);
  script_free(&s);
}

static void unreadable(void **state)
{
  (void)state;
  check_unreadable("/tmp/no/such/file", ENOENT);
  check_unreadable("/tmp", EISDIR);
}

/* A program that reloads its rules for years must not run out of descriptors. */
static void descriptors(void **state)
{
  (void)state;
  script s = {0};
  script_error e;
  char const *path = write_file("-a@x\n1/1s\n", 10);
  int lowest = dup(0);
  close(lowest);
  assert_true(script_file(&s, path, &e));
  assert_false(script_file(&s, "/tmp", &e));
  assert_int_equal(dup(0), lowest);
  close(lowest);
  unlink(path);
  script_free(&s);
}

static void file_before_command_line(void **state)
{
  (void)state;
  script s = {0};
  script_error e;
  char const *path = write_file("-a@x\n", 5);
  assert_true(script_file(&s, path, &e));
  add_all(&s, "1/1s|+a@x|2/1s");
  assert_int_equal(script_decider(&s, span_of("a@x"), 0), 0);
  assert_int_equal(script_decider(&s, span_of("a@x"), 1), 2);
  unlink(path);
  script_free(&s);
}

int main(void)
{
  static rows_list list;

  ROWS_ADD(&list, good, check_good);
  ROWS_ADD(&list, bad_of_rule, check_bad_of_rule);
  ROWS_ADD(&list, pairs, check_pair);
  rows_one(&list, "every field of a rule is read", fields);
  rows_one(&list, "a pattern has at most 200 bytes, and the longest rule fits RULE_FMT", long_patterns);
  ROWS_ADD(&list, rows, check);
  ROWS_ADD(&list, bad_of_script, check_bad_of_script);
  ROWS_ADD(&list, files, check_file);
  ROWS_ADD(&list, uids, check_uid);
  rows_one(&list, "100,000 user IDs are no trouble", many_uids);
  ROWS_ADD(&list, effects, check_effect);
  rows_one(&list, "there are at most 100000 selections", at_most_100000_selections);
  rows_one(&list, "directives are shown in canonical form", canonical);
  rows_one(&list, "there are at most 1000 rules", at_most_1000_rules);
  rows_one(&list, "ten thousand addresses are a table, not a list", many_literals);
  rows_one(&list, "selection goes from left to right", agrees_with_left_to_right);
  rows_one(&list, "a script that was freed is empty and can be filled again", freed_and_filled);
  rows_one(&list, "a line has at most 65536 bytes", long_lines);
  rows_one(&list, "a rule may begin with any digit", first_digits);
  rows_one(&list, "a file may be large, up to its limit", largest_file);
  rows_one(&list, "a named pipe is no rules file", named_pipe);
  rows_one(&list, "a file that cannot be read says why", unreadable);
  rows_one(&list, "no descriptor is left open after a file", descriptors);
  rows_one(&list, "a file and the command line are one script", file_before_command_line);
  return rows_run(&list, "rule");
}
