/* warden.h - what each alert means for who is held. */
#ifndef GATE_WARDEN_H
#define GATE_WARDEN_H

#include "gate/roll.h"

typedef struct {
  roll roll;
  int keep;                   /* who is under again stays held */
  int64_t lasts;              /* seconds; 0: no limit */
  char const *const *domains; /* only these and those below them */
  size_t domains_len;         /* 0: all */
} warden;

/* Acts upon one line, an alert or not, at now, in seconds since the Unix epoch. Returns 1, or 0 with errno if
 * it could not be done: ENOMEM, or E2BIG where there are too many. */
extern int warden_take(warden *w, span line, int64_t now);

/* Lets go of those whose time is up, and forgets what need not be remembered. */
extern void warden_tick(warden *w, int64_t now);

/* When the next time is up; ROLL_FOREVER if there is none. */
extern int64_t warden_next(warden const *w);

#endif
