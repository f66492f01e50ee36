/* round.h - what ratetap-hold does all day: wait for alerts, act upon them, keep GATE, pass them on.
 *
 * Nobody is waited for but the alerts: neither standard output nor standard error nor GATE holds the others
 * up. What cannot be done in GATE is tried again each second. */
#ifndef GATE_ROUND_H
#define GATE_ROUND_H

#include "base/moment.h"
#include "flow/backlog.h"
#include "flow/outlet.h"
#include "gate/gatedir.h"
#include "gate/intake.h"
#include "gate/warden.h"
#include "log/lines.h"

typedef enum { ROUND_FULL, ROUND_MISSED, ROUND_OUTPUT } round_trouble;

typedef struct round round;
struct round {
  /* what is asked for */
  int pass; /* alerts go to standard output too */
  int dry;  /* GATE is not touched */
  warden warden;
  gatedir gate;
  /* words: of GATE, with errno; it is tried again. And: there are too many; alerts were not acted upon, for
   * there was no memory while GATE was not ready; standard output fails, with errno */
  void (*gate_trouble)(round *r, gatedir_answer what);
  void (*trouble)(round *r, round_trouble what);

  /* its own */
  int signals, ended, terminated, pass_broken;
  int starved;           /* there was no memory for a line: the input is looked at anew */
  gatedir_answer answer; /* of the last look at GATE */
  moment now, again;     /* again.mono: when GATE is to be looked at */
  intake in;
  lines lines;
  outlet out, err;
  outlet_state out_state, err_state;
  backlog waiting; /* lines that cannot be acted upon yet */
};

/* Makes all ready but GATE. Returns 1, or 0 with errno. */
extern int round_open(round *r);

/* For standard error, a line with its newline. */
extern void round_say(round *r, span line);

/* Runs until the end of the input or SIGTERM. Returns 1, or 0 if there is something that could not be done in
 * GATE. */
extern int round_run(round *r);

#endif
