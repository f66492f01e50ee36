/* held_list.h - ratetap-hold -l: who is held, as GATE says. */
#ifndef HOLD_HELD_LIST_H
#define HOLD_HELD_LIST_H

#include <skalibs/stralloc.h>

/* Appends a line for each file that holds a key, in the order of their names: KIND KEY RULE since until; the
 * last two are labels, or "-" if unknown or never. A file discard:NAME has a line, too, with KIND
 * discard:KIND; RULE, since and until are those of the held file beside it if it counts, else "-". Returns 1,
 * or 0 with errno. */
extern int held_list(stralloc *out, char const *gate);

#endif
