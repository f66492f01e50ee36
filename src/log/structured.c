#include "log/structured.h"

#include "base/scan.h"
#include "log/blanks.h"

/* "[id name="value"]", one or more. In a value a backslash takes the meaning away from the byte behind it. */
static int take_elements(span *in)
{
  size_t n = 0;
  int quoted = 0;
  while (n < in->len && in->s[n] == '[') {
    for (; n < in->len && (quoted || in->s[n] != ']'); n++)
      if (in->s[n] == '"')
        quoted = !quoted;
      else if (quoted && in->s[n] == '\\')
        n++;
    n++;
  }
  if (!n || n > in->len)
    return 0;
  scan_skip(in, n);
  return 1;
}

int structured_take(span *host, span *in)
{
  span rest = *in, name = scan_word(&rest);
  if (!name.len)
    return 0;
  for (int i = 0; i < 3; i++)
    if (!scan_lit(&rest, " ") || !scan_word(&rest).len)
      return 0;
  if (!scan_lit(&rest, " "))
    return 0;
  if ((!scan_lit(&rest, "-") && !take_elements(&rest)) || !blanks_take(&rest))
    return 0;
  scan_lit(&rest, "\xef\xbb\xbf"); /* what says that the text is UTF-8 */
  *host = span_equal(name, span_of("-")) ? (span){in->s, 0} : name;
  *in = rest;
  return 1;
}
