/* delivery.h - the deliveries that have started and not yet ended.
 *
 * Only `info msg` names the sender, only `starting delivery` the recipient: this is the join of the two. */
#ifndef MAIL_DELIVERY_H
#define MAIL_DELIVERY_H

#include "mail/messages.h"

/* Deliveries pending at a time: qmail-send has at most 255 a channel, 65,000 if patched; older ones are
 * forgotten. */
#define DELIVERIES_MOST 65536

/* Makes room for a message or a delivery: while the share of memory is used up, forgets the oldest. */
extern void delivery_make_room(messages *m);

/* Takes in a `starting delivery` of the message c (0: unknown). When a qmail-send begins to count deliveries
 * at 1 again, those that its predecessor left pending are gone. */
extern void delivery_start(messages *m, uint64_t origin, event const *start, cell c);

/* Forgets all that are pending. */
extern void delivery_forget_all(messages *m);

/* Takes in the end of a delivery on host. Returns 1 and its message in *c (0: it was unknown), or 0 if no
 * such delivery is pending. The message is the caller's until message_release, which must be called. */
extern int delivery_end(messages *m, span host, event const *result, cell *c);

#endif
