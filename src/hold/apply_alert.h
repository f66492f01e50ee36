/* apply_alert.h - what each alert means for who is held. */
#ifndef HOLD_APPLY_ALERT_H
#define HOLD_APPLY_ALERT_H

#include "hold/holds.h"
#include "watch/alert.h"

#define HOLD_LASTS_MOST_S (400 * 86400)

/* Why a key that is over is not held. */
typedef enum {
  LEFT_OUT_DOMAIN, /* it is within none of the domains */
  LEFT_OUT_LENGTH  /* alerts may have cut it */
} left_out;

/* What the user asked for, and who is held for that. */
typedef struct {
  char const *const *domains; /* senders and domains within these only; the caller's */
  size_t domains_len;         /* 0: all */
  char const *const *rules;   /* patterns of fnmatch(3): the rules that hold; the caller's */
  size_t rules_len;           /* 0: those that count remote recipients of a sender */
  int lets_go;                /* at `under` */
  int64_t lasts; /* seconds after the newest `over`, up to HOLD_LASTS_MOST_S; 0: until released by hand */
  void (*told)(void *to, left_out why, char const *name); /* once for each key that is left out */
  void *to;
  holds all;
  holds passed_over; /* keys that were left out, by their names alone */
} hold_policy;

/* Acts upon one line, an alert or not. Returns 1, or 0 with errno if it could not be done: ENOMEM, or E2BIG
 * if there are too many. To act upon a line twice does no harm. */
extern int apply_alert(hold_policy *p, span line, moment now);

#endif
