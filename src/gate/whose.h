/* whose.h - whose file in GATE is it that an alert is about? */
#ifndef GATE_WHOSE_H
#define GATE_WHOSE_H

#include "tap/alertline.h"

/* Of senders and domains, only these and those below them; user IDs belong to no domain. */
typedef struct {
  char const *const *domains; /* the caller's */
  size_t len;                 /* 0: all */
} whose;

/* Writes the name to name, NAME_MAX_LEN + 1 bytes. Returns 1; or 0 if nobody is to be held: the key of the
 * rule is none of sender, domain and uid, or is a null sender, user ID 0 or not within the domains. */
extern int whose_file(whose const *w, alertline const *a, char *name);

#endif
