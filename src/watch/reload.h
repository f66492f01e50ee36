/* reload.h - gives a watch its rules. A rule that it had before keeps its counters. The episodes of a rule
 * that goes, and of keys that a rule no longer selects, end with `under` lines. */
#ifndef WATCH_RELOAD_H
#define WATCH_RELOAD_H

#include "watch/watch.h"

/* From now on, the present time as of the last timeline_machine, rules are the rules of w; they must outlive
 * it or the next call. Returns 1, or 0 with errno ENOMEM and nothing changed. */
extern int reload_rules(watch *w, script const *rules);

#endif
