/* ora_script.c - the command line: options, then rules and selections from left to right. */
#include <fnmatch.h>
#include <string.h>

#include "ora.h"

static char *lowered(ora_pool *pool, ora_str s)
{
  char *p = ora_get(pool, s.n + 1);

  for (size_t i = 0; i < s.n; i++)
    p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32 : s.p[i] ? s.p[i] : '_');
  return p;
}

/* The argument of an option: the rest of its word, or the next word. */
static char const *argument(char const *rest, char const *const *args, size_t nargs, size_t *i)
{
  if (*rest)
    return rest;
  return *i < nargs ? args[(*i)++] : 0;
}

static int option_word(ora_pool *pool, ora_script *s, char const *const *args, size_t nargs, size_t *i)
{
  char const *word = args[(*i)++];

  for (word++; *word; word++) {
    char const *value;
    ora_str number;
    if (*word == 'e') {
      s->exact = 1;
      continue;
    }
    value = *word == 'x' || *word == 'r' ? argument(word + 1, args, nargs, i) : 0;
    if (!value)
      return 0;
    if (*word == 'x') {
      s->chars = ora_lit(lowered(pool, ora_lit(value)));
      return s->chars.n > 0;
    }
    number = ora_lit(value);
    s->report = 1;
    return ora_eat_number(&number, &s->top) && !number.n;
  }
  return 1;
}

static int directive(ora_pool *pool, ora_script *s, char const *word)
{
  if (*word == '+' || *word == '-') {
    s->patterns = ora_more(pool, s->patterns, s->npatterns, &s->patternroom, sizeof *s->patterns);
    s->patterns[s->npatterns++] = (ora_pattern){*word == '+', lowered(pool, ora_lit(word + 1))};
    return 1;
  }
  s->rules = ora_more(pool, s->rules, s->nrules, &s->ruleroom, sizeof *s->rules);
  if (!ora_rule_read(pool, &s->rules[s->nrules], ora_lit(word)))
    return 0;
  s->rules[s->nrules++].patterns = s->npatterns;
  return 1;
}

int ora_script_read(ora_pool *pool, ora_script *s, char const *const *args, size_t nargs)
{
  size_t i = 0;
  int dashes = 0;

  while (i < nargs && args[i][0] == '-' && args[i][1] && strcmp(args[i], "--"))
    if (!option_word(pool, s, args, nargs, &i))
      return 0;
  if (i < nargs && !strcmp(args[i], "--")) {
    dashes = 1;
    i++;
  }
  for (; i < nargs && strcmp(args[i], "--"); i++) {
    char c = args[i][0];
    if (c != '+' && c != '-' && !(c >= '0' && c <= '9')) {
      if (dashes)
        break;
      return 0;
    }
    if (!directive(pool, s, args[i]))
      return 0;
  }
  return s->nrules && !(s->exact && s->chars.n);
}

int ora_selected(ora_pool *pool, ora_script const *s, ora_rule const *r, ora_str sender)
{
  int selected = 1;
  char const *address = lowered(pool, sender);

  for (size_t i = 0; i < r->patterns; i++)
    if (!fnmatch(s->patterns[i].glob, address, 0))
      selected = s->patterns[i].select;
  return selected;
}

int ora_needs_deliveries(ora_script const *s)
{
  for (size_t i = 0; i < s->nrules; i++) {
    ora_count c = s->rules[i].count;
    if (c != ORA_MSG && c != ORA_BYTE && c != ORA_FROM && c != ORA_LINE)
      return 1;
  }
  return 0;
}
