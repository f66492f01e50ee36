/* round.h - what ratetap-hold does all day: wait for alerts, act upon them, keep GATE, pass them on.
 *
 * Nobody is waited for but the alerts: neither standard output nor standard error nor GATE holds the others
 * up. What cannot be done in GATE is tried again each second. */
#ifndef HOLD_ROUND_H
#define HOLD_ROUND_H

#include "base/span.h"
#include "hold/input.h"
#include "hold/output.h"
#include "hold/gatedir.h"
#include "hold/apply_alert.h"

typedef enum {
  ROUND_TOO_MANY, /* one more cannot be held */
  ROUND_MEMORY,   /* there is none: alerts wait where they come from */
  ROUND_OUTPUT    /* standard output fails, with errno */
} round_trouble;

typedef struct round round;
struct round {
  /* what is asked for */
  int pass; /* alerts go to standard output too */
  warden warden;
  upkeep upkeep;
  upkeep_trouble *gate_trouble; /* words; both get the round */
  void (*trouble)(round *r, round_trouble what);

  /* its own */
  int signals, terminated;
  int stuck; /* is the inbox known to be so? */
  moment now;
  inbox in;
  output out;
};

/* Makes all ready but GATE. Returns 1, or 0 with errno. */
extern int round_open(round *r);

/* For standard error, a line with its newline. */
extern void round_say(round *r, span line);

/* Runs until the end of the input or SIGTERM. Returns 1, or 0 if there is something that could not be done in
 * GATE. */
extern int round_run(round *r);

#endif
