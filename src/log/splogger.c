#include "log/splogger.h"
#include "count/text.h"

void parts_open(parts *p, pool *mem, hash_key const *key, size_t cells_most)
{
  p->mem = mem;
  p->key = key;
  p->cells = 0;
  p->cells_most = cells_most;
  p->waiting = p->next = 0;
  memset(p->line, 0, sizeof p->line);
}

static uint64_t name_of(parts const *p, span host, span number)
{
  return hash_bytes(p->key, hash_bytes(p->key, 2, host), number);
}

/* The place of a line, or PARTS_LINES. */
static size_t find(parts const *p, uint64_t name)
{
  size_t i = 0;

  if (!p->waiting)
    return PARTS_LINES;
  while (i < PARTS_LINES && !(p->name[i] == name && p->line[i].text))
    i++;
  return i;
}

static void drop(parts *p, size_t i)
{
  if (!p->line[i].text)
    return;
  p->cells -= text_free(p->mem, p->line[i].text);
  p->line[i].text = 0;
  p->waiting--;
}

void parts_forget(parts *p, span host, span number)
{
  size_t i;

  if (!p->waiting)
    return;
  i = find(p, name_of(p, host, number));
  if (i < PARTS_LINES)
    drop(p, i);
}

int parts_join(parts *p, span host, span number, span more, span *text, parts_line *line)
{
  size_t i = find(p, name_of(p, host, number)), room;

  if (i == PARTS_LINES)
    return 0;
  *line = p->line[i];
  text_load(p->mem, line->text, p->text, line->len);
  drop(p, i);
  room = sizeof p->text - line->len;
  if (more.len > room)
    more.len = room;
  memcpy(p->text + line->len, more.s, more.len);
  *text = (span){p->text, line->len + more.len};
  return 1;
}

/* Makes room for count cells by forgetting the lines that have waited longest. Returns whether there is. */
static int make_room(parts *p, size_t count)
{
  for (size_t i = 0; i < PARTS_LINES && p->cells + count > p->cells_most; i++)
    drop(p, (p->next + i) % PARTS_LINES);
  return p->cells + count <= p->cells_most;
}

void parts_keep(parts *p, span host, span number, span text, parts_line const *line)
{
  size_t cells = text_cells(text.len), i = p->next;
  cell made;

  if (line->parts + 1 >= PARTS_MOST || !make_room(p, cells))
    return;
  made = text_store(p->mem, text);
  if (!made)
    return;
  drop(p, i);
  p->name[i] = name_of(p, host, number);
  p->line[i] =
      (parts_line){made, (uint32_t)text.len, (uint16_t)(line->parts + 1), line->flags, line->generation};
  p->cells += cells;
  p->waiting++;
  p->next = (i + 1) % PARTS_LINES;
}
