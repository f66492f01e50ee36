/* reload.h - gives a watch its rules: one that it had before keeps its counters, the episodes of one that
 * goes end with `under` lines. Linear in the rules, however many of them change. */
#ifndef WATCH_RELOAD_H
#define WATCH_RELOAD_H

#include "watch/watch.h"

/* From now on rules are the rules of p's watch; they must outlive it or the next call. Returns 1, or 0 with
 * errno ENOMEM and nothing changed. */
extern int reload_rules(logclock *p, script const *rules);

#endif
