#include "flow/outlet.h"
#include <errno.h>

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
