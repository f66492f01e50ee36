#include "hold/output.h"
#include "watch/alert.h"
#include <errno.h>

#define PASS_MEMORY ((size_t)16 << 20)
#define SAY_MEMORY ((size_t)256 << 10)

void output_open(output *o)
{
  *o = (output){.out_state = OUTLET_IDLE, .err_state = OUTLET_IDLE};
  outlet_open(&o->out, 1, PASS_MEMORY);
  outlet_open(&o->err, 2, SAY_MEMORY);
}

void output_pass(output *o, span line)
{
  outlet_put(&o->out, line);
}

void output_say(output *o, span line)
{
  outlet_put(&o->err, line);
}

static void tell_lost(output *o, int64_t now)
{
  uint64_t lost = outlet_gap(&o->out);
  alert a;

  if (!lost)
    return;
  alert_begin(&a, now, ALERT_NOTE);
  alert_field(&a, span_of(ALERT_LOST));
  alert_number(&a, "alerts=", lost);
  outlet_put(&o->out, alert_end(&a));
  o->out_state = outlet_flush(&o->out);
}

int output_flush(output *o, int64_t now)
{
  int fine = 1, e;

  o->out_state = outlet_flush(&o->out);
  e = errno;
  if (o->out_state != OUTLET_BROKEN) {
    o->failing = 0;
    tell_lost(o, now);
  } else {
    fine = o->failing;
    o->failing = 1;
  }
  o->err_state = outlet_flush(&o->err);
  errno = e;
  return fine;
}

int output_full(output const *o)
{
  return o->out_state == OUTLET_FULL || o->err_state == OUTLET_FULL;
}

int output_broken(output const *o)
{
  return o->out_state == OUTLET_BROKEN || o->err_state == OUTLET_BROKEN;
}
