#include "tap/reload.h"
#include <errno.h>
#include <stdlib.h>

typedef struct {
  uint16_t *set;       /* of new rule i */
  line_words *found;   /* likewise */
  uint16_t *rule_of;   /* of each set */
  unsigned char *ours; /* that set is a new one */
  unsigned char *kept; /* old rule i goes on */
  size_t last;         /* where the last match was: unchanged parts of a script are found at once */
} plan;

static size_t rules_of(watch const *t)
{
  return t->rules ? script_len(t->rules) : 0;
}

/* The old rule that r is the same as, if no rule before has taken it over; or the number of old rules. */
static size_t predecessor(watch const *t, plan *p, rule const *r)
{
  size_t n = rules_of(t);

  for (size_t step = 1; step <= n; step++) {
    size_t i = (p->last + step) % n;
    if (!p->kept[i] && rule_equal(script_rule(t->rules, i), r)) {
      p->last = i;
      return i;
    }
  }
  return n;
}

static int counters_find(watch *t, plan *p, rule const *r, size_t i)
{
  size_t old = predecessor(t, p, r);
  int number;

  if (old < rules_of(t)) {
    p->kept[old] = 1;
    p->set[i] = t->set[old];
    return 1;
  }
  number = counters_open(&t->store, r->limit, r->clear, r->period);
  if (number < 0)
    return 0;
  if (rule_differs(r))
    counters_of_values(&t->store, (unsigned int)number);
  p->set[i] = (uint16_t)number;
  p->ours[i] = 1;
  return 1;
}

/* Returns 1 once there is room for the rules of all sets, or 0 with errno ENOMEM. */
static int room_back(plan *p, watch const *t)
{
  p->rule_of = calloc(t->store.count + 1u, sizeof *p->rule_of);
  return p->rule_of != 0;
}

static void commit(watch *t, plan *p, script const *rules)
{
  for (size_t i = 0; i < rules_of(t); i++)
    if (!p->kept[i])
      counters_close(&t->store, t->set[i]);
  free(t->set);
  free(t->found);
  free(t->rule_of);
  t->set = p->set;
  t->found = p->found;
  t->rule_of = p->rule_of;
  p->set = 0;
  p->found = 0;
  p->rule_of = 0;
  t->rules = rules;
  t->lines = 0;
  for (size_t i = 0; i < script_len(rules); i++) {
    t->rule_of[t->set[i]] = (uint16_t)i;
    t->lines |= script_rule(rules, i)->count == COUNT_LINE;
  }
}

int reload_rules(watch *t, script const *rules)
{
  size_t n = script_len(rules), i = 0;
  plan p = {.set = calloc(n + 1, sizeof *p.set),
            .found = calloc(n + 1, sizeof *p.found),
            .ours = calloc(n + 1, 1),
            .kept = calloc(rules_of(t) + 1, 1),
            .last = rules_of(t) - 1};
  int fine = p.set && p.found && p.ours && p.kept;

  for (; fine && i < n; i++)
    fine = counters_find(t, &p, script_rule(rules, i), i);
  fine = fine && room_back(&p, t);
  if (fine)
    commit(t, &p, rules);
  else
    for (size_t k = 0; k < i; k++)
      if (p.ours[k])
        counters_close(&t->store, p.set[k]);
  free(p.set);
  free(p.found);
  free(p.rule_of);
  free(p.ours);
  free(p.kept);
  if (!fine)
    errno = ENOMEM;
  return fine;
}
