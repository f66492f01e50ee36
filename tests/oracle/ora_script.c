/* ora_script.c - the command line: options, then rules and selections from left to right. */
#include <fnmatch.h>
#include <stdio.h>
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

/* Letters, digits and '@' would be the sign of a forgotten "--". */
static int chars_are_good(ora_str s)
{
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '@')
      return 0;
  }
  return s.n > 0;
}

static int option_word(ora_script *s, char const *const *args, size_t nargs, size_t *i)
{
  char const *word = args[(*i)++];

  for (word++; *word; word++) {
    char const *value;
    ora_str number;
    if (*word == 'e') {
      s->exact = 1;
      continue;
    }
    value = *word == 'x' || *word == 'r' || *word == 'f' ? argument(word + 1, args, nargs, i) : 0;
    if (!value)
      return 0;
    if (*word == 'f') {
      s->file = value;
      return 1;
    }
    if (*word == 'x') {
      s->chars = ora_lit(value);
      return chars_are_good(s->chars);
    }
    number = ora_lit(value);
    s->report = 1;
    return ora_eat_number(&number, &s->top) && !number.n;
  }
  return 1;
}

static int is_line_rule(ora_str s)
{
  size_t slash;

  for (unsigned i = 0; i < 2; i++) {
    if (!ora_find(s, ora_lit("/"), &slash))
      return 0;
    s = (ora_str){s.p + slash + 1, s.n - slash - 1};
  }
  return ora_eat(&s, "line/");
}

/* -uid N or +uid N: exactly one space, and a number. */
static int uid_selection(ora_str word, uint64_t *uid)
{
  return (ora_eat(&word, "-uid ") || ora_eat(&word, "+uid ")) && ora_eat_number(&word, uid) && !word.n;
}

static int directive(ora_pool *pool, ora_script *s, ora_str word)
{
  size_t at;

  if (*word.p == '+' || *word.p == '-') {
    ora_pattern p = {.select = *word.p == '+'};
    if (!uid_selection(word, &p.uid)) {
      if (ora_find(word, ora_lit(" "), &at))
        return 0;
      p.glob = lowered(pool, (ora_str){word.p + 1, word.n - 1});
    }
    s->patterns = ora_more(pool, s->patterns, s->npatterns, &s->patternroom, sizeof *s->patterns);
    s->patterns[s->npatterns++] = p;
    return 1;
  }
  if (s->nrules == ORA_RULES_MAX)
    return 0;
  s->rules = ora_more(pool, s->rules, s->nrules, &s->ruleroom, sizeof *s->rules);
  if (!ora_rule_read(pool, &s->rules[s->nrules], word))
    return 0;
  s->rules[s->nrules++].patterns = s->npatterns;
  return 1;
}

/* Takes from a line of a file what does not count. */
static ora_str stripped(ora_str line)
{
  size_t n, slashes = 0;

  while (line.n && memchr(" \t", *line.p, 2)) {
    line.p++;
    line.n--;
  }
  for (n = line.n; n && memchr(" \t\r", line.p[n - 1], 3); n--)
    ;
  while (slashes < n && line.p[n - slashes - 1] == '\\')
    slashes++;
  if (slashes % 2 && n < line.n && line.p[n] == ' ' && is_line_rule(line))
    n++;
  return (ora_str){line.p, n};
}

static int file_read(ora_pool *pool, ora_script *s, char const *name)
{
  ora_text t = {0, 0, 0};
  ora_str rest, line;
  FILE *f = fopen(name, "r");
  int c, ok = 1;

  if (!f)
    return 0;
  while ((c = getc(f)) != EOF)
    ora_put(pool, &t, (ora_str){&(char){(char)c}, 1});
  fclose(f);
  for (rest = (ora_str){t.p, t.n}; rest.n && ok;) {
    line = rest;
    if (ora_find(rest, ora_lit("\n"), &line.n))
      rest = (ora_str){rest.p + line.n + 1, rest.n - line.n - 1};
    else
      rest.n = 0;
    line = stripped(line);
    ok = !line.n || *line.p == '#' || (memchr("+-0123456789", *line.p, 12) && directive(pool, s, line));
  }
  return ok;
}

int ora_script_read(ora_pool *pool, ora_script *s, char const *const *args, size_t nargs)
{
  size_t i = 0;
  int dashes = 0;

  while (i < nargs && args[i][0] == '-' && args[i][1] && strcmp(args[i], "--"))
    if (!option_word(s, args, nargs, &i))
      return 0;
  if (s->file && !file_read(pool, s, s->file))
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
    if (!directive(pool, s, ora_lit(args[i])))
      return 0;
  }
  return s->nrules && !(s->exact && s->chars.n);
}

int ora_selected(ora_pool *pool, ora_script const *s, ora_rule const *r, ora_str sender, uint64_t const *uid)
{
  int selected = 1;
  char const *address = lowered(pool, sender);

  for (size_t i = 0; i < r->patterns; i++) {
    ora_pattern const *p = &s->patterns[i];
    if (p->glob ? !fnmatch(p->glob, address, 0) : uid && *uid == p->uid)
      selected = p->select;
  }
  return selected;
}

/* His messages have any user ID: one that no selection names, or one that some do. */
int ora_sender_selected(ora_pool *pool, ora_script const *s, ora_rule const *r, ora_str sender)
{
  int selected = ora_selected(pool, s, r, sender, 0);

  for (size_t i = 0; i < r->patterns && !selected; i++)
    selected = !s->patterns[i].glob && ora_selected(pool, s, r, sender, &s->patterns[i].uid);
  return selected;
}

/* '-*' takes everybody out; after any other '+', somebody may be in. */
int ora_uid_selected(ora_script const *s, ora_rule const *r, uint64_t uid)
{
  int selected = 1;

  for (size_t i = 0; i < r->patterns; i++) {
    ora_pattern const *p = &s->patterns[i];
    if (p->glob ? p->select || !strcmp(p->glob, "*") : p->uid == uid)
      selected = p->select;
  }
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
