/* judge.h - is a sender, its domain or a user ID held? Whatever goes wrong in finding out, nobody is.
 *
 * Keys in alerts are those of a log: qmail-send writes some bytes of an address as '_', and alerts are cut.
 * So a sender of which that is not the same is looked for in both forms. */
#ifndef GATE_JUDGE_H
#define GATE_JUDGE_H

#include "mail/fold.h"
#include <stdint.h>

#define JUDGE_SENDER 65536 /* bytes; no log line that is an event has a longer sender */

typedef struct {
  char const *directory; /* GATE */
  folding how;
} judge;

/* Is there a file in GATE for this user ID, the folded sender or its domain? Null senders have neither. */
extern int judge_held(judge const *j, uint64_t uid, span sender);

#endif
