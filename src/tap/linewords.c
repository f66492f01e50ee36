#include "tap/linewords.h"
#include "rule/finder.h"

/* Has rule i counted the line for its first bytes? */
static int has_counted(ruleset const *of, size_t i, pattern const *p, linewords_first const *first)
{
  span word[PATTERN_WORDS];
  return first->text.len && of->born[i] <= first->generation && finder_words(p, first->text, word);
}

int linewords_find(ruleset *of, script const *rules, span text, linewords_first const *first)
{
  int found = 0;

  for (size_t n = 0; n < of->ranks; n++)
    for (uint64_t left = of->rank[n].of[COUNT_LINE]; left; left &= left - 1) {
      size_t i = ruleset_first(left, n);
      pattern const *p = script_pattern(rules, i);
      if (finder_words(p, text, of->found[i].word) && !has_counted(of, i, p, first))
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
