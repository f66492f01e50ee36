/* key.h - to which counter an event belongs under a rule, and which value of it counts if the rule counts
 * distinct values.
 *
 * Keys and values are hashed with a secret, since strangers choose them. */
#ifndef WATCH_KEY_H
#define WATCH_KEY_H

#include "base/hash.h"
#include "count/counters.h"
#include "mail/join.h"

/* Room for a key that has to be made first; good until it is used again. */
typedef struct {
  hash_key const *secret;
  char text[COUNTER_KEY_MAX];
} key_room;

/* Fills in the weight, the value and the key of *e for mail under r. Returns 1 with e->key in room or in *o,
 * or 0 if there is no key. */
extern int key_of_mail(store_event *e, rule const *r, occurrence const *o, key_room *room);

/* The same for the words that the pattern of r, a line rule, found in a line, the first of them not empty;
 * exact: as they are, else in small letters. */
extern void key_of_words(store_event *e, rule const *r, span const *word, int exact, key_room *room);

#endif
