/* pending.h - the deliveries that are pending, by number, by age, and by run of qmail-send.
 *
 * A qmail-send that starts counts deliveries from 1 again, and those that its predecessor left are gone: so
 * each run has a list of its own, and no other delivery is touched for that. */
#ifndef MAIL_PENDING_H
#define MAIL_PENDING_H

#include "mail/messages.h"

/* A delivery; or what is known of a run, as long as it has deliveries pending. */
typedef struct {
  list_node node;    /* deliveries only: by age */
  uint64_t run;      /* of qmail-send: its origin, and the part of D behind a dot */
  uint64_t number;   /* D; of a run 0 */
  cell message;      /* 0: unknown when the delivery started */
  cell owner;        /* the run of a delivery; 0: this is one itself */
  cell older, newer; /* in the list of the run's deliveries; of a run its newest and its oldest one */
} delivery;

static inline delivery *delivery_at(messages const *m, cell d)
{
  return pool_at(m->mem, d);
}

/* The delivery with that number in a run (is_run 0), or the run itself (number 0, is_run 1); 0 if there is
 * none.
 */
extern cell pending_find(messages const *m, uint64_t run, uint64_t number, int is_run);

/* Adds a delivery of the message c, which is in no table yet. Returns it, or 0 with errno ENOMEM. */
extern cell pending_add(messages *m, uint64_t run, uint64_t number, cell c);

/* Takes the delivery out of memory. Returns its message, which is now the caller's to release. */
extern cell pending_take(messages *m, cell d);

#endif
