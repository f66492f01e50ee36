#include "pipe/alert_queue.h"
#include "count/text.h"
#include "base/span.h"
#include <assert.h>
#include <errno.h>

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

void outlet_open(outlet *o, int fd, size_t memory)
{
  sink_open(&o->to, fd, SINK_LINES);
  o->lost = o->untold = o->written = 0;
  o->begun = o->len = 0;
  backlog_open(&o->waiting, memory);
}

void outlet_close(outlet *o)
{
  sink_close(&o->to);
  backlog_close(&o->waiting);
}

/* Is there room, if need be behind what the reader takes now? */
static int queue(outlet *o, span line)
{
  if (backlog_put(&o->waiting, line))
    return 1;
  outlet_flush(o);
  return backlog_put(&o->waiting, line);
}

void outlet_put(outlet *o, span line)
{
  if (o->untold || !queue(o, line)) {
    o->untold++;
    o->lost++;
  }
}

uint64_t outlet_gap(outlet *o)
{
  uint64_t lost = o->untold;

  if (!lost || !backlog_half_empty(&o->waiting))
    return 0;
  o->untold = 0;
  return lost;
}

static int line_begin(outlet *o)
{
  o->begun = 0;
  o->len = backlog_take(&o->waiting, o->line);
  return o->len != 0;
}

outlet_state outlet_flush(outlet *o)
{
  while (o->begun < o->len || line_begin(o)) {
    ssize_t n = sink_write(&o->to, o->line + o->begun, o->len - o->begun);
    if (n > 0) {
      o->begun += (size_t)n;
      o->written += (size_t)n;
    } else if (n == 0 || errno == EAGAIN || errno == EWOULDBLOCK)
      return OUTLET_FULL;
    else if (errno != EINTR)
      return OUTLET_BROKEN;
  }
  return OUTLET_IDLE;
}

#define RETRY SECOND
#define RELUCTANCE (SECOND / 50)

void alerts_start(alerts *a, outlet *to)
{
  *a = (alerts){.outlet = to, .state = OUTLET_IDLE};
}

void alerts_poll(alerts const *a, struct pollfd *fd)
{
  fd->fd = a->state == OUTLET_FULL && !a->again ? a->outlet->to.fd : -1;
  fd->events = POLLOUT;
  fd->revents = 0;
}

int64_t alerts_deadline(alerts const *a)
{
  return a->state != OUTLET_IDLE && a->again ? a->again : INT64_MAX;
}

void alerts_polled(alerts *a, struct pollfd const *fd)
{
  a->writable = fd->revents != 0;
}

/* What takes nothing though poll says that it would is not asked again at once. */
static int is_reluctant(alerts const *a, uint64_t before)
{
  return a->state == OUTLET_FULL && a->writable && a->outlet->written == before;
}

int alerts_move(alerts *a, int64_t mono)
{
  uint64_t before = a->outlet->written;

  if (mono < a->again)
    return 0;
  a->state = outlet_flush(a->outlet);
  if (a->state == OUTLET_BROKEN)
    a->again = mono + RETRY;
  else
    a->again = is_reluctant(a, before) ? mono + RELUCTANCE : 0;
  return 1;
}
