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

cell text_store(pool *mem, span bytes)
{
  cell first = 0, last = 0;

  do {
    cell c = pool_take(mem);
    text_cell *t;
    size_t n = part(bytes.len);

    if (!c) {
      if (first)
        text_free(mem, first);
      return 0;
    }
    t = pool_at(mem, c);
    t->next = 0;
    memcpy(t->s, bytes.s, n);
    if (last)
      ((text_cell *)pool_at(mem, last))->next = c;
    else
      first = c;
    last = c;
    bytes = (span){bytes.s + n, bytes.len - n};
  } while (bytes.len);
  return first;
}

void text_load(pool const *mem, cell text, char *out, size_t len)
{
  while (len) {
    text_cell const *t = pool_at(mem, text);
    size_t n = part(len);
    memcpy(out, t->s, n);
    out += n;
    len -= n;
    text = t->next;
  }
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
