#include "base/hash.h"
#include "base/scan.h"

typedef struct {
  uint64_t a, b, c, d;
} state;

static inline uint64_t rotate(uint64_t x, int bits)
{
  return (x << bits) | (x >> (64 - bits));
}

static inline void mix(state *v)
{
  v->a += v->b;
  v->b = rotate(v->b, 13) ^ v->a;
  v->a = rotate(v->a, 32);
  v->c += v->d;
  v->d = rotate(v->d, 16) ^ v->c;
  v->a += v->d;
  v->d = rotate(v->d, 21) ^ v->a;
  v->c += v->b;
  v->b = rotate(v->b, 17) ^ v->c;
  v->c = rotate(v->c, 32);
}

static inline void absorb(state *v, uint64_t word)
{
  v->d ^= word;
  mix(v);
  v->a ^= word;
}

/* The bytes from whole on, fewer than eight, the first one lowest. */
static inline uint64_t tail(span bytes, size_t whole)
{
  if (bytes.len >= 8) /* shifted by 8 bits at least: a shift by 64 has no meaning */
    return eight_load(bytes.s + bytes.len - 8) >> 8 >> (56 - 8 * (bytes.len - whole));
  return eight_part(bytes.s, bytes.len);
}

uint64_t hash_bytes(hash_key const *key, uint64_t salt, span bytes)
{
  state v = {key->word[0] ^ UINT64_C(0x736f6d6570736575), key->word[1] ^ UINT64_C(0x646f72616e646f6d),
             key->word[0] ^ UINT64_C(0x6c7967656e657261), key->word[1] ^ UINT64_C(0x7465646279746573)};
  size_t whole = bytes.len & ~(size_t)7;

  absorb(&v, salt);
  for (size_t i = 0; i < whole; i += 8)
    absorb(&v, eight_load(bytes.s + i));
  absorb(&v, (uint64_t)bytes.len << 56 | tail(bytes, whole));
  v.c ^= 0xff;
  mix(&v);
  mix(&v);
  mix(&v);
  return v.a ^ v.b ^ v.c ^ v.d;
}
