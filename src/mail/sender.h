/* sender.h - who a message is from, in the forms in which rules ask for it, and kept with the message. */
#ifndef MAIL_SENDER_H
#define MAIL_SENDER_H

#include "base/hash.h"
#include "count/pool.h"
#include "mail/fold.h"

#define SENDER_MAX 65535 /* bytes: more than what an `info msg` in the examined part of a line can hold */
#define SENDER_BITS 128  /* bytes: a bit for each rule of a script, in whole eights of bytes */

typedef struct {
  span logged; /* as the log has it */
  span key;    /* folded; see fold_null */
  uint64_t key_hash, domain_hash;
  uint32_t generation; /* of the script that domain_hash and applies were made for */
  size_t applies_len;
  unsigned char applies[SENDER_BITS]; /* bit i: rule i applies; only if the script selects at all */
  char store[2 * SENDER_MAX];         /* what the spans point into */
} sender;

/* Fills in *s but for what depends on the rules: domain_hash and applies, which are of no generation yet.
 * logged must stay as it is as long as *s is used. */
extern void sender_fold(sender *s, span logged, folding const *how, hash_key const *key);

/* The domain of the key; empty without one, and for the null senders. */
extern span sender_domain(sender const *s);

/* Keeps *s in cells. Returns the first, or 0 with errno ENOMEM. *cells grows by the cells taken. */
extern cell sender_store(pool *mem, sender const *s, size_t *cells);

/* Reads it back. */
extern void sender_load(pool const *mem, cell stored, sender *s);

/* Gives the cells back. Returns how many. */
extern size_t sender_free(pool *mem, cell stored);

#endif
