#include "rule/glob.h"
#include "base/scan.h"
#include <fnmatch.h>
#include <stdlib.h>

/* How many bytes "[:name:]", "[=x=]" or "[.x.]" takes at the start of s; 0 if it is none of them. */
static size_t class_len(span s)
{
  if (s.len < 5 || s.s[0] != '[' || !memchr(":=.", s.s[1], 3))
    return 0;
  for (size_t i = 2; i + 1 < s.len; i++) {
    if (i > 2 && s.s[i] == s.s[1] && s.s[i + 1] == ']')
      return i + 2;
    if (s.s[1] == ':' && (s.s[i] < 'a' || s.s[i] > 'z'))
      return 0;
  }
  return 0;
}

static int is_negated(span s)
{
  return s.len > 1 && (s.s[1] == '!' || s.s[1] == '^');
}

/* How many bytes the bracket expression at the start of s takes, with both brackets; 0 if it is never closed.
 * s begins with '['. */
static size_t bracket_len(span s)
{
  size_t const first = is_negated(s) ? 2 : 1;
  for (size_t i = first; i < s.len;) {
    size_t n = class_len((span){s.s + i, s.len - i});
    if (n)
      i += n;
    else if (s.s[i] == '\\')
      i += 2;
    else if (s.s[i++] == ']' && i - 1 > first)
      return i;
  }
  return 0;
}

/* Fills set, one bit per byte, from a whole bracket expression. Returns 1, or 0 with errno ENOMEM. */
static int bracket_set(unsigned char set[32], span bracket)
{
  char *pattern = strndup(bracket.s, bracket.len);
  if (!pattern)
    return 0;
  memset(set, 0, 32);
  if (is_negated(bracket))
    set[0] = 1; /* the NUL byte, which fnmatch cannot be asked about */
  for (unsigned c = 1; c < 256; c++) {
    char one[2] = {(char)c, 0};
    if (!fnmatch(pattern, one, FNM_CASEFOLD))
      set[c / 8] |= (unsigned char)(1u << c % 8);
  }
  free(pattern);
  return 1;
}

enum { STEP_STAR = 256, STEP_ANY, STEP_NOTHING, STEP_SET }; /* STEP_SET + i: a byte of set[i] */

/* Takes one element off the pattern. Returns its step; *bracket is the bracket expression if that is
 * STEP_SET. */
static uint32_t next_step(span *pattern, span *bracket)
{
  size_t n = 1;
  uint32_t step = (unsigned char)lower(*pattern->s);
  if (*pattern->s == '*')
    step = STEP_STAR;
  else if (*pattern->s == '?')
    step = STEP_ANY;
  else if (*pattern->s == '\\') {
    step = pattern->len > 1 ? (unsigned char)lower(pattern->s[1]) : (uint32_t)STEP_NOTHING;
    n = pattern->len > 1 ? 2 : 1;
  } else if (*pattern->s == '[' && bracket_len(*pattern)) {
    n = bracket_len(*pattern);
    *bracket = (span){pattern->s, n};
    step = STEP_SET;
  }
  pattern->s += n;
  pattern->len -= n;
  return step;
}

static int add_set(glob *g, span bracket)
{
  unsigned char(*set)[32] = realloc(g->set, (g->sets + 1) * sizeof *set);
  if (!set)
    return 0;
  g->set = set;
  if (!bracket_set(g->set[g->sets], bracket))
    return 0;
  g->sets++;
  return 1;
}

int glob_compile(glob *g, span pattern)
{
  *g = (glob){0, 0, 0, 0};
  if (!pattern.len)
    return 1;
  if (!(g->step = calloc(pattern.len, sizeof *g->step)))
    return 0;
  while (pattern.len) {
    span bracket = {0, 0};
    uint32_t step = next_step(&pattern, &bracket);
    if (step == STEP_STAR && g->len && g->step[g->len - 1] == STEP_STAR)
      continue;
    if (step == STEP_SET) {
      step += (uint32_t)g->sets;
      if (!add_set(g, bracket)) {
        glob_free(g);
        return 0;
      }
    }
    g->step[g->len++] = step;
  }
  return 1;
}

void glob_free(glob *g)
{
  free(g->step);
  free(g->set);
  *g = (glob){0, 0, 0, 0};
}

static int fits(glob const *g, uint32_t step, char byte)
{
  unsigned char c = (unsigned char)byte;
  if (step < STEP_STAR)
    return step == (unsigned char)lower(byte);
  if (step >= STEP_SET)
    return g->set[step - STEP_SET][c / 8] >> c % 8 & 1;
  return step == STEP_ANY;
}

int glob_can_match(glob const *g, int (*allowed)(unsigned char))
{
  for (size_t i = 0; i < g->len; i++) {
    uint32_t step = g->step[i];
    unsigned int c = step < STEP_STAR ? step : 0, end = step < STEP_STAR ? step + 1 : 256;
    if (step == STEP_STAR)
      continue;
    while (c < end && !(allowed((unsigned char)c) && fits(g, step, (char)c)))
      c++;
    if (c == end)
      return 0;
  }
  return 1;
}

/* Only the last star ever needs another try: an earlier one that took more could not help what follows it. */
int glob_match(glob const *g, span s)
{
  size_t i = 0, p = 0, again = 0, taken = 0; /* again: the step after the last star, 0 before the first */
  while (i < s.len) {
    if (p < g->len && g->step[p] == STEP_STAR) {
      again = ++p;
      taken = i;
    } else if (p < g->len && fits(g, g->step[p], s.s[i])) {
      p++;
      i++;
    } else if (again) {
      p = again;
      i = ++taken;
    } else
      return 0;
  }
  while (p < g->len && g->step[p] == STEP_STAR)
    p++;
  return p == g->len;
}

int glob_literal(char *out, size_t *len, span pattern)
{
  *len = 0;
  while (pattern.len) {
    span bracket;
    uint32_t step = next_step(&pattern, &bracket);
    if (step >= STEP_STAR)
      return 0;
    out[(*len)++] = (char)step;
  }
  return 1;
}
