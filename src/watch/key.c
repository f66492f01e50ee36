#include "watch/key.h"
#include "base/scan.h"
#include <skalibs/uint64.h>

/* Tells the hashes of keys and of values apart, and both from other ones with the same secret. */
enum { SALT_KEY = 6, SALT_VALUE = 7 };

static span lowered(key_room *room, span word)
{
  lower_copy(room->text, word);
  return (span){room->text, word.len};
}

/* The value of an event, to a rule that counts distinct ones. Returns 0 if it has none. */
static int read_value(uint64_t *value, rule const *r, occurrence const *o, key_room *room)
{
  span of = o->to;

  *value = 0;
  if (r->count == COUNT_FROM)
    *value = o->from->key_hash;
  if (r->count != COUNT_TO && r->count != COUNT_HOST)
    return 1;
  if (r->count == COUNT_HOST)
    of = fold_domain(of);
  if (of.len)
    *value = hash_bytes(room->secret, SALT_VALUE, lowered(room, of));
  return of.len != 0;
}

/* An empty key is none. */
static span read_key(uint64_t *hash, rule const *r, occurrence const *o, key_room *room)
{
  span key = {"*", 1};

  *hash = 0;
  if (r->key == KEY_ALL)
    return key;
  if (r->key == KEY_SENDER) {
    *hash = o->from->key_hash;
    return fold_null(o->from->key) ? (span){"", 0} : o->from->key;
  }
  if (r->key == KEY_DOMAIN) {
    *hash = o->from->domain_hash;
    return sender_domain(o->from);
  }
  key = (span){room->text, uint64_fmt(room->text, o->uid)};
  *hash = hash_bytes(room->secret, SALT_KEY, key);
  return key;
}

int key_of_mail(store_event *e, rule const *r, occurrence const *o, key_room *room)
{
  e->weight = r->count == COUNT_BYTE ? o->bytes : 1;
  if (!read_value(&e->value, r, o, room))
    return 0;
  e->key = read_key(&e->hash, r, o, room);
  return e->key.len != 0;
}

void key_of_words(store_event *e, rule const *r, span const *word, int exact, key_room *room)
{
  e->weight = 1;
  if (r->words > 1)
    e->value = hash_bytes(room->secret, SALT_VALUE, exact ? word[1] : lowered(room, word[1]));
  e->key = exact ? *word : lowered(room, *word);
  e->hash = hash_bytes(room->secret, SALT_KEY, e->key);
}
