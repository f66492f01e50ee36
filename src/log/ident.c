#include "log/ident.h"

#include "base/scan.h"
#include "log/blanks.h"
#include "log/civil.h"

size_t ident_bracket(span word)
{
  size_t n = word.len;
  if (n < 4 || word.s[n - 1] != ':' || word.s[n - 2] != ']' || civil_digit(word.s[n - 3]) < 0)
    return 0;
  n -= 3;
  while (n && civil_digit(word.s[n - 1]) >= 0)
    n--;
  return n && word.s[n - 1] == '[' ? n : 0;
}

int ident_host(span *host, span *in)
{
  span rest = *in, word = scan_word(&rest);
  if (!word.len || word.s[word.len - 1] == ':' || !scan_lit(&rest, " "))
    return 0;
  *host = word;
  *in = rest;
  return 1;
}

int ident_take(span *in, int *pid)
{
  span rest = *in, word = scan_word(&rest), number;
  *pid = ident_bracket(word) > 1;
  if (!word.len || civil_digit(word.s[0]) >= 0 || ident_bracket(word) == 1)
    return 0;
  if (word.s[word.len - 1] != ':') {
    scan_lit(&rest, " ");
    number = scan_word(&rest);
    *pid = ident_bracket(number) == 1;
    if (!*pid)
      return 0;
  } else if (word.len < 2)
    return 0;
  if (!blanks_take(&rest))
    return 0;
  *in = rest;
  return 1;
}
