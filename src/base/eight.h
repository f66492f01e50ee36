/* eight.h - looks at eight bytes at once, as one word, the first byte lowest, on machines of either byte
 * order.
 *
 * Log lines consist of short numbers and words of all lengths: a loop over their bytes costs a wrong branch
 * each time. */
#ifndef BASE_EIGHT_H
#define BASE_EIGHT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define EIGHT(b) (UINT64_MAX / 255 * (b)) /* the byte b eight times */

/* The 8 bytes at s; compilers make one load of it. */
static inline uint64_t eight_load(char const *s)
{
  unsigned char b[8];
  memcpy(b, s, 8);
  return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 |
         (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

/* The len bytes at s, fewer than eight, and zeros above them. Two loads that overlap, or three bytes, take in
 * all of them. */
static inline uint64_t eight_part(char const *s, size_t len)
{
  unsigned char const *u = (unsigned char const *)s;
  uint64_t low, high;

  if (!len)
    return 0;
  if (len < 4)
    return (uint64_t)u[0] | (uint64_t)u[len / 2] << (8 * (len / 2)) | (uint64_t)u[len - 1] << (8 * (len - 1));
  low = (uint64_t)u[0] | (uint64_t)u[1] << 8 | (uint64_t)u[2] << 16 | (uint64_t)u[3] << 24;
  u += len - 4;
  high = (uint64_t)u[0] | (uint64_t)u[1] << 8 | (uint64_t)u[2] << 16 | (uint64_t)u[3] << 24;
  return low | high << (8 * (len - 4));
}

/* The first eight of len bytes at s, zeros in place of those that are missing. */
static inline uint64_t eight_first(char const *s, size_t len)
{
  return len >= 8 ? eight_load(s) : eight_part(s, len);
}

/* The other way round from eight_load. */
static inline void eight_store(char *s, uint64_t x)
{
  unsigned char const b[8] = {(unsigned char)x,         (unsigned char)(x >> 8),  (unsigned char)(x >> 16),
                              (unsigned char)(x >> 24), (unsigned char)(x >> 32), (unsigned char)(x >> 40),
                              (unsigned char)(x >> 48), (unsigned char)(x >> 56)};
  memcpy(s, b, 8);
}

/* Sets the top bit of each byte of x that is below from or above to (both below 128). Adding 128 - c sets the
 * top bit from c on. A byte of 128 or more is outside, too, and may spoil the answer for bytes above it,
 * never below. */
static inline uint64_t eight_outside(uint64_t x, unsigned from, unsigned to)
{
  return (x | ~(x + EIGHT(128u - from)) | (x + EIGHT(127u - to))) & EIGHT(128u);
}

/* ASCII capitals become small letters; all other bytes stay. */
static inline uint64_t eight_lower(uint64_t x)
{
  uint64_t low = x & EIGHT(127u), from_a = low + EIGHT(128u - 'A'), above_z = low + EIGHT(127u - 'Z');
  return x | ((from_a & ~above_z & ~x & EIGHT(128u)) >> 2);
}

/* The number that eight bytes from 0 to 9 are as digits, the first one the highest: neighbours are joined, 2,
 * 4 and 8 at a time. */
static inline uint32_t eight_decimal(uint64_t x)
{
  x = (x * 10 + (x >> 8)) & 0x00ff00ff00ff00ff;
  x = (x * 100 + (x >> 16)) & 0x0000ffff0000ffff;
  return (uint32_t)(x * 10000 + (x >> 32));
}

/* How many bytes stand before the first one whose top bit is set in marks, which is not 0. */
static inline unsigned eight_before(uint64_t marks)
{
  return (unsigned)__builtin_ctzll(marks) / 8;
}

#endif
