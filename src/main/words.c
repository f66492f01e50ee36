#include "main/words.h"
#include <stdio.h>

/* The part of the directive that is wrong is shown between before and after; with after 0 it is not shown. */
typedef struct {
  char const *before, *after;
} words;

static words const rule_words[] = {
    [RULE_OK] = {"nothing is wrong", 0},
    [RULE_LIMIT_EMPTY] = {"no limit at the beginning (as 10 in 10/30m)", 0},
    [RULE_LIMIT_SUFFIX] = {"unknown suffix '", "' in the limit (k, M or G)"},
    [RULE_LIMIT_LARGE] = {"the limit ", " is too large (at most 18446744073709551615)"},
    [RULE_CLEAR_EMPTY] = {"no number after the ':' of the limit (as 5 in 10:5/30m)", 0},
    [RULE_CLEAR_SUFFIX] = {"unknown suffix '", "' after the ':' of the limit (k, M or G)"},
    [RULE_CLEAR_LARGE] = {"the number ", " after the ':' of the limit is too large (at most the limit)"},
    [RULE_CLEAR_ABOVE] = {"the number ", " after the ':' is above the limit (at most the limit)"},
    [RULE_LIMIT_VALUES] = {"the limit ", " is too large for different values (at most 65535)"},
    [RULE_PERIOD_MISSING] = {"no '/' and period after the limit (as /30m in 10/30m)", 0},
    [RULE_PERIOD_EMPTY] = {"no number in the period (as 30 in 10/30m)", 0},
    [RULE_PERIOD_UNIT] = {"unknown unit '", "' in the period (s, m, h, d or w)"},
    [RULE_PERIOD_ZERO] = {"the period ", " is too short (at least 1s)"},
    [RULE_PERIOD_LONG] = {"the period ", " is too long (at most 400d)"},
    [RULE_COUNT_EMPTY] = {"nothing to count after the period and its '/' "
                          "(msg, remote, rcpt, byte, fail, defer, bounce, to, host, from or line)",
                          0},
    [RULE_COUNT_UNKNOWN] = {"cannot count '",
                            "' (msg, remote, rcpt, byte, fail, defer, bounce, to, host, from or line)"},
    [RULE_KEY_EMPTY] = {"no key after the last '/' (sender, domain, uid or all)", 0},
    [RULE_KEY_UNKNOWN] = {"unknown key '", "' (sender, domain, uid or all; a pattern only after line/)"},
    [RULE_KEY_FROM] = {"different senders need another key than sender (from/domain, from/uid or from/all)",
                       0},
    [RULE_EXTRA] = {"'", "' after the key (nothing follows the key)"},
    [RULE_TEXT_MISSING] = {"no pattern after line (line/PATTERN, 1 to 200 bytes)", 0},
    [RULE_TEXT_LONG] = {"the pattern after line/ is too long (1 to 200 bytes)", 0},
    [RULE_TEXT_NEWLINE] = {"a newline in the pattern after line/ (a line contains none)", 0},
    [RULE_TEXT_THIRD] = {"a third {} in the pattern (at most two)", 0},
    [RULE_TEXT_TOUCH] = {"no text between the two {} of the pattern (as in {} from {})", 0},
};

static words const script_words[] = {
    [SCRIPT_OK] = {"nothing is wrong", 0},
    [SCRIPT_BAD_RULE] = {"bad rule ", ": "},
    [SCRIPT_BAD_WORD] = {"bad directive '", "' (+PATTERN, -PATTERN or a rule, as 10/30m)"},
    [SCRIPT_BAD_DASHES] = {"bad directive -- (a program is only given on the command line)", 0},
    [SCRIPT_BAD_SELECTION] = {"a blank in '",
                              "' (an address has none; user IDs are selected by '-uid 7791')"},
    [SCRIPT_MANY_RULES] = {"too many rules (at most 1000)", 0},
    [SCRIPT_MANY_PATTERNS] = {"too many selections (at most 100000)", 0},
    [SCRIPT_NUL_BYTE] = {"a NUL byte (directives are text)", 0},
    [SCRIPT_LONG_LINE] = {"the line is too long (at most 65536 bytes)", 0},
    [SCRIPT_NOT_REGULAR] = {"not a regular file", 0},
    [SCRIPT_NO_RULE] = {"no rule (at least one, as 10/30m)", 0},
};

/* Room for what is written one piece after the other; it stays terminated. */
typedef struct {
  char *at;
  size_t left; /* with the terminator's byte, so never 0 */
} room;

static void put(room *r, char const *text)
{
  size_t n = strnlen(text, r->left - 1);
  memcpy(r->at, text, n);
  r->at += n;
  r->left -= n;
  *r->at = 0;
}

/* Bytes from outside. */
static void put_safe(room *r, span s, size_t most)
{
  char text[256];
  size_t n = s.len > most ? most - 3 : s.len;
  for (size_t i = 0; i < n; i++)
    text[i] = s.s[i] < 33 || s.s[i] > 126 ? '_' : s.s[i];
  text[n] = 0;
  put(r, text);
  if (n < s.len)
    put(r, "...");
}

static void put_words(room *r, words const *w, span at, size_t most)
{
  put(r, w->before);
  if (!w->after)
    return;
  put_safe(r, at, most);
  put(r, w->after);
}

static void put_system(room *r, script_error const *e)
{
  if (e->file) {
    put(r, "unable to read ");
    put_safe(r, span_of(e->file), 255);
    put(r, ": ");
  }
  put(r, strerror(e->error));
}

size_t words_script(char *out, size_t max, script_error const *e)
{
  room r = {out, max};
  if (e->problem == SCRIPT_SYSTEM) {
    put_system(&r, e);
    return (size_t)(r.at - out);
  }
  if (e->file) {
    put_safe(&r, span_of(e->file), 255);
    char line[32] = ": ";
    if (e->line)
      snprintf(line, sizeof line, ":%zu: ", e->line);
    put(&r, line);
  }
  put_words(&r, &script_words[e->problem], e->directive, 80);
  if (e->problem == SCRIPT_BAD_RULE)
    put_words(&r, &rule_words[e->rule.problem], e->rule.at, 40);
  return (size_t)(r.at - out);
}
