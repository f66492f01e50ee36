/* queued.h - the messages of one key that are still in the queue by the log: their `info msg` was seen, and
 * no `end msg` after it. */
#ifndef MAIL_QUEUED_H
#define MAIL_QUEUED_H

#include "base/hash.h"
#include "count/pool.h"
#include "log/date.h"
#include "log/event.h"
#include "log/splogger.h"
#include "mail/fold.h"

typedef enum { QUEUED_SENDER, QUEUED_DOMAIN, QUEUED_UID } queued_kind;

typedef struct {
  queued_kind kind;
  span key; /* folded; of QUEUED_UID in digits */
  folding how;
} queued_key;

/* Is a message of that sender, as logged, and of that user ID one of the key's? */
extern int queued_matches(queued_key const *k, span sender, uint64_t uid);

/* Each is known by its number, queue and host; it owns its spans. */
typedef struct {
  uint64_t number, qp;
  span queue, host; /* empty if the log names none */
  span sender;      /* as logged */
  int is_of_key;
} queued_message;

typedef struct {
  queued_key key;
  void *tree; /* of queued_message, see tsearch(3) */
  int failed; /* there was no memory: what is known is not all */
  date_reader dates;
  hash_key secret;
  pool mem;
  parts parts; /* of lines that splogger has cut */
} queued;

/* key's spans stay the caller's. */
extern void queued_open(queued *q, queued_key const *key);
extern void queued_close(queued *q);

/* Takes in a line; a lines_take. */
extern void queued_line(void *queued, span line);

/* Calls each with every message of the key, in the order of their numbers. */
extern void queued_each(queued const *q, void (*each)(void *to, queued_message const *m), void *to);

#endif
