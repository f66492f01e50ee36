#include "rule/bracket.h"
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

size_t bracket_len(span s)
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

int bracket_set(unsigned char set[32], span bracket)
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
