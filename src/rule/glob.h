/* glob.h - a pattern of fnmatch(3), without flags but with ASCII case ignored, against a whole address.
 *
 * Compiled once, matched in at most pattern times address steps, whatever the pattern: '*a*a*a*b' is as
 * harmless as any other.  What a bracket expression contains is asked of the C library's own fnmatch when the
 * pattern is compiled, so ranges, classes and negation mean what they mean there.  As in glibc: a '[' that is
 * never closed is itself, and a pattern with a lone backslash at its end matches nothing.  A NUL byte is
 * matched by '*', '?' and negated brackets. */
#ifndef RULE_GLOB_H
#define RULE_GLOB_H

#include "base/span.h"
#include <stdint.h>

typedef struct {
  uint32_t *step;           /* a byte, or one of the values above 255 that glob.c names */
  size_t len;               /* of step */
  unsigned char (*set)[32]; /* one bit per byte, for each bracket expression */
  size_t sets;
} glob;

/* Compiles pattern, which is not needed afterwards, in time linear in its length. Returns 1, or 0 with errno
 * ENOMEM and nothing to free. */
extern int glob_compile(glob *g, span pattern);

/* Does all of s match? */
extern int glob_match(glob const *g, span s);

/* Can it match a text of bytes that allowed says 1 for? */
extern int glob_can_match(glob const *g, int (*allowed)(unsigned char));

/* Frees what glob_compile took. */
extern void glob_free(glob *g);

/* Can only one address match, because the pattern has no wildcards? Then writes it to out, lower case and
 * without escapes, g->len bytes. Returns 1 or 0; out may be written to in either case. */
extern int glob_literal(char *out, glob const *g);

#endif
