/* name.h - the file in GATE that says that a key is held: "sender:ann@example.org".
 *
 * Both programs must make the same name of the same key, and none that leads out of GATE: what is not one of
 * a-z, 0-9 and @._+=- is written as %XX, and a name that would be longer than NAME_MAX_LEN is made of the
 * SHA-256 of the key. */

/* judge.h - is a sender, its domain or a user ID held? Whatever goes wrong in finding out, nobody is.
 *
 * Keys in alerts are those of a log: qmail-send writes some bytes of an address as '_', and alerts are cut.
 * So a sender of which that is not the same is looked for in both forms. */
#ifndef GATE_HELD_NAME_H
#define GATE_HELD_NAME_H

#include "base/span.h"
#include "mail/fold.h"
#include <stdint.h>

typedef enum { NAME_SENDER, NAME_DOMAIN, NAME_UID } name_kind;

#define NAME_MAX_LEN 200

/* Writes the name of key to out, NAME_MAX_LEN + 1 bytes with the terminator. Returns its length. */
extern size_t name_held(char *out, name_kind kind, span key);

/* Is it made of what name_held writes? In no case does it lead out of GATE. */
extern int name_is(span word);

#define JUDGE_SENDER 65536 /* bytes; no log line that is an event has a longer sender */

typedef struct {
  char const *directory; /* GATE */
  folding how;
} judge;

/* Is there a file in GATE for this user ID, the folded sender or its domain? Null senders have neither. */
extern int judge_held(judge const *j, uint64_t uid, span sender);

#endif
