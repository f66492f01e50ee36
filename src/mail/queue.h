/* queue.h - the messages in qmail's queues and the deliveries that are pending, as far as the log tells of
 * them.
 *
 * Only `info msg` names the sender, only `starting delivery` the recipient: this is what joins the two. A
 * message is identified by its origin (host and queue) and number. A delivery belongs to the message as it
 * was known when the delivery started, so a message outlives its end until its last delivery is done.
 *
 * A qmail-send that starts counts deliveries from 1 again, and those that its predecessor left are gone: so
 * each run of it has a list of its own, and no other delivery is touched for that. */
#ifndef MAIL_QUEUE_H
#define MAIL_QUEUE_H

#include "base/hash.h"
#include "count/table.h"
#include "log/event.h"
#include "mail/seen.h"

typedef struct {
  list_node node;          /* by number, and by age */
  uint64_t origin, number; /* whose, and M */
  uint64_t qp, uid;
  cell sender;         /* see sender.h; 0 if no rule asked for it */
  seen_set seen;       /* recipients tried so far */
  uint32_t deliveries; /* pending */
  uint32_t known;      /* has not ended: is in the table and the list */
} message;

typedef struct {
  pool *mem;
  hash_key const *key;
  table by_number, by_delivery; /* known messages, and pending deliveries */
  cell_list known, pending;     /* the same, oldest first */
  size_t cells, cells_most;
  size_t deliveries; /* pending */
  size_t runs;       /* of qmail-send with any pending; a cell each beside cells, at most one a delivery */
  int queues;        /* there was a delivery of a queue with a name */
} messages;

/* Makes an empty set that takes at most cells_most cells. Returns 1, or 0 with errno ENOMEM. */
extern int messages_open(messages *m, pool *mem, hash_key const *key, size_t cells_most);
extern void messages_close(messages *m);

/* The identity of all that one queue of one host logs. */
extern uint64_t messages_origin(messages const *m, span host, span queue);

/* Takes in an `info msg`. Returns 1 and the message in *found (0 if there is no memory for it), or 0 if it is
 * the same message announced twice. */
extern int message_announce(messages *m, uint64_t origin, event const *info, cell *found);

/* The message with that number, or 0. */
extern cell message_find(messages const *m, uint64_t origin, uint64_t number);

/* The message has left the queue. */
extern void message_end(messages *m, uint64_t origin, uint64_t number);

/* All channels but this one are remote, and one channel. */
static inline int channel_is_local(span channel)
{
  return span_equal(channel, span_of("local"));
}

/* Returns 1 if recipient is tried for the first time on that channel, else 0 (also if it cannot be
 * remembered). */
extern int message_first_try(messages *m, cell c, span channel, span recipient);

static inline message *message_at(messages const *m, cell c)
{
  return pool_at(m->mem, c);
}

/* Takes the message out of memory unless a delivery still needs it. */
extern void message_release(messages *m, cell c);

/* A delivery; or what is known of a run, as long as it has deliveries pending. */
typedef struct {
  list_node node;    /* deliveries only: by age */
  uint64_t run;      /* of qmail-send: its origin, and the part of D after a dot */
  uint64_t number;   /* D; of a run 0 */
  cell message;      /* 0: unknown when the delivery started */
  cell owner;        /* the run of a delivery; 0: this is one itself */
  cell older, newer; /* in the list of the run's deliveries; of a run its newest and its oldest one */
  uint32_t is_local;
} delivery;

static inline delivery *delivery_at(messages const *m, cell d)
{
  return pool_at(m->mem, d);
}

/* Deliveries pending at a time: qmail-send has at most 255 a channel, 65,000 if patched; older ones are
 * forgotten. */
#define DELIVERIES_MOST 65536

/* Makes room for a message or a delivery: while the share of memory is used up, forgets the oldest message,
 * whose deliveries to come are then those of an unknown one; without one the oldest delivery. */
extern void messages_make_room(messages *m);

/* Takes in a `starting delivery` of the message c (0: unknown). When a qmail-send begins to count deliveries
 * at 1 again, those that its predecessor left pending are gone. */
extern void delivery_start(messages *m, uint64_t origin, event const *start, cell c);

/* Forgets all that are pending. */
extern void delivery_forget_all(messages *m);

/* Takes in the end of a delivery on host. Returns 1 with its message in *c (0: it was unknown) and whether it
 * was a local one in *is_local, or 0 if no such delivery is pending. The message is the caller's until
 * message_release, which must be called. */
extern int delivery_end(messages *m, span host, event const *result, cell *c, int *is_local);

#endif
