#include "rule/script.h"
#include <errno.h>
#include <stdlib.h>

typedef struct {
  char *text; /* owned */
  size_t len;
} script_directive_entry;

typedef struct {
  rule r;
  size_t place;   /* index of its directive, which r.text points into */
  pattern *words; /* of a line rule, owned; else 0 */
} script_rule_entry;

static int fail(script_error *e, script_problem problem, int error)
{
  e->problem = problem;
  e->error = error;
  return 0;
}

static script_directive_entry const *directive_at(script const *s, size_t i)
{
  return genalloc_s(script_directive_entry, &s->directives) + i;
}

static script_rule_entry const *rule_at(script const *s, size_t i)
{
  return genalloc_s(script_rule_entry, &s->rules) + i;
}

/* Appends a copy of text, or returns 0 with errno. */
static int push_text(script *s, span text)
{
  script_directive_entry d = {malloc(text.len), text.len};
  if (!d.text)
    return 0;
  memcpy(d.text, text.s, text.len);
  if (genalloc_append(script_directive_entry, &s->directives, &d))
    return 1;
  free(d.text);
  return 0;
}

static void pop_text(script *s)
{
  size_t n = script_directives(s) - 1;
  free(directive_at(s, n)->text);
  genalloc_setlen(script_directive_entry, &s->directives, n);
}

static int add_pattern(script *s, span directive, script_error *e)
{
  if (!push_text(s, directive))
    return fail(e, SCRIPT_SYSTEM, errno);
  if (select_add(&s->patterns, script_directives(s) - 1, (span){directive.s + 1, directive.len - 1}))
    return 1;
  pop_text(s);
  return fail(e, SCRIPT_SYSTEM, errno);
}

/* Appends a rule whose directive is the last one. */
static int push_rule(script *s, script_rule_entry *entry)
{
  span text = script_directive(s, entry->place);
  if (entry->r.key == KEY_TEXT) {
    entry->r.text.s = text.s + text.len - entry->r.text.len;
    entry->words = pattern_compile(entry->r.text);
    if (!entry->words)
      return 0;
  }
  if (genalloc_append(script_rule_entry, &s->rules, entry))
    return 1;
  free(entry->words);
  return 0;
}

static int add_rule(script *s, span directive, script_error *e)
{
  char canonical[RULE_FMT];
  script_rule_entry entry = {.place = script_directives(s)};
  if (!rule_parse(&entry.r, directive, &e->rule))
    return fail(e, SCRIPT_BAD_RULE, 0);
  if (script_len(s) == SCRIPT_RULES)
    return fail(e, SCRIPT_MANY_RULES, 0);
  if (!push_text(s, (span){canonical, rule_fmt(canonical, &entry.r)}))
    return fail(e, SCRIPT_SYSTEM, errno);
  if (push_rule(s, &entry))
    return 1;
  pop_text(s);
  return fail(e, SCRIPT_SYSTEM, errno);
}

int script_add(script *s, char const *text, script_error *e)
{
  *e = (script_error){0};
  s->bad.len = 0; /* since skalibs 2.14 stralloc_copys leaves what was there if the text is empty */
  if (!stralloc_cats(&s->bad, text))
    return fail(e, SCRIPT_SYSTEM, errno);
  span directive = {s->bad.s, s->bad.len};
  e->directive = directive;
  if (span_equal(directive, span_of("--")))
    return fail(e, SCRIPT_BAD_DASHES, 0);
  if (*text == '+' || *text == '-')
    return add_pattern(s, directive, e);
  if (*text >= '0' && *text <= '9')
    return add_rule(s, directive, e);
  return fail(e, SCRIPT_BAD_WORD, 0);
}

size_t script_directives(script const *s)
{
  return genalloc_len(script_directive_entry, &s->directives);
}

span script_directive(script const *s, size_t i)
{
  return (span){directive_at(s, i)->text, directive_at(s, i)->len};
}

size_t script_len(script const *s)
{
  return genalloc_len(script_rule_entry, &s->rules);
}

rule const *script_rule(script const *s, size_t i)
{
  return &rule_at(s, i)->r;
}

pattern const *script_pattern(script const *s, size_t i)
{
  return rule_at(s, i)->words;
}

span script_rule_text(script const *s, size_t i)
{
  return script_directive(s, rule_at(s, i)->place);
}

int script_applies(script const *s, size_t decider)
{
  return decider == SCRIPT_NONE || *directive_at(s, decider)->text == '+';
}

void script_select(script const *s, span sender, unsigned char *bits)
{
  select_search search;
  memset(bits, 0, script_bits(script_len(s)));
  select_start(&search, &s->patterns, sender);
  for (size_t i = script_len(s); i;) {
    size_t decider = select_before(&search, rule_at(s, i - 1)->place);
    int applies = script_applies(s, decider);
    do { /* what decides for a rule decides for all between */
      i--;
      if (applies)
        bits[i / 8] |= (unsigned char)(1u << i % 8);
    } while (i && (decider == SCRIPT_NONE || rule_at(s, i - 1)->place > decider));
  }
}

size_t script_decider(script const *s, span sender, size_t i)
{
  select_search search;
  select_start(&search, &s->patterns, sender);
  return select_before(&search, rule_at(s, i)->place);
}

void script_free(script *s)
{
  for (size_t i = script_len(s); i--;)
    free(rule_at(s, i)->words);
  while (script_directives(s))
    pop_text(s);
  genalloc_free(script_directive_entry, &s->directives);
  genalloc_free(script_rule_entry, &s->rules);
  select_free(&s->patterns);
  stralloc_free(&s->bad);
}
