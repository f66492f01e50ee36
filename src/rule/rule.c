#include "rule/rule.h"
#include "base/scan.h"
#include <stdio.h>

typedef struct {
  char name;
  uint32_t factor;
} unit;

static unit const amounts[] = {{'k', 1000}, {'M', 1000000}, {'G', 1000000000}, {0, 0}};
static unit const periods[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}, {0, 0}};

static char const *const counts[] = {"msg",    "remote", "rcpt", "byte", "fail", "defer",
                                     "bounce", "to",     "host", "from", "line"};
static char const *const keys[] = {"sender", "domain", "uid", "all"};

static int fail(rule_error *e, rule_problem problem, span at)
{
  *e = (rule_error){problem, at};
  return 0;
}

/* Takes what comes before the next separator off *in, and the separator. Returns 0 if there is none: then it
 * takes all. */
static int next_field(span *field, span *in, char separator)
{
  char const *end = in->len ? memchr(in->s, separator, in->len) : 0;
  *field = (span){in->s, end ? (size_t)(end - in->s) : in->len};
  size_t taken = field->len + (end ? 1 : 0);
  in->s += taken;
  in->len -= taken;
  return end != 0;
}

static int find_name(char const *const *names, size_t n, span name)
{
  for (size_t i = 0; i < n; i++)
    if (span_equal(name, span_of(names[i])))
      return (int)i;
  return -1;
}

static uint32_t unit_factor(unit const *units, char name)
{
  while (units->name && units->name != name)
    units++;
  return units->factor;
}

/* What can be wrong with a number: no digit at its beginning, no unit after it, or 2^64 or more. */
typedef struct {
  rule_problem empty, unit, large;
} number_problems;

/* Reads all of in, a number and perhaps a unit: never rounded, never overflowing. */
static int read_number(uint64_t *u, span in, unit const *units, number_problems const *wrong, rule_error *e)
{
  size_t digits = num_scan(u, in);
  span rest = {in.s + digits, in.len - digits};
  uint32_t factor = rest.len ? unit_factor(units, *rest.s) : 1;

  if (!in.len || *in.s < '0' || *in.s > '9')
    return fail(e, wrong->empty, in);
  if (!digits)
    return fail(e, wrong->large, in);
  if (rest.len > 1 || !factor)
    return fail(e, wrong->unit, rest);
  return __builtin_mul_overflow(*u, factor, u) ? fail(e, wrong->large, in) : 1;
}

static int read_limit(rule *r, span in, rule_error *e)
{
  static number_problems const of_limit = {RULE_LIMIT_EMPTY, RULE_LIMIT_SUFFIX, RULE_LIMIT_LARGE};
  static number_problems const of_clear = {RULE_CLEAR_EMPTY, RULE_CLEAR_SUFFIX, RULE_CLEAR_LARGE};
  span limit;
  int has_clear = next_field(&limit, &in, ':');
  if (!read_number(&r->limit, limit, amounts, &of_limit, e))
    return 0;
  r->clear = r->limit;
  if (!has_clear)
    return 1;
  if (!read_number(&r->clear, in, amounts, &of_clear, e))
    return 0;
  return r->clear <= r->limit ? 1 : fail(e, RULE_CLEAR_ABOVE, in);
}

static int read_period(rule *r, span in, rule_error *e)
{
  static number_problems const wrong = {RULE_PERIOD_EMPTY, RULE_PERIOD_UNIT, RULE_PERIOD_LONG};
  uint64_t seconds;
  if (!read_number(&seconds, in, periods, &wrong, e))
    return 0;
  if (!seconds)
    return fail(e, RULE_PERIOD_ZERO, in);
  if (seconds > RULE_DAYS * UINT64_C(86400))
    return fail(e, RULE_PERIOD_LONG, in);
  r->period = (int64_t)seconds * SECOND;
  return 1;
}

static int read_count(rule *r, span in, rule_error *e)
{
  if (!in.len)
    return fail(e, RULE_COUNT_EMPTY, in);
  int count = find_name(counts, sizeof counts / sizeof *counts, in);
  if (count < 0)
    return fail(e, RULE_COUNT_UNKNOWN, in);
  r->count = (rule_count)count;
  return 1;
}

static int read_text(rule *r, span in, rule_error *e)
{
  static rule_problem const wrong[] = {
      [PATTERN_EMPTY] = RULE_TEXT_MISSING,   [PATTERN_LONG] = RULE_TEXT_LONG,
      [PATTERN_NEWLINE] = RULE_TEXT_NEWLINE, [PATTERN_THIRD] = RULE_TEXT_THIRD,
      [PATTERN_TOUCH] = RULE_TEXT_TOUCH,
  };
  pattern_problem problem = pattern_check(in, &r->words);
  if (problem)
    return fail(e, wrong[problem], in);
  r->key = KEY_TEXT;
  r->text = in;
  return 1;
}

static int read_key(rule *r, span in, rule_error *e)
{
  span name;
  int more = next_field(&name, &in, '/');
  if (!name.len)
    return fail(e, RULE_KEY_EMPTY, name);
  int key = find_name(keys, sizeof keys / sizeof *keys, name);
  if (key < 0)
    return fail(e, RULE_KEY_UNKNOWN, name);
  if (more)
    return fail(e, RULE_EXTRA, (span){in.s - 1, in.len + 1});
  r->key = (rule_key)key;
  return 1;
}

/* What comes after the period. */
static int read_rest(rule *r, span in, rule_error *e)
{
  span field;
  int more = next_field(&field, &in, '/');
  if (!read_count(r, field, e))
    return 0;
  if (r->count == COUNT_LINE)
    return read_text(r, in, e);
  if (more && !read_key(r, in, e))
    return 0;
  return r->count == COUNT_FROM && r->key == KEY_SENDER ? fail(e, RULE_KEY_FROM, in) : 1;
}

int rule_parse(rule *r, span directive, rule_error *e)
{
  span field, limit, in = directive;
  *r = (rule){.count = COUNT_MSG, .key = KEY_SENDER};
  *e = (rule_error){RULE_OK, {directive.s, 0}};
  int more = next_field(&limit, &in, '/');
  if (!read_limit(r, limit, e))
    return 0;
  if (!more)
    return fail(e, RULE_PERIOD_MISSING, in);
  more = next_field(&field, &in, '/');
  if (!read_period(r, field, e))
    return 0;
  if (more && !read_rest(r, in, e))
    return 0;
  if (!rule_differs(r) || r->limit <= RULE_VALUES)
    return 1;
  next_field(&field, &limit, ':');
  return fail(e, RULE_LIMIT_VALUES, field);
}

size_t rule_fmt(char *out, rule const *r)
{
  char text[RULE_FMT], clear[32] = "";
  int64_t seconds = r->period / SECOND;
  unit const *u = &periods[3]; /* the largest that divides it, but for weeks */
  span key = r->key == KEY_TEXT ? r->text : span_of(keys[r->key]);
  size_t head;
  while (seconds % u->factor)
    u--;
  if (r->clear != r->limit)
    snprintf(clear, sizeof clear, ":%llu", (unsigned long long)r->clear);
  head = (size_t)snprintf(text, sizeof text, "%llu%s/%lld%c/%s/", (unsigned long long)r->limit, clear,
                          (long long)(seconds / u->factor), u->name, counts[r->count]);
  memcpy(out, text, head);
  memcpy(out + head, key.s, key.len);
  return head + key.len;
}

int rule_equal(rule const *a, rule const *b)
{
  return a->limit == b->limit && a->clear == b->clear && a->period == b->period && a->count == b->count &&
         a->key == b->key && span_equal(a->text, b->text);
}
