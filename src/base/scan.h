/* scan.h - takes literals, numbers and words from the start of a span, one after the other.
 *
 * A function with a span *in moves it to after what it took, never past its end. They are inline, since they
 * run several times for each log line. */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include "base/span.h"
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

/* Reads the digits at the start of in (leading zeros allowed) into *u.
 * Returns how many bytes they take; 0 with *u unchanged if there is none or the number is 2^64 or more.
 * Never looks past in.len. */
extern size_t num_scan(uint64_t *u, span in);

/* Is all of it one number below 2^64? If so, *u becomes it, else *u is unchanged. */
static inline int num_is(uint64_t *u, span in)
{
  uint64_t n;

  if (!in.len || num_scan(&n, in) != in.len)
    return 0;
  *u = n;
  return 1;
}

static inline char lower(char c)
{
  return (unsigned char)(c - 'A') < 26 ? (char)(c + 32) : c;
}

/* Writes in with small letters to out, which has room for in.len bytes and lies apart from it. */
extern void lower_copy(char *out, span in);

static inline void scan_skip(span *in, size_t n)
{
  in->s += n;
  in->len -= n;
}

/* Returns 1 if in begins with lit and was moved past it, else 0 with *in unchanged. */
__attribute__((always_inline)) static inline int scan_lit(span *in, char const *lit)
{
  size_t n = strlen(lit);
  if (in->len < n || memcmp(in->s, lit, n))
    return 0;
  scan_skip(in, n);
  return 1;
}

/* As num_scan. Returns 1 or 0; on 0 *in is unchanged. */
static inline int scan_num(span *in, uint64_t *u)
{
  size_t n = num_scan(u, *in);
  scan_skip(in, n);
  return n > 0;
}

/* Takes everything before the next space, or all if there is none. The word may be empty; the space stays in
 * *in. */
static inline span scan_word(span *in)
{
  char const *blank = in->len ? memchr(in->s, ' ', in->len) : 0;
  span word = {in->s, blank ? (size_t)(blank - in->s) : in->len};

  scan_skip(in, word.len);
  return word;
}

/* Takes a word that ends with a colon and has something before it, and the space after it.
 * Returns 1 with *name the word without its colon, else 0 (then *in is somewhere in the line). */
static inline int scan_label(span *in, span *name)
{
  *name = scan_word(in);
  if (name->len < 2 || name->s[name->len - 1] != ':')
    return 0;
  name->len--;
  return scan_lit(in, " ");
}

/* Takes one or two blanks off the start of *in, or nothing at the end of a line, where blanks do not count.
 * Returns 1, or 0 with *in unchanged. */
extern int blanks_take(span *in);

#endif
