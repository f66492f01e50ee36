/* ora_warm.c - what is said when a stored log has been read, before the first line of the new one. */
#include "ora.h"

static unsigned long long open_episodes(ora const *o)
{
  unsigned long long n = 0;

  for (size_t i = 0; i < o->script.nrules; i++)
    for (size_t k = 0; k < o->script.rules[i].n; k++)
      n += o->script.rules[i].counters[k]->over != 0;
  return n;
}

/* Takes back all that was said of the stored log. */
void ora_restored(ora *o)
{
  o->out.n = 0;
  ora_label(o->pool, &o->out, o->clock);
  ora_print(o->pool, &o->out, " note restored lines=%llu over=%llu\n", (unsigned long long)o->lines,
            open_episodes(o));
  o->alerts = 1;
}

/* What has ended by now is not told. */
static void catch_up(ora *o)
{
  size_t said = o->out.n;
  uint64_t alerts = o->alerts;

  o->resumed = o->now.stamped;
  if (o->clock < o->now.wall)
    o->clock = o->now.wall;
  ora_unders(o, o->clock);
  o->out.n = said;
  o->alerts = alerts;
}

static void fold(ora *o)
{
  if (o->script.exact) {
    ora_put(o->pool, &o->out, ora_lit(" fold=exact"));
  } else if (o->script.chars.n) {
    ora_put(o->pool, &o->out, ora_lit(" fold="));
    ora_show(o->pool, &o->out, o->script.chars);
  }
}

/* With PROGRAM time goes on from the machine's clock, else from where the stored log ended. */
void ora_start(ora *o, int keeps_program)
{
  if (keeps_program)
    catch_up(o);
  ora_label(o->pool, &o->out, o->clock);
  ora_print(o->pool, &o->out, " note start rules=%zu over=%llu", o->script.nrules, open_episodes(o));
  fold(o);
  ora_put(o->pool, &o->out, ora_lit("\n"));
  o->alerts++;
  ora_alert_still(o);
}
