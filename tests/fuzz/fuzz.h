/* fuzz.h - what the fuzz targets share.
 *
 * A target checks a promise, not only "no crash": what it hands to the program lies in a block of exactly its
 * size, so that the sanitizer sees one byte too many, and the answer is compared with what was promised. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "base/span.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

/* Ends the run, with the promise, unless it is kept. */
#define PROMISE(kept, words)                                                                                 \
  do {                                                                                                       \
    if (!(kept)) {                                                                                           \
      fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, words);                             \
      abort();                                                                                               \
    }                                                                                                        \
  } while (0)

static inline void *fuzz_room(size_t len)
{
  void *p = malloc(len ? len : 1);
  if (!p)
    abort();
  return p;
}

/* A copy of bytes in a block of exactly their size; free() its s. */
static inline span fuzz_exact(void const *s, size_t len)
{
  char *copy = malloc(len);
  if (!copy && len)
    abort();
  if (len)
    memcpy(copy, s, len);
  return (span){copy, len};
}

static inline void fuzz_free(span s)
{
  free((void *)(uintptr_t)s.s);
}

static inline int fuzz_inside(span part, span whole)
{
  return part.s >= whole.s && part.len <= whole.len && (size_t)(part.s - whole.s) <= whole.len - part.len;
}

/* Takes the first byte off the input; 0 where there is none. */
static inline unsigned fuzz_byte(span *in)
{
  if (!in->len)
    return 0;
  in->len--;
  return (unsigned char)*in->s++;
}

/* Takes what is before the first separator off the input, and the separator. */
static inline span fuzz_until(span *in, char separator)
{
  char const *end = in->len ? memchr(in->s, separator, in->len) : 0;
  span part = {in->s, end ? (size_t)(end - in->s) : in->len};
  in->s += part.len + (end != 0);
  in->len -= part.len + (end != 0);
  return part;
}

/* Numbers that seem random and are the same every time: how the next input is cut. */
static inline uint64_t fuzz_next(uint64_t *state)
{
  uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  return x ^ (x >> 29);
}

/* The length of the next piece of left bytes: always one, or anything. */
static inline size_t fuzz_piece(uint64_t *state, unsigned how, size_t left)
{
  uint64_t x = fuzz_next(state);
  size_t most = how == 0 ? 1 : x >> 60 ? 16 : left;
  size_t len = 1 + (size_t)(x >> 8) % (most ? most : 1);
  return len < left ? len : left;
}

/* Bytes that grow. */
typedef struct {
  char *s;
  size_t len, room;
} fuzz_text;

static inline void fuzz_add(fuzz_text *t, void const *s, size_t len)
{
  if (t->room - t->len < len) {
    t->room = 2 * (t->room + len);
    t->s = realloc(t->s, t->room);
    if (!t->s)
      abort();
  }
  if (len)
    memcpy(t->s + t->len, s, len);
  t->len += len;
}

#endif
