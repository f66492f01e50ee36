/* ora_reload.c - new rules in the middle of a log.
 *
 * A rule is the same in both scripts if its canonical form and the selection before it are. */
#include <string.h>

#include "ora.h"

static int same_rule(ora_script const *s, ora_rule const *a, ora_script const *t, ora_rule const *b)
{
  if (!ora_same(a->name, b->name) || a->patterns != b->patterns)
    return 0;
  for (size_t i = 0; i < a->patterns; i++)
    if (s->patterns[i].select != t->patterns[i].select || strcmp(s->patterns[i].glob, t->patterns[i].glob))
      return 0;
  return 1;
}

/* Gives each rule of next the counters of the same one in the old script, and leaves that without any. */
static void hand_on(ora_script *old, ora_script *next)
{
  for (size_t i = 0; i < next->nrules; i++)
    for (size_t k = 0; k < old->nrules; k++) {
      ora_rule *from = &old->rules[k], *to = &next->rules[i];
      if (!from->counters || to->counters || !same_rule(old, from, next, to))
        continue;
      to->counters = from->counters;
      to->n = from->n;
      to->room = from->room;
      from->counters = 0;
      from->n = 0;
    }
}

/* Lines that splogger cut, and whose rest is still to come, have matched no new rule. */
static void forget_matches(ora *o)
{
  for (size_t i = 0; i < o->nparts; i++)
    o->parts[i].matched = ora_get(o->pool, o->script.nrules + 1);
}

int ora_reload(ora *o, char const *const *args, size_t nargs)
{
  ora_script next = {0};

  if (!ora_script_read(o->pool, &next, args, nargs))
    return 0;
  hand_on(&o->script, &next);
  ora_alert_drop(o);
  next.exact = o->script.exact;
  next.chars = o->script.chars;
  next.report = o->script.report;
  next.top = o->script.top;
  o->script = next;
  forget_matches(o);
  ora_label(o->pool, &o->out, o->now.wall);
  ora_print(o->pool, &o->out, " note reload rules=%zu\n", next.nrules);
  o->alerts++;
  return 1;
}
