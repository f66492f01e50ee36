/* reload.h - gives a watch its rules; a rule that it had before keeps its counters. */
#ifndef TAP_RELOAD_H
#define TAP_RELOAD_H

#include "tap/watch.h"

/* From now on rules are the rules of t; they must outlive it or the next call. Returns 1, or 0 with errno
 * ENOMEM and nothing changed. */
extern int reload_rules(watch *t, script const *rules);

#endif
