/* ora_clock.c - what the stamp of an event does to the clock. */
#include "ora.h"

#define NOTES_APART 1000 /* at most one timeline note in any so many events */

static int64_t later(int64_t a, int64_t b)
{
  return a > b ? a : b;
}

static void set(ora *o, int64_t when)
{
  o->now.newest = when;
  o->clock = later(when, o->counted);
  o->now.stamped = 1;
}

/* What unstamped lines counted is dropped, with its keys. */
static void first_stamp(ora *o, int64_t when)
{
  ora_alert_end(o, o->now.wall);
  for (size_t i = 0; i < o->script.nrules; i++)
    o->script.rules[i].n = 0;
  set(o, when);
}

/* Keys keep what a report says of the whole input. */
static void new_timeline(ora *o, int64_t when)
{
  ora_alert_end(o, o->clock);
  for (size_t i = 0; i < o->script.nrules; i++)
    for (size_t k = 0; k < o->script.rules[i].n; k++)
      o->script.rules[i].counters[k]->n = 0;
  if (!o->noted || o->moved - o->noted >= NOTES_APART) {
    o->noted = o->moved;
    ora_alert_note_timeline(o, when);
  }
  o->counted = INT64_MIN;
  set(o, when);
}

/* Live: the newest stamp is within five minutes of the machine's clock, before it or after it.  A stored log
 * is read as a replay. */
static int too_far_ahead(ora const *o, ora_wide when)
{
  ora_now const *now = &o->now;
  ora_wide apart = (ora_wide)now->wall - now->newest;
  int live = o->resumed || (apart <= ORA_MINUTES5 && apart >= -ORA_MINUTES5 && !o->warming);
  ora_wide most = live ? ORA_MINUTES5 : ORA_DAY;

  return when - now->newest > most && when - now->wall > most;
}

void ora_clock_move(ora *o, ora_stamp const *st)
{
  ora_wide when = st->when;

  o->moved++;
  if (!st->known || (o->now.stamped && too_far_ahead(o, when))) {
    if (o->resumed)
      o->counted = o->clock;
    return;
  }
  if (!o->now.stamped) {
    first_stamp(o, st->when);
  } else if (when >= o->now.newest) {
    ora_unders(o, later(st->when, o->counted));
    set(o, st->when);
  } else if (o->now.newest - when <= ORA_MINUTES5) {
    set(o, o->now.newest);
    o->late++;
  } else {
    new_timeline(o, st->when);
  }
  o->resumed = 0;
}
