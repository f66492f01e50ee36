#include "flow/alerts.h"
#include "base/moment.h"

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
