/* join.h - what an event of the log means for the rules: who did it, and what it counts as.
 *
 * Only `info msg` names the sender, only `starting delivery` the recipient; the deliveries and messages in
 * between are remembered here. What no rule asks for, and none can come to ask for, is not: without rules on
 * deliveries only M and Q are kept. */
#ifndef MAIL_JOIN_H
#define MAIL_JOIN_H

#include "base/scan.h"
#include "mail/queue.h"
#include "mail/sender.h"
#include "rule/script.h"

/* One thing that happened. Its spans are good until the next one, and as long as the line. */
typedef struct {
  unsigned int counts; /* bit 1 << COUNT for each COUNT that it is an event of */
  uint64_t bytes;      /* of the message; for COUNT_BYTE */
  uint64_t message, qp, uid;
  sender const *from;
  span to; /* the recipient; for COUNT_RCPT, COUNT_REMOTE, COUNT_TO and COUNT_HOST */
} occurrence;

typedef struct {
  messages queue;
  folding how;
  hash_key const *key;
  script const *rules;
  uint32_t generation; /* of rules */
  int deliveries;      /* rules ask for deliveries and bounces */
  int recipients;      /* ... and whether a recipient was tried before */
  int changes;         /* set by the owner: rules to come may ask for both, so senders are kept at once */
  int domains;         /* rules ask for domains */
  int selects;         /* rules have patterns */
  uint64_t unknown;    /* deliveries of messages that were unknown at their start */
  sender from;         /* of the last occurrence */
  cell loaded;         /* where from was read; 0: from a line, and so since a sender was last stored */
} join;

/* Makes a join that takes at most cells_most cells of mem. Returns 1, or 0 with errno ENOMEM. */
extern int join_open(join *j, pool *mem, hash_key const *key, folding how, size_t cells_most);
extern void join_close(join *j);

/* From now on these are the rules; the messages stay. Pending deliveries stay only if a rule asks for
 * deliveries: without one their ends are not read. rules must outlive the join or the next call. */
extern void join_rules(join *j, script const *rules);

/* Does an event of that kind matter? Messages always do, deliveries and bounces if a rule asks for them. */
static inline int join_concerns(join const *j, event const *e)
{
  return j->deliveries || e->kind == EVENT_INFO || e->kind == EVENT_END;
}

/* Takes in an event on host that concerns the join. Returns 1 and fills *o if rules may count it. */
extern int join_event(join *j, span host, event const *e, occurrence *o);

/* Does rule i apply to the message of the last occurrence? */
static inline int join_applies(join const *j, size_t i)
{
  return !j->selects || (j->from.applies[i / 8] >> i % 8 & 1);
}

#endif
