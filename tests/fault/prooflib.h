/* prooflib.h - judges a stream of numbered lines: what was lost, doubled, broken.
 *
 * Works on a stream of any length in constant memory. A broken line is one that was never sent as it stands;
 * the line it should have been is counted as lost when the next good one shows where we are. */

#ifndef PROOFLIB_H
#define PROOFLIB_H

#include "numbered.h"

typedef struct {
  char kind;
  int stamped; /* skip a TAI64N label in front of each line */
  int split;   /* a line may come in two: a logger ends a half line when its input ends there */

  uint64_t next; /* the line expected */
  size_t half;   /* bytes of it that came, if it was split */
  uint64_t bytes, lost, doubled, broken, splits;
  uint64_t gaps;    /* places where something is missing */
  uint64_t gap_max; /* bytes missing at the worst of them */
  uint64_t wreck;   /* bytes of broken lines since the last good one */
  size_t len;       /* of the line being collected */
  char line[NUMBERED_MAX + 32];
} proof;

/* A good line n came where p->next was expected. */
static inline void proof_gap(proof *p, uint64_t n)
{
  static char s[NUMBERED_MAX];
  uint64_t missing = 0;

  for (uint64_t i = p->next; i < n; i++)
    missing += numbered_line(s, p->kind, i);
  p->lost += n - p->next;
  p->gaps++;
  if (missing < p->wreck)
    p->doubled++; /* more bytes came than were sent */
  else if (missing - p->wreck > p->gap_max)
    p->gap_max = missing - p->wreck;
  p->wreck = 0;
}

/* s is a whole line with its newline. */
static inline void proof_line(proof *p, char const *s, size_t n)
{
  static char want[NUMBERED_MAX];
  size_t const len = numbered_line(want, p->kind, p->next) - p->half;
  uint64_t i;

  if (n == len && !memcmp(s, want + p->half, n)) {
    if (p->wreck)
      proof_gap(p, p->next); /* nothing is missing, so what was broken is too much */
    p->next++;
    p->splits += p->half > 0;
    p->half = 0;
  } else if (p->split && n < len && !memcmp(s, want + p->half, n - 1)) {
    p->half += n - 1;
  } else if (p->half) {
    p->wreck += p->half;
    p->half = 0;
    proof_line(p, s, n);
  } else if (!numbered_index(s, n, p->kind, &i)) {
    p->broken++;
    p->wreck += n;
  } else if (i < p->next) {
    p->doubled++;
  } else {
    proof_gap(p, i);
    p->next = i + 1;
  }
}

/* Hands over the next n bytes of the stream. */
static inline void proof_bytes(proof *p, char const *s, size_t n)
{
  p->bytes += n;
  for (size_t i = 0; i < n; i++) {
    size_t skip;

    if (p->len < sizeof p->line)
      p->line[p->len++] = s[i];
    if (s[i] != '\n')
      continue;
    skip = p->stamped && p->len > 26 && p->line[0] == '@' && p->line[25] == ' ' ? 26 : 0;
    proof_line(p, p->line + skip, p->len - skip);
    p->len = 0;
  }
}

/* The stream has ended and should have had that many lines. */
static inline void proof_end(proof *p, uint64_t lines)
{
  if (p->len || p->half)
    p->broken++;
  if (p->next < lines)
    proof_gap(p, lines);
  else if (p->next > lines)
    p->doubled += p->next - lines;
}

static inline int proof_clean(proof const *p)
{
  return !p->lost && !p->doubled && !p->broken;
}

#endif
