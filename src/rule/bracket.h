/* bracket.h - the bracket expressions of fnmatch(3): where one ends, and which bytes are in it. */
#ifndef RULE_BRACKET_H
#define RULE_BRACKET_H

#include "base/span.h"

/* How many bytes the bracket expression at the start of s takes, with both brackets; 0 if it is never closed.
 * s begins with '['. */
extern size_t bracket_len(span s);

/* Fills set, one bit per byte, from a whole bracket expression. Returns 1, or 0 with errno ENOMEM. */
extern int bracket_set(unsigned char set[32], span bracket);

#endif
