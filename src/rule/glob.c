#include "rule/glob.h"
#include "base/scan.h"
#include <fnmatch.h>
#include <stdlib.h>

/* Where "[:name:]", "[=x=]" or "[.x.]" at place i ends; 0 if there is none of them. mark: where the next "=]"
 * and ".]" are that can end one, or 0. */
static size_t class_end(span s, size_t i, size_t const mark[2])
{
  size_t n = i + 2;

  if (s.len - i < 5 || s.s[i] != '[')
    return 0;
  if (s.s[i + 1] == '=' || s.s[i + 1] == '.') {
    n = mark[s.s[i + 1] == '.'];
    return n ? n + 2 : 0;
  }
  if (s.s[i + 1] != ':')
    return 0;
  while (n < s.len && s.s[n] >= 'a' && s.s[n] <= 'z')
    n++;
  return n > i + 2 && s.len - n >= 2 && s.s[n] == ':' && s.s[n + 1] == ']' ? n + 2 : 0;
}

/* Where a bracket expression that has come to a place ends, for each place; 0 if it is never closed. Found
 * from right to left, so that each byte is looked at once. Returns it, for free(3), or 0 with errno ENOMEM.
 */
static size_t *find_ends(span s)
{
  size_t *end = calloc(s.len + 2, sizeof *end), mark[2] = {0, 0};

  for (size_t i = s.len; end && i--;) {
    size_t class;
    if (s.len - i >= 5 && s.s[i + 4] == ']' && (s.s[i + 3] == '=' || s.s[i + 3] == '.'))
      mark[s.s[i + 3] == '.'] = i + 3;
    class = class_end(s, i, mark);
    if (class)
      end[i] = end[class];
    else if (s.s[i] == '\\')
      end[i] = end[i + 2];
    else
      end[i] = s.s[i] == ']' ? i + 1 : end[i + 1];
  }
  return end;
}

static int is_negated(span s)
{
  return s.len > 1 && (s.s[1] == '!' || s.s[1] == '^');
}

/* How many bytes the bracket expression at place i takes, with both brackets; 0 if it is never closed. */
static size_t bracket_len(span s, size_t i, size_t const *end)
{
  size_t first = i + (is_negated((span){s.s + i, s.len - i}) ? 2 : 1);

  first += first < s.len && s.s[first] == ']';
  return end[first] ? end[first] - i : 0;
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

/* Takes one element off the pattern, from place *i on. Returns its step; *bracket is the bracket expression
 * if that is STEP_SET. */
static uint32_t next_step(span s, size_t *i, size_t const *end, span *bracket)
{
  char c = s.s[(*i)++];

  if (c == '*')
    return STEP_STAR;
  if (c == '?')
    return STEP_ANY;
  if (c == '\\')
    return *i < s.len ? (unsigned char)lower(s.s[(*i)++]) : (uint32_t)STEP_NOTHING;
  if (c == '[') {
    *bracket = (span){s.s + *i - 1, bracket_len(s, *i - 1, end)};
    if (bracket->len) {
      *i += bracket->len - 1;
      return STEP_SET;
    }
  }
  return (unsigned char)lower(c);
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

static int add_step(glob *g, uint32_t step, span bracket)
{
  if (step == STEP_STAR && g->len && g->step[g->len - 1] == STEP_STAR)
    return 1;
  if (step == STEP_SET) {
    step += (uint32_t)g->sets;
    if (!add_set(g, bracket))
      return 0;
  }
  g->step[g->len++] = step;
  return 1;
}

int glob_compile(glob *g, span pattern)
{
  size_t *end = find_ends(pattern), i = 0;
  int ok;

  *g = (glob){.step = calloc(pattern.len + 1, sizeof *g->step)};
  ok = end && g->step;
  while (ok && i < pattern.len) {
    span bracket = {"", 0};
    uint32_t step = next_step(pattern, &i, end, &bracket);
    ok = add_step(g, step, bracket);
  }
  free(end);
  if (!ok)
    glob_free(g);
  return ok;
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

int glob_literal(char *out, glob const *g)
{
  for (size_t i = 0; i < g->len; i++) {
    if (g->step[i] >= STEP_STAR)
      return 0;
    out[i] = (char)g->step[i];
  }
  return 1;
}
