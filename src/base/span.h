/* span.h - bytes in a buffer of another owner: a start and a length, no terminator; and the clocks.
 *
 * A span stays valid as long as the buffer it points into; the function that hands one out says which that
 * is. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
  char const *s;
  size_t len;
} span;

/* The bytes of a C string, without its terminator. */
static inline span span_of(char const *s)
{
  return (span){s, strlen(s)};
}

/* Copies the bytes to out. Returns the end of the copy. An empty span may point nowhere, which memcpy(3) may
 * not. */
static inline char *span_copy(char *out, span s)
{
  return s.len ? (char *)memcpy(out, s.s, s.len) + s.len : out;
}

static inline int span_equal(span a, span b)
{
  return a.len == b.len && (!a.len || !memcmp(a.s, b.s, a.len));
}

#define SECOND INT64_C(1000000000)

/* What the machine's clocks show, in nanoseconds. */
typedef struct {
  int64_t wall; /* since the Unix epoch; may be set */
  int64_t mono; /* since some start; never set */
} moment;

/* Reads both clocks. Cannot fail where the clocks exist: clock_gettime(2) has no other error for a valid
 * pointer. */
extern moment moment_now(void);

#endif
