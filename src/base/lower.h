/* lower.h - ASCII capitals become small letters. */
#ifndef BASE_LOWER_H
#define BASE_LOWER_H

#include "base/span.h"

static inline char lower(char c)
{
  return (unsigned char)(c - 'A') < 26 ? (char)(c + 32) : c;
}

/* Writes in with small letters to out, which has room for in.len bytes and lies apart from it. */
extern void lower_copy(char *out, span in);

#endif
