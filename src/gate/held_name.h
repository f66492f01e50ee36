/* held_name.h - the directory GATE: the file that says that a key is held, "sender:ann@example.org", and the
 * look for it.
 *
 * All programs must make the same name of the same key, and none that leads out of GATE: what is not one of
 * a-z, 0-9 and @._+=- is written as %XX, and a name that would be longer than NAME_MAX_LEN is made of the
 * SHA-256 of the key. If the look fails, the sender is not held. */
#ifndef GATE_HELD_NAME_H
#define GATE_HELD_NAME_H

#include "base/span.h"
#include "watch/alert.h"
#include <sys/stat.h>

typedef enum { NAME_SENDER, NAME_DOMAIN, NAME_UID, NAME_ACCOUNT, NAME_KINDS } name_kind;

#define NAME_MAX_LEN 200

/* "sender", "domain", "uid" or "account". */
extern char const *name_kind_word(name_kind kind);

/* Writes the name of key to out, NAME_MAX_LEN + 1 bytes with the terminator. Returns its length. */
extern size_t name_held(char *out, name_kind kind, span key);

/* Is it made of what name_held writes? In no case does it lead out of GATE. */
extern int name_is(span word);

/* Writes the key of such a name to out, which has room for as many bytes. Returns its length;
 * 0 if only the digest of the key is known. */
extern size_t name_key(char *out, span name);

/* Bytes of a sender or an account that is looked for. qmail-queue(8) takes no address beyond 1,003. */
#define HELD_LONGEST 4096

/* Who a message is from. */
typedef struct {
  span sender;                 /* of the envelope, as it is; the null senders are never held */
  span verp;                   /* the same before qmail-send put the recipient into it; empty: it did not */
  char const *uid;             /* in decimal digits; 0: unknown */
  char const *const *accounts; /* up to a null pointer; those that are empty do not count; 0: unknown */
} held_who;

/* What holds it. */
typedef struct {
  name_kind kind;
  char key[ALERT_FIELD + 1];  /* as alerts show it */
  char rule[ALERT_FIELD + 1]; /* the first word of the file, bytes outside 33..126 as '_'; or "-" */
  int discarded;              /* a file "discard:" with the same name is there, too, and is not older */
} held_file;

/* Looks into each of the directories gates, which are separated by ':', for a file that holds him. Senders
 * are looked for as they are and as qmail-send(8) logs them, folded as the directory's file .fold says that
 * ratetap folds. Returns 1 with the first that is found in *f, or 0. */
extern int held_find(char const *gates, held_who const *who, held_file *f);

/* Is the file discard:NAME not older than the held file NAME? One that was forgotten destroys nothing later.
 */
extern int held_discard_counts(struct stat const *held, struct stat const *discard);

/* Reads at most most bytes of the beginning of a regular file, not through a link. Returns how many; 0 if
 * there is none, or it cannot be read. */
extern size_t held_beginning(int directory, char const *path, char *out, size_t most);

/* Reads the rule of a held file in the directory, which is open: at most ALERT_FIELD bytes and a terminator,
 * as in held_file. */
extern void held_rule(char *out, int directory, char const *name);

#endif
