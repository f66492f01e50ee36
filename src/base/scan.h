/* scan.h - takes literals, numbers and words from the start of a span, one after the other.
 *
 * Every function moves *in behind what it took, never past its end. Inline: they run several times for each
 * log line. */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include "base/eight.h"
#include "base/num.h"
#include "base/span.h"
#include <stdint.h>

static inline void scan_skip(span *in, size_t n)
{
  in->s += n;
  in->len -= n;
}

/* Returns 1 if in begins with lit and was moved behind it, else 0 with *in unchanged. */
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

/* How many bytes stand before the next space, in.len if there is none. Most words are short: eight bytes are
 * looked at before memchr is called. */
static inline size_t scan_blank(span in)
{
  uint64_t x = eight_first(in.s, in.len) ^ EIGHT(' ');
  uint64_t blanks = (x - EIGHT(1u)) & ~x & EIGHT(128u);
  char const *blank;

  if (blanks)
    return eight_before(blanks);
  blank = in.len >= 8 ? memchr(in.s + 8, ' ', in.len - 8) : 0;
  return blank ? (size_t)(blank - in.s) : in.len;
}

/* Takes everything before the next space, or all if there is none. The word may be empty; the space stays in
 * *in. */
static inline span scan_word(span *in)
{
  span word = {in->s, scan_blank(*in)};
  scan_skip(in, word.len);
  return word;
}

/* Takes a word that ends with a colon and has something before it, and the space behind it.
 * Returns 1 with *name the word without its colon, else 0 (then *in is somewhere in the line). */
static inline int scan_label(span *in, span *name)
{
  *name = scan_word(in);
  if (name->len < 2 || name->s[name->len - 1] != ':')
    return 0;
  name->len--;
  return scan_lit(in, " ");
}

#endif
