/* messages.h - the messages in qmail's queues, as far as the log told of them.
 *
 * A message is identified by its origin (host and queue) and number. A delivery belongs to the message as it
 * was known when the delivery started, so a message outlives its end until the last of its deliveries
 * (delivery.h) is done. */
#ifndef MAIL_MESSAGES_H
#define MAIL_MESSAGES_H

#include "base/hash.h"
#include "count/list.h"
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
  int queues;        /* there was a delivery of a queue with a name */
  size_t
      runs; /* of qmail-send with any pending; a cell each beside the others, at most one for each of these */
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

/* Returns 1 if recipient is tried for the first time on that channel, else 0 (also if it cannot be
 * remembered). */
extern int message_first_try(messages *m, cell c, span channel, span recipient);

static inline message *message_at(messages const *m, cell c)
{
  return pool_at(m->mem, c);
}

/* Forgets the oldest message: its deliveries to come are those of an unknown one. */
extern void message_forget_oldest(messages *m);

/* Takes the message out of memory unless a delivery still needs it. */
extern void message_release(messages *m, cell c);

#endif
