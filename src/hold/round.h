/* round.h - the loop of ratetap-hold: wait for alerts, act upon them, keep GATE, pass them on.
 *
 * It waits for alerts and for GATE's disk, never for a reader of standard output or standard error. What
 * cannot be done in GATE is tried again each second. */
#ifndef HOLD_ROUND_H
#define HOLD_ROUND_H

#include "hold/apply_alert.h"
#include "hold/gatedir.h"
#include "hold/input.h"
#include "hold/output.h"

typedef enum {
  ROUND_TOO_MANY, /* one more cannot be held */
  ROUND_MEMORY,   /* there is none: alerts wait where they come from */
  ROUND_OUTPUT    /* standard output fails, with errno */
} round_failure;

typedef struct round round;
struct round {
  /* What is asked for. */
  int passes_on; /* alerts go to standard output too, and notes of what was done in GATE */
  hold_policy policy;
  gatedir gate;
  void (*failed)(round *r, round_failure what);

  /* Its own. */
  int signals, is_terminated;
  int is_stuck; /* the input is known to be so */
  moment now;
  span label; /* of the line that is acted upon */
  inbox in;
  output out;
};

/* Makes all ready but GATE. Returns 1, or 0 with errno. */
extern int round_open(round *r);

/* Runs until the end of the input or SIGTERM. Returns 1, or 0 if there is something that could not be done in
 * GATE. */
extern int round_run(round *r);

#endif
