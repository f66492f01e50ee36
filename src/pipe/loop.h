/* signals.h - which signals are taken care of by the loop, and which are ignored. */

/* pump.h - the loop that everything runs in: the log through, alerts out, timers, signals, the program
 * behind.
 *
 * What was read is passed on before anything is waited for. Once the first byte was read only the input or
 * the output ends the loop; all else is told to the caller, who finds words for it, and tried again. */
#ifndef PIPE_LOOP_H
#define PIPE_LOOP_H

#include "pipe/alert_queue.h"
#include "pipe/batch.h"
#include "log/lines.h"
#include "watch/tap.h"

/* From now on TERM and USR1, with reload HUP and with a program ALRM and CHLD wait to be read; the other ones
 * that might end us are ignored. Returns the descriptor to poll, for skalibs' selfpipe_read, or -1 with
 * errno. */
extern int signals_open(int reload, int program);

typedef enum {
  PUMP_OUTPUT_FULL,    /* the output fails for now, see errno */
  PUMP_ALERTS_FAIL,    /* so does the alert descriptor */
  PUMP_NO_SPLICE,      /* the kernel refuses to move the log, see errno; it is read and written */
  PUMP_PROGRAM_ENDED,  /* though input lasts; see keeper.status */
  PUMP_PROGRAM_ABSENT, /* it cannot be started, see errno */
} pump_trouble;

typedef struct pump {
  stream log;
  lines lines;
  tap *tap;
  alerts alerts;
  keeper *keeper; /* 0: no program */
  void (*trouble)(struct pump *,
                  pump_trouble); /* told of each trouble as it begins, not again while it lasts */
  void (*reload)(struct pump *); /* after SIGHUP; 0: it is ignored */
  void (*report)(struct pump *); /* after SIGUSR1 */
  void (*ended)(struct pump *);  /* at the end of input, before the last alerts are written */
  int signals;                   /* as signals_open gave it */
  moment now;
  int64_t program_again;     /* when to tend to the program again */
  int64_t program_warned[2]; /* when each of its troubles was last told, INT64_MIN: never */
  int ended_input, terminated, child_changed;
} pump;

/* Runs until the input has ended or SIGTERM came, the program (if any) has stored all, and the alert reader
 * has taken all. Returns 1, or 0 with errno if input or output failed (EPIPE: nobody reads the output any
 * more). */
extern int pump_run(pump *p);

#endif
