/* output.h - what ratetap-hold writes: alerts for the next reader, and words of its own.
 *
 * It waits for no reader. What is not taken waits in memory. Alerts that find no room there are dropped, and
 * a note says how many. */
#ifndef HOLD_OUTPUT_H
#define HOLD_OUTPUT_H

#include "pipe/alert_queue.h"

typedef struct {
  alert_queue out, err;
  int failing; /* standard output is known to fail */
} output;

/* For standard output and standard error, which stay the caller's. */
extern void output_open(output *o);

/* For standard output and for standard error, a line of up to LINE_MOST bytes with its newline; to be
 * followed by output_flush. */
extern void output_pass(output *o, span line);
extern void output_say(output *o, span line);

/* Writes what the two take. Returns 1, or 0 with errno if standard output fails and did not before. */
extern int output_flush(output *o, moment now);

/* Does one of them wait for its reader? */
extern int output_full(output const *o);

/* When to write again even if poll says nothing, on the monotonic clock; INT64_MAX: never. */
extern int64_t output_deadline(output const *o);

#endif
