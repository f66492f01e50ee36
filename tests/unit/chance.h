/* chance.h - numbers that look random and are the same in every run, so that a failure can be seen again. */
#ifndef TESTS_CHANCE_H
#define TESTS_CHANCE_H

#include <stdint.h>

/* Splitmix64; any start is a good one. */
static inline uint64_t chance(uint64_t *state)
{
  uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);
  x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
  return x ^ x >> 31;
}

/* A number below n. */
static inline uint64_t chance_below(uint64_t *state, uint64_t n)
{
  return chance(state) % n;
}

#endif
