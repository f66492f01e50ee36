/* handover.h - gives a tally its rules; a rule that it had before keeps its counters. */
#ifndef TAP_HANDOVER_H
#define TAP_HANDOVER_H

#include "tap/tally.h"

/* From now on rules are the rules of t; they must outlive it or the next call. Returns 1, or 0 with errno
 * ENOMEM and nothing changed. */
extern int handover_rules(tally *t, script const *rules);

#endif
