/* whose.h - whose file in GATE is it that an alert is about? */

/* warden.h - what each alert means for who is held. */
#ifndef HOLD_APPLY_ALERT_H
#define HOLD_APPLY_ALERT_H

#include "watch/alert.h"
#include "hold/holds.h"

/* Of senders and domains, only these and those below them; user IDs belong to no domain. */
typedef struct {
  char const *const *domains; /* the caller's */
  size_t len;                 /* 0: all */
} whose;

/* Writes the name to name, NAME_MAX_LEN + 1 bytes. Returns 1; or 0 if nobody is to be held: the key of the
 * rule is none of sender, domain and uid, or is a null sender, user ID 0 or not within the domains. */
extern int whose_file(whose const *w, alertline const *a, char *name);

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
