#include "watch/key.h"
#include "rule/pattern.h"
#include <skalibs/uint64.h>
#include <stdlib.h>

int ruleset_open(ruleset *r, size_t rules, size_t sets)
{
  *r = (ruleset){.ranks = (rules + 63) / 64};
  r->set = calloc(rules + 1, sizeof *r->set);
  r->rule_of = calloc(sets + 1, sizeof *r->rule_of);
  r->found = calloc(rules + 1, sizeof *r->found);
  r->born = calloc(rules + 1, sizeof *r->born);
  r->rank = calloc(r->ranks + 1, sizeof *r->rank);
  return r->set && r->rule_of && r->found && r->born && r->rank;
}

void ruleset_close(ruleset *r)
{
  free(r->set);
  free(r->rule_of);
  free(r->found);
  free(r->born);
  free(r->rank);
  *r = (ruleset){0};
}

void ruleset_rank_rules(ruleset *r, script const *rules)
{
  for (size_t i = 0; i < script_len(rules); i++) {
    rule_count count = script_rule(rules, i)->count;
    r->rank[i / 64].of[count] |= UINT64_C(1) << i % 64;
    r->lines |= count == COUNT_LINE;
  }
}

/* What of an event is one of different values, to the rules that count those. Returns 0 if it has none. */
static int read_value(uint64_t *value, rule const *r, occurrence const *o, keyroom *k)
{
  span of = o->to;

  *value = 0;
  if (r->count == COUNT_FROM)
    *value = o->from->key_hash;
  if (r->count != COUNT_TO && r->count != COUNT_HOST)
    return 1;
  if (r->count == COUNT_HOST)
    of = fold_domain(of);
  if (of.len)
    *value = keyroom_value(k, keyroom_lower(k, of));
  return of.len != 0;
}

/* Whose counter an event is; an empty key counts for nobody. */
static span read_key(uint64_t *hash, rule const *r, occurrence const *o, keyroom *k)
{
  span key = {"*", 1};

  *hash = 0;
  if (r->key == KEY_ALL)
    return key;
  if (r->key == KEY_SENDER) {
    *hash = o->from->key_hash;
    return fold_null(o->from->key) ? (span){"", 0} : o->from->key;
  }
  if (r->key == KEY_DOMAIN) {
    *hash = o->from->domain_hash;
    return sender_domain(o->from);
  }
  key = (span){k->text, uint64_fmt(k->text, o->uid)};
  *hash = keyroom_hash(k, key);
  return key;
}

int mailkey_read(store_event *e, rule const *r, occurrence const *o, keyroom *k)
{
  e->weight = r->count == COUNT_BYTE ? o->bytes : 1;
  if (!read_value(&e->value, r, o, k))
    return 0;
  e->key = read_key(&e->hash, r, o, k);
  return e->key.len != 0;
}

/* Has rule i counted the line for its first bytes? */
static int has_counted(ruleset const *of, size_t i, pattern const *p, linewords_first const *first)
{
  span word[PATTERN_WORDS];
  return first->text.len && of->born[i] <= first->generation && pattern_find(p, first->text, word);
}

int linewords_find(ruleset *of, script const *rules, span text, linewords_first const *first)
{
  int found = 0;

  for (size_t n = 0; n < of->ranks; n++)
    for (uint64_t left = of->rank[n].of[COUNT_LINE]; left; left &= left - 1) {
      size_t i = ruleset_first(left, n);
      pattern const *p = script_pattern(rules, i);
      if (pattern_find(p, text, of->found[i].word) && !has_counted(of, i, p, first))
        found = 1;
      else
        of->found[i].word[0].len = 0;
    }
  return found;
}

int linewords_read(store_event *e, ruleset const *of, script const *rules, size_t i, join const *how,
                   keyroom *k)
{
  span const *word = of->found[i].word;
  int exact = how->how.exact;

  if (!word->len)
    return 0;
  if (how->selects && !script_applies(rules, script_decider(rules, *word, i)))
    return 0;
  e->weight = 1;
  if (script_rule(rules, i)->words > 1)
    e->value = keyroom_value(k, exact ? word[1] : keyroom_lower(k, word[1]));
  e->key = exact ? *word : keyroom_lower(k, *word);
  e->hash = keyroom_hash(k, e->key);
  return 1;
}
