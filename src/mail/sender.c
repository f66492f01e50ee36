#include "mail/sender.h"
#include "count/text.h"

/* What is stored in front of the bytes: applies, key, and logged unless it is the same as the key. */
typedef struct {
  uint64_t key_hash, domain_hash;
  uint32_t generation;
  uint16_t applies, key, logged, same;
} head;

/* The double bounce sender's brackets are no domain. */
span sender_domain(sender const *s)
{
  return fold_null(s->key) ? (span){s->key.s, 0} : fold_domain(s->key);
}

void sender_fold(sender *s, span logged, folding const *how, hash_key const *key)
{
  s->logged = (span){logged.s, logged.len < SENDER_MAX ? logged.len : SENDER_MAX};
  s->key = (span){s->store, fold_sender(s->store, s->logged, how)};
  s->key_hash = hash_bytes(key, 0, s->key);
  s->generation = 0;
  s->applies_len = 0;
}

static size_t stored_len(head const *h)
{
  return sizeof *h + h->applies + h->key + (h->same ? 0u : h->logged);
}

cell sender_store(pool *mem, sender const *s, size_t *cells)
{
  head h = {s->key_hash,
            s->domain_hash,
            s->generation,
            (uint16_t)s->applies_len,
            (uint16_t)s->key.len,
            (uint16_t)s->logged.len,
            (uint16_t)span_equal(s->key, s->logged)};
  span const all[] = {{(char const *)&h, sizeof h}, {(char const *)s->applies, h.applies}, s->key, s->logged};
  cell made = text_store_all(mem, all, h.same ? 3 : 4);

  if (made)
    *cells += text_cells(stored_len(&h));
  return made;
}

void sender_load(pool const *mem, cell stored, sender *s)
{
  text_place at = {stored, 0};
  head h;

  text_read(mem, &at, (char *)&h, sizeof h);
  s->key_hash = h.key_hash;
  s->domain_hash = h.domain_hash;
  s->generation = h.generation;
  s->applies_len = h.applies;
  text_read(mem, &at, (char *)s->applies, h.applies);
  text_read(mem, &at, s->store, stored_len(&h) - sizeof h - h.applies);
  s->key = (span){s->store, h.key};
  s->logged = h.same ? s->key : (span){s->store + h.key, h.logged};
}

size_t sender_free(pool *mem, cell stored)
{
  return text_free(mem, stored);
}
