/* hash.h - a keyed hash (SipHash-1-3), so that strangers who choose senders cannot choose collisions.
 *
 * Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, with one round a word and three at
 * the end, as several language runtimes use it for their tables. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/span.h"
#include <stdint.h>

typedef struct {
  uint64_t word[2];
} hash_key;

/* Hashes bytes together with salt, which keeps keys of different kinds apart. */
extern uint64_t hash_bytes(hash_key const *key, uint64_t salt, span bytes);

/* The same for a number, which has one length only: who writes the log may choose numbers as well. */
extern uint64_t hash_number(hash_key const *key, uint64_t salt, uint64_t number);

/* Spreads a hash that hash_bytes made over the counters of many rules, without reading the bytes again. */
static inline uint64_t hash_mix(uint64_t hash, uint64_t salt)
{
  uint64_t x = hash + salt * UINT64_C(0x9e3779b97f4a7c15);
  x ^= x >> 32;
  x *= UINT64_C(0xd6e8feb86659fd93);
  return x ^ (x >> 32);
}

#endif
