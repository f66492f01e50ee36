#include "main/explain.h"

static int append(stralloc *out, span s)
{
  return stralloc_catb(out, s.s, s.len);
}

int explain_script(stralloc *out, script const *rules)
{
  for (size_t i = 0; i < script_directives(rules); i++)
    if (!append(out, script_directive(rules, i)) || !stralloc_catb(out, "\n", 1))
      return 0;
  return 1;
}

/* What a rule that a selected sender has no key for does not count. */
static char const *no_key(rule const *r, span key)
{
  if (r->key == KEY_SENDER && fold_null(key))
    return ": no, a null sender has no sender key";
  if (r->key == KEY_DOMAIN && (fold_null(key) || !fold_domain(key).len))
    return ": no, this sender has no domain";
  return 0;
}

static int explain_rule(stralloc *out, script const *rules, size_t i, span key)
{
  rule const *r = script_rule(rules, i);
  size_t decider = script_decider(rules, key, i);
  int applies = script_applies(rules, decider);
  char const *why = applies ? no_key(r, key) : 0;

  if (!append(out, script_rule_text(rules, i)))
    return 0;
  if (r->count == COUNT_LINE)
    return stralloc_cats(out, ": yes, line rules are not about senders\n");
  if (why)
    return stralloc_cats(out, why) && stralloc_catb(out, "\n", 1);
  if (decider == SCRIPT_NONE)
    return stralloc_cats(out, ": yes, no directive before it matches\n");
  return stralloc_cats(out, applies ? ": yes, because of " : ": no, because of ") &&
         append(out, script_directive(rules, decider)) && stralloc_catb(out, "\n", 1);
}

int explain_address(stralloc *out, script const *rules, folding const *how, char const *address)
{
  span in = span_of(address), key = {0, 0};

  if (!stralloc_catb(out, "key ", 4) || !stralloc_readyplus(out, in.len + 1))
    return 0;
  key.len = fold_sender(out->s + out->len, in, how);
  out->len += key.len;
  if (!stralloc_catb(out, "\n", 1))
    return 0;
  for (size_t i = 0; i < script_len(rules); i++) {
    key.s = out->s + 4;
    if (!explain_rule(out, rules, i, key))
      return 0;
  }
  return 1;
}
