/* name.h - the file in GATE that says that a key is held: "sender:ann@example.org".
 *
 * Both programs must make the same name of the same key, and none that leads out of GATE: what is not one of
 * a-z, 0-9 and @._+=- is written as %XX, and a name that would be longer than NAME_MAX_LEN is made of the
 * SHA-256 of the key. */
#ifndef GATE_NAME_H
#define GATE_NAME_H

#include "base/span.h"

typedef enum { NAME_SENDER, NAME_DOMAIN, NAME_UID } name_kind;

#define NAME_MAX_LEN 200

/* Writes the name of key to out, NAME_MAX_LEN + 1 bytes with the terminator. Returns its length. */
extern size_t name_held(char *out, name_kind kind, span key);

/* Is it made of what name_held writes? In no case does it lead out of GATE. */
extern int name_is(span word);

#endif
