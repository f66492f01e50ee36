/* warden.h - what each alert means for who is held. */
#ifndef GATE_WARDEN_H
#define GATE_WARDEN_H

#include "gate/roll.h"
#include "gate/whose.h"

typedef struct {
  roll roll;
  int keep;      /* who is under again stays held */
  int64_t lasts; /* seconds; 0: no limit */
  whose within;
} warden;

/* Acts upon one line, an alert or not, at now, in seconds since the Unix epoch. Returns 1, or 0 with errno if
 * it could not be done: ENOMEM, or E2BIG where there are too many. */
extern int warden_take(warden *w, span line, int64_t now);

#endif
