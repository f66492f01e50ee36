#include "flow/backlog.h"
#include "count/text.h"
#include <assert.h>

typedef struct {
  cell next, text;
  size_t len;
} entry;

static_assert(sizeof(entry) <= CELL_BYTES, "an entry is a cell");

static entry *entry_at(backlog const *b, cell c)
{
  return pool_at(&b->mem, c);
}

void backlog_open(backlog *b, size_t memory)
{
  pool_open(&b->mem, memory, 0, 0);
  b->first = b->last = 0;
}

void backlog_close(backlog *b)
{
  pool_close(&b->mem);
}

int backlog_put(backlog *b, span line)
{
  cell text = text_store(&b->mem, line), made = text ? pool_take(&b->mem) : 0;

  if (!made) {
    if (text)
      text_free(&b->mem, text);
    return 0;
  }
  *entry_at(b, made) = (entry){0, text, line.len};
  if (b->last)
    entry_at(b, b->last)->next = made;
  else
    b->first = made;
  b->last = made;
  return 1;
}

size_t backlog_take(backlog *b, char *out)
{
  cell c = b->first;
  entry e;

  if (!c)
    return 0;
  e = *entry_at(b, c);
  text_load(&b->mem, e.text, out, e.len);
  text_free(&b->mem, e.text);
  pool_give(&b->mem, c);
  b->first = e.next;
  if (!b->first)
    b->last = 0;
  return e.len;
}

int backlog_half_empty(backlog const *b)
{
  return b->mem.used * CELL_BYTES * 2 <= b->mem.budget;
}
