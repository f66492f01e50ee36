/* hash.h - keyed hashes, so that strangers who choose what is in the log cannot choose collisions.
 *
 * Of bytes: SipHash-1-3. Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, with one
 * round a word and three at the end, as several language runtimes use it for their tables. Of numbers:
 * two rounds of multiply and shift, as at the end of MurmurHash3 (A. Appleby), but with secret factors. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/span.h"
#include <stdint.h>

typedef struct {
  uint64_t word[5]; /* two for bytes, three for numbers */
} hash_key;

/* Hashes bytes together with salt, which keeps keys of different kinds apart. */
extern uint64_t hash_bytes(hash_key const *key, uint64_t salt, span bytes);

/* Hashes a number that belongs to salt, which is 0 or a hash of bytes. */
static inline uint32_t hash_number(hash_key const *key, uint64_t salt, uint64_t number)
{
  uint64_t x = number ^ salt ^ key->word[2];
  x = (x ^ x >> 32) * (key->word[3] | 1);
  x = (x ^ x >> 32) * (key->word[4] | 1);
  return (uint32_t)(x ^ x >> 32);
}

/* Spreads a hash that hash_bytes made over the counters of many rules, without reading the bytes again. */
static inline uint64_t hash_mix(uint64_t hash, uint64_t salt)
{
  uint64_t x = hash + salt * UINT64_C(0x9e3779b97f4a7c15);
  x ^= x >> 32;
  x *= UINT64_C(0xd6e8feb86659fd93);
  return x ^ (x >> 32);
}

#endif
