#include "log/lines.h"

static size_t at_most(size_t len, size_t most)
{
  return len < most ? len : most;
}

static void keep(lines *l, span bytes)
{
  size_t len = at_most(bytes.len, LINES_KEPT - l->len);

  memcpy(l->kept + l->len, bytes.s, len);
  l->len += len;
  l->begun = 1;
}

span lines_trim(span line)
{
  while (line.len &&
         (line.s[line.len - 1] == ' ' || line.s[line.len - 1] == '\t' || line.s[line.len - 1] == '\r'))
    line.len--;
  return line;
}

void lines_end(lines *l, lines_take *take, void *to)
{
  if (!l->begun)
    return;
  (*take)(to, (span){l->kept, l->len});
  l->begun = 0;
  l->len = 0;
}

void lines_feed(lines *l, span piece, lines_take *take, void *to)
{
  char const *s = piece.s, *end = piece.s + piece.len, *newline;

  if (l->begun && s < end) {
    newline = memchr(s, '\n', piece.len);
    keep(l, (span){s, (size_t)((newline ? newline : end) - s)});
    if (!newline)
      return;
    lines_end(l, take, to);
    s = newline + 1;
  }
  for (;;) {
    newline = s < end ? memchr(s, '\n', (size_t)(end - s)) : 0;
    if (!newline)
      break;
    (*take)(to, (span){s, at_most((size_t)(newline - s), LINES_KEPT)});
    s = newline + 1;
  }
  if (s < end)
    keep(l, (span){s, (size_t)(end - s)});
}
