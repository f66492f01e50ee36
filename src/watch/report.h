/* report.h - what the counters have seen so far: the busiest keys, and which limit would have caught how
 * many. */
#ifndef WATCH_REPORT_H
#define WATCH_REPORT_H

#include "watch/tap.h"

/* Goes to the present time (as of the last tap_machine) and writes top and peaks lines for each rule, with up
 * to top keys, and the stat line; lost: alerts that never went out. Memory for sorting comes from outside of
 * the budget, for the time of the report; where there is none, the lines that need it are left out. */
extern void report_write(tap *t, size_t top, uint64_t lost);

#endif
