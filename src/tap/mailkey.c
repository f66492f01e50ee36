#include "tap/mailkey.h"
#include <skalibs/uint64.h>

/* What of an event is one of different values, to the rules that count those. Returns 0 if it has none. */
static int read_value(uint64_t *value, rule const *r, occurrence const *o, keyroom *k)
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
    *value = keyroom_value(k, keyroom_lower(k, of));
  return of.len != 0;
}

/* Whose counter an event is; an empty key counts for nobody. */
static span read_key(uint64_t *hash, rule const *r, occurrence const *o, keyroom *k)
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
  key = (span){k->text, uint64_fmt(k->text, o->uid)};
  *hash = keyroom_hash(k, key);
  return key;
}

int mailkey_read(store_event *e, rule const *r, occurrence const *o, keyroom *k)
{
  e->weight = r->count == COUNT_BYTE ? o->bytes : 1;
  if (!read_value(&e->value, r, o, k))
    return 0;
  e->key = read_key(&e->hash, r, o, k);
  return e->key.len != 0;
}
