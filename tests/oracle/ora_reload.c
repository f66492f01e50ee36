/* ora_reload.c - new rules in the middle of a log.
 *
 * A rule is the same in both scripts if its canonical form is; of several with one form those with the same
 * selection belong together, else the first to the first. */
#include <string.h>

#include "ora.h"

static int same_pattern(ora_pattern const *a, ora_pattern const *b)
{
  if (a->select != b->select || !a->glob != !b->glob)
    return 0;
  return a->glob ? !strcmp(a->glob, b->glob) : a->uid == b->uid;
}

static int same_selection(ora_script const *s, ora_rule const *a, ora_script const *t, ora_rule const *b)
{
  if (a->patterns != b->patterns)
    return 0;
  for (size_t i = 0; i < a->patterns; i++)
    if (!same_pattern(&s->patterns[i], &t->patterns[i]))
      return 0;
  return 1;
}

/* The user ID that a key shows. */
static uint64_t number(ora_str key)
{
  uint64_t n = 0;

  ora_eat_number(&key, &n);
  return n;
}

/* Notes the keys that are over and that rule r of the new script does not select. */
static void exempt(ora *o, ora_script const *next, ora_rule const *r)
{
  for (size_t i = 0; i < r->n; i++) {
    ora_counter *c = r->counters[i];
    if (!c->over)
      continue;
    if (r->count == ORA_LINE)
      c->exempt = !ora_selected(o->pool, next, r, c->key, 0);
    else if (r->key == ORA_SENDER)
      c->exempt = !ora_sender_selected(o->pool, next, r, c->key);
    else if (r->key == ORA_UID)
      c->exempt = !ora_uid_selected(next, r, number(c->key));
  }
}

/* Gives rules of next the counters of the same ones in the old script.  from[i] becomes the number of that
 * one for rule i, counted from 1. */
static void hand_on(ora *o, ora_script *next, size_t *from, int alike)
{
  ora_script *old = &o->script;

  for (size_t i = 0; i < next->nrules; i++)
    for (size_t k = 0; k < old->nrules && !from[i]; k++) {
      ora_rule *a = &old->rules[k], *b = &next->rules[i];
      if (!a->gone || !ora_same(a->name, b->name) || (alike && !same_selection(old, a, next, b)))
        continue;
      b->counters = a->counters;
      b->n = a->n;
      b->room = a->room;
      a->gone = 0;
      from[i] = k + 1;
      exempt(o, next, b);
    }
}

/* Exempted keys go with their counters. */
static void forget_exempted(ora_rule *r)
{
  size_t n = 0;

  for (size_t i = 0; i < r->n; i++)
    if (!r->counters[i]->exempt)
      r->counters[n++] = r->counters[i];
  r->n = n;
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
  for (size_t k = 0; k < o->script.nrules; k++)
    o->script.rules[k].gone = 1;
  hand_on(o, &next, from, 1);
  hand_on(o, &next, from, 0);
  ora_alert_reloaded(o);
  for (size_t i = 0; i < next.nrules; i++)
    forget_exempted(&next.rules[i]);
  next.exact = o->script.exact;
  next.chars = o->script.chars;
  next.report = o->script.report;
  next.top = o->script.top;
  o->script = next;
  hand_on_matches(o, from);
  ora_label(o->pool, &o->out, o->clock);
  ora_print(o->pool, &o->out, " note reload rules=%zu\n", next.nrules);
  o->alerts++;
  return 1;
}
