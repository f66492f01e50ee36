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

/* All that was said of the stored log is taken back.  Time stands where the log ended, until the first line
 * or a timer moves it. */
void ora_warm_done(ora *o)
{
  unsigned long long over;

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
