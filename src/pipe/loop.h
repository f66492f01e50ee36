/* loop.h - the loop that everything runs in: the log through, alerts out, timers, signals, the program that
 * stores the log.
 *
 * What was read is passed on before anything is waited for. Once the first byte was read only the input or
 * the output ends the loop; all else is a warning, and tried again. */
#ifndef PIPE_LOOP_H
#define PIPE_LOOP_H

#include "log/lines.h"
#include "pipe/alert_queue.h"
#include "pipe/batch.h"
#include "watch/tap.h"

typedef struct {
  batch log;
  lines lines;
  tap *tap;
  alert_queue alerts;
  logger *logger; /* 0: no program */
  int signals;    /* the descriptor of skalibs' selfpipe */
  moment now;
  int64_t logger_again;                 /* when to tend to the program again */
  int64_t warned_ended, warned_missing; /* when each was last told of the program; INT64_MIN: never */
  int ended, terminated, child_changed;
  int reload, report; /* asked for by a signal */
} loop;

/* From now on these signals wait until the loop takes them: TERM, INT and USR1, with reload HUP, with a
 * program ALRM and CHLD. The other ones that might end us or stop us are ignored. The caller opens the log,
 * the alerts and the logger. Returns 1, or 0 with errno. */
extern int loop_open(loop *l, tap *t, logger *program, int reload);

/* Has SIGTERM come? For a caller that does something else for a while before the loop. */
extern int loop_terminated(loop *l);

typedef enum {
  LOOP_RELOAD, /* SIGHUP: read the rules again */
  LOOP_REPORT, /* SIGUSR1: write a report */
  LOOP_ENDED,  /* the input has ended: what is written to the alerts now goes out before LOOP_DONE */
  LOOP_DONE,   /* the input has ended or SIGTERM came, the program has stored all, the alerts are written */
  LOOP_FAILED  /* input or output, see errno; EPIPE: the output has no reader any more */
} loop_event;

/* Runs until there is something for the caller to do; tap_machine was called by then. */
extern loop_event loop_next(loop *l);

#endif
