#include "main/explain.h"

static int append(stralloc *out, span s)
{
  return stralloc_catb(out, s.s, s.len);
}

/* In a file a blank at the end of a line rule would go, without a backslash before it. */
static int append_directive(stralloc *out, span d)
{
  size_t slashes = 0;

  if (!d.len || d.s[d.len - 1] != ' ')
    return append(out, d);
  while (slashes + 1 < d.len && d.s[d.len - 2 - slashes] == '\\')
    slashes++;
  return append(out, (span){d.s, d.len - 1}) && stralloc_cats(out, slashes % 2 ? " " : "\\ ");
}

int explain_script(stralloc *out, script const *rules)
{
  for (size_t i = 0; i < script_directives(rules); i++)
    if (!append_directive(out, script_directive(rules, i)) || !stralloc_catb(out, "\n", 1))
      return 0;
  return 1;
}

/* What a rule counts for the address: its folded sender, or as a word of lines just that. */
typedef struct {
  span sender, word;
} explain_keys;

/* What a rule that a selected sender has no key for does not count. */
static char const *no_key(rule const *r, span key)
{
  if (r->key == KEY_SENDER && fold_null(key))
    return ": no, a null sender has no sender key";
  if (r->key == KEY_TEXT && !key.len)
    return ": no, a word is not empty";
  if (r->count == COUNT_FROM && fold_null(key))
    return ": no, a null sender is none of the senders that from counts";
  if (r->key == KEY_DOMAIN && (fold_null(key) || !fold_domain(key).len))
    return ": no, this sender has no domain";
  return 0;
}

static int explain_rule(stralloc *out, script const *rules, size_t i, explain_keys const *keys)
{
  rule const *r = script_rule(rules, i);
  span key = r->count == COUNT_LINE ? keys->word : keys->sender;
  size_t decider = script_decider(rules, key, i);
  int applies = script_applies(rules, decider);
  char const *why = applies ? no_key(r, key) : 0;

  if (!append(out, script_rule_text(rules, i)))
    return 0;
  if (why)
    return stralloc_cats(out, why) && stralloc_catb(out, "\n", 1);
  if (decider == SCRIPT_NONE) {
    if (!stralloc_cats(out, ": yes, no directive before it matches"))
      return 0;
  } else if (!stralloc_cats(out, applies ? ": yes, because of " : ": no, because of ") ||
             !append(out, script_directive(rules, decider)))
    return 0;
  for (size_t at = decider == SCRIPT_NONE ? 0 : decider + 1;
       (at = script_exception(rules, i, at, applies)) != SCRIPT_NONE; at++) {
    span uid = script_directive(rules, at);
    if (!stralloc_cats(out, ", unless ") || !append(out, (span){uid.s + 1, uid.len - 1}))
      return 0;
  }
  return stralloc_catb(out, "\n", 1);
}

/* An address may be given as the log writes it. */
static span without_brackets(span in)
{
  int has = in.len > 1 && in.s[0] == '<' && in.s[in.len - 1] == '>';
  return has ? (span){in.s + 1, in.len - 2} : in;
}

int explain_address(stralloc *out, script const *rules, folding const *how, char const *address)
{
  explain_keys keys = {.word = without_brackets(span_of(address))};

  if (!stralloc_catb(out, "key ", 4) || !stralloc_readyplus(out, keys.word.len + 1))
    return 0;
  keys.sender.len = fold_sender(out->s + out->len, keys.word, how);
  out->len += keys.sender.len;
  if (!stralloc_catb(out, "\n", 1))
    return 0;
  for (size_t i = 0; i < script_len(rules); i++) {
    keys.sender.s = out->s + 4;
    if (!explain_rule(out, rules, i, &keys))
      return 0;
  }
  return 1;
}
