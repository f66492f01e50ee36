/* finder.h - finds the words of a PATTERN in a line, in time linear in the line.
 *
 * Where one part of a pattern is not found behind the first place of the part before, no later place will do
 * either; and the end of a word is looked for once for all places at which it may begin. */
#ifndef RULE_FINDER_H
#define RULE_FINDER_H

#include "rule/pattern.h"

/* Returns 1 with the words of p, parts of text, or 0 if text does not match (then *word is undefined). */
extern int finder_words(pattern const *p, span text, span word[PATTERN_WORDS]);

#endif
