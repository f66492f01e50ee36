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

/* Gives each rule of next the counters of the same one in the old script, and leaves that without any.
 * from[i] becomes the number of that one for rule i, counted from 1, or 0. */
static void hand_on(ora *o, ora_script *next, size_t *from)
{
  ora_script *old = &o->script;
  char *taken = ora_get(o->pool, old->nrules + 1);

  for (size_t i = 0; i < next->nrules; i++)
    for (size_t k = 0; k < old->nrules && !from[i]; k++)
      if (!taken[k] && same_rule(old, &old->rules[k], next, &next->rules[i])) {
        next->rules[i].counters = old->rules[k].counters;
        next->rules[i].n = old->rules[k].n;
        next->rules[i].room = old->rules[k].room;
        old->rules[k].counters = 0;
        old->rules[k].n = 0;
        taken[k] = 1;
        from[i] = k + 1;
      }
}

/* Lines that splogger cut, and whose rest is still to come, have matched no new rule. */
static void hand_on_matches(ora *o, size_t const *from)
{
  for (size_t i = 0; i < o->nparts; i++) {
    char *now = ora_get(o->pool, o->script.nrules + 1);
    for (size_t k = 0; k < o->script.nrules; k++)
      now[k] = from[k] ? o->parts[i].matched[from[k] - 1] : 0;
    o->parts[i].matched = now;
  }
}

int ora_reload(ora *o, char const *const *args, size_t nargs)
{
  ora_script next = {0};
  size_t *from;

  if (!ora_script_read(o->pool, &next, args, nargs))
    return 0;
  from = ora_get(o->pool, (next.nrules + 1) * sizeof *from);
  hand_on(o, &next, from);
  ora_alert_drop(o);
  next.exact = o->script.exact;
  next.chars = o->script.chars;
  next.report = o->script.report;
  next.top = o->script.top;
  o->script = next;
  hand_on_matches(o, from);
  ora_label(o->pool, &o->out, o->now.wall);
  ora_print(o->pool, &o->out, " note reload rules=%zu\n", next.nrules);
  o->alerts++;
  return 1;
}
