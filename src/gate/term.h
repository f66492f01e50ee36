/* term.h - until when who is held is held. Times are whole seconds since the Unix epoch. */
#ifndef GATE_TERM_H
#define GATE_TERM_H

#include "gate/roll.h"

/* Lets go of those whose time is up at now, and forgets what need not be remembered. */
extern void term_end(roll *all, int64_t now);

/* When the next time is up; HELD_FOREVER if there is none. */
extern int64_t term_next(roll const *all);

#endif
