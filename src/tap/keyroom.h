/* keyroom.h - room for one key that has to be made first, and the hashes of keys and of values. */
#ifndef TAP_KEYROOM_H
#define TAP_KEYROOM_H

#include "base/hash.h"
#include "base/lower.h"
#include "count/counter.h"

typedef struct {
  hash_key const *secret;
  char text[COUNTER_KEY_MAX];
} keyroom;

/* In small letters; good until the room is used again. */
static inline span keyroom_lower(keyroom *k, span word)
{
  lower_copy(k->text, word);
  return (span){k->text, word.len};
}

static inline uint64_t keyroom_hash(keyroom const *k, span key)
{
  return hash_bytes(k->secret, 6, key);
}

static inline uint64_t keyroom_value(keyroom const *k, span value)
{
  return hash_bytes(k->secret, 7, value);
}

#endif
