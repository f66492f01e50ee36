/* ora_warm.c - what is said when a stored log has been read, before the first line of the new one. */
#include "ora.h"

static uint64_t open_episodes(ora const *o)
{
  uint64_t n = 0;

  for (size_t i = 0; i < o->script.nrules; i++)
    for (size_t k = 0; k < o->script.rules[i].n; k++)
      n += o->script.rules[i].counters[k]->over != 0;
  return n;
}

/* All that was said of the stored log is taken back, and time goes on to now. */
void ora_warm_done(ora *o)
{
  unsigned long long over;

  ora_unders(o, o->now.wall);
  o->clock = o->now.wall;
  o->now.stamped = 0;
  o->out.n = 0;
  over = open_episodes(o);
  ora_label(o->pool, &o->out, o->clock);
  ora_print(o->pool, &o->out, " note restored lines=%llu over=%llu\n", (unsigned long long)o->lines, over);
  ora_label(o->pool, &o->out, o->clock);
  ora_print(o->pool, &o->out, " note start rules=%zu over=%llu\n", o->script.nrules, over);
  o->alerts = 2;
  ora_alert_still(o);
  o->lines = o->events = o->late = o->odd = 0;
}
