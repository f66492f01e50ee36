/* linewords.h - the words that the patterns of line rules find in a line: which they are, and whose counter.
 */
#ifndef TAP_LINEWORDS_H
#define TAP_LINEWORDS_H

#include "count/store.h"
#include "mail/join.h"
#include "tap/keyroom.h"
#include "tap/ruleset.h"

/* The first bytes of a line, which line rules have seen before. */
typedef struct {
  span text;           /* empty: none, or no rule matched */
  uint32_t generation; /* of the rules then */
} linewords_first;

/* Looks in the text of a line for the words of all line rules but those that matched its first bytes, and
 * have counted it for that: of->found says what was found. Returns whether any matches. */
extern int linewords_find(ruleset *of, script const *rules, span text, linewords_first const *first);

/* Fills in the weight, the value and the key of *e for the words that were found for line rule i. Returns 1
 * with e->key in k or in the line, or 0 if none were, or the rule does not apply to them. */
extern int linewords_read(store_event *e, ruleset const *of, script const *rules, size_t i, join const *how,
                          keyroom *k);

#endif
