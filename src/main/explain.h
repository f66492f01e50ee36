/* explain.h - answers to -n and -t: what the directives are, and what they mean for one address. */
#ifndef MAIN_EXPLAIN_H
#define MAIN_EXPLAIN_H

#include "main/settings.h"
#include <skalibs/stralloc.h>

/* Appends the directives in canonical form, a line each. Returns 1, or 0 with errno ENOMEM. */
extern int explain_script(stralloc *out, script const *rules);

/* Appends the folded key of address, then for each rule whether it applies and which directive decided.
 * Returns 1, or 0 with errno ENOMEM. */
extern int explain_address(stralloc *out, script const *rules, folding const *how, char const *address);

#endif
