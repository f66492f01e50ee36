/* mailkey.h - what becomes of mail under a rule: whose counter an event is, and which value it has where
 * different values count. */
#ifndef TAP_MAILKEY_H
#define TAP_MAILKEY_H

#include "count/store.h"
#include "mail/join.h"
#include "tap/keyroom.h"

/* Fills in the weight, the value and the key of *e for *o under r. Returns 1 with e->key in k or in *o, or 0
 * if it counts for nobody. */
extern int mailkey_read(store_event *e, rule const *r, occurrence const *o, keyroom *k);

#endif
