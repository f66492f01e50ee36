#include "count/text.h"

#define TEXT_CELL (CELL_BYTES - sizeof(cell))

typedef struct {
  cell next;
  char s[TEXT_CELL];
} text_cell;

static size_t part(size_t len)
{
  return len < TEXT_CELL ? len : TEXT_CELL;
}

/* Appends a cell to the chain. Returns it, or 0. */
static cell grow(pool *mem, cell last)
{
  cell c = pool_take(mem);

  if (!c)
    return 0;
  ((text_cell *)pool_at(mem, c))->next = 0;
  if (last)
    ((text_cell *)pool_at(mem, last))->next = c;
  return c;
}

cell text_store_all(pool *mem, span const *bytes, size_t count)
{
  cell first = grow(mem, 0), last = first;
  size_t used = 0;

  for (size_t i = 0; first && i < count; i++)
    for (span rest = bytes[i]; rest.len;) {
      size_t n;
      if (used == TEXT_CELL) {
        last = grow(mem, last);
        used = 0;
      }
      if (!last) {
        text_free(mem, first);
        return 0;
      }
      n = rest.len < TEXT_CELL - used ? rest.len : TEXT_CELL - used;
      memcpy(((text_cell *)pool_at(mem, last))->s + used, rest.s, n);
      used += n;
      rest = (span){rest.s + n, rest.len - n};
    }
  return first;
}

cell text_store(pool *mem, span bytes)
{
  return text_store_all(mem, &bytes, 1);
}

void text_read(pool const *mem, text_place *at, char *out, size_t len)
{
  while (len) {
    text_cell const *t = pool_at(mem, at->text);
    size_t n = TEXT_CELL - at->read;
    if (n > len)
      n = len;
    memcpy(out, t->s + at->read, n);
    out += n;
    len -= n;
    at->read += n;
    if (at->read == TEXT_CELL)
      *at = (text_place){t->next, 0};
  }
}

void text_load(pool const *mem, cell text, char *out, size_t len)
{
  text_place at = {text, 0};
  text_read(mem, &at, out, len);
}

int text_begins(pool const *mem, cell text, span bytes)
{
  while (bytes.len) {
    text_cell const *t = pool_at(mem, text);
    size_t n = part(bytes.len);
    if (memcmp(t->s, bytes.s, n))
      return 0;
    bytes = (span){bytes.s + n, bytes.len - n};
    text = t->next;
  }
  return 1;
}

size_t text_free(pool *mem, cell text)
{
  cell last = text, next;
  size_t count = 1;

  while ((next = ((text_cell *)pool_at(mem, last))->next)) {
    last = next;
    count++;
  }
  pool_give_chain(mem, text, last, count);
  return count;
}

size_t text_cells(size_t len)
{
  return len ? (len + TEXT_CELL - 1) / TEXT_CELL : 1;
}
