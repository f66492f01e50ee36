#include "hold/output.h"
#include "watch/alert.h"
#include <errno.h>

#define PASS_MEMORY ((size_t)16 << 20)
#define SAY_MEMORY ((size_t)256 << 10)

void output_open(output *o)
{
  o->failing = 0;
  alert_queue_open(&o->out, 1, PASS_MEMORY);
  alert_queue_open(&o->err, 2, SAY_MEMORY);
}

void output_pass(output *o, span line)
{
  alert_queue_put(&o->out, line);
}

void output_say(output *o, span line)
{
  alert_queue_put(&o->err, line);
}

static void tell_lost(output *o, moment now)
{
  uint64_t lost = alert_queue_gap(&o->out);
  alert a;

  if (!lost || alert_queue_tell(&o->out, LINE_MOST) != ALERT_QUEUE_FITS)
    return;
  alert_begin(&a, now.wall, ALERT_NOTE);
  alert_field(&a, span_of(ALERT_LOST));
  alert_number(&a, "alerts=", lost);
  alert_queue_put(&o->out, alert_end(&a));
  alert_queue_write(&o->out, now.mono);
}

int output_flush(output *o, moment now)
{
  int failed = o->failing, e;

  alert_queue_write(&o->out, now.mono);
  e = errno;
  o->failing = o->out.state == ALERT_QUEUE_FAILS;
  tell_lost(o, now);
  alert_queue_write(&o->err, now.mono);
  errno = e;
  return !o->failing || failed;
}

int output_full(output const *o)
{
  return o->out.state == ALERT_QUEUE_WAITS || o->err.state == ALERT_QUEUE_WAITS;
}

int64_t output_deadline(output const *o)
{
  int64_t out = alert_queue_deadline(&o->out), err = alert_queue_deadline(&o->err);
  return out < err ? out : err;
}
