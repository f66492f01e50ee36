#include "watch/reload.h"
#include "base/scan.h"
#include "count/episode_end.h"
#include <errno.h>
#include <stdlib.h>

#define NONE UINT32_MAX

/* What there must be memory for before anything changes. */
typedef struct {
  uint32_t *old;          /* the old rule that new rule i is, or NONE */
  uint32_t *head, *chain; /* old rules that were not taken over, by the hash of their text; in their order */
  uint32_t mask;          /* one less than the length of head[] */
  uint32_t *becomes;      /* by set: the new rule that its rule is, or NONE */
  ruleset of;             /* of the new rules */
} plan;

static uint32_t rules_of(watch const *t)
{
  return t->rules ? (uint32_t)script_len(t->rules) : 0;
}

static int plan_open(plan *p, watch const *t, size_t n)
{
  uint32_t old = rules_of(t), length = 1;

  while (length < old)
    length *= 2;
  *p = (plan){.mask = length - 1};
  p->old = calloc(n + 1, sizeof *p->old);
  p->head = malloc(length * sizeof *p->head);
  p->chain = calloc(old + 1u, sizeof *p->chain);
  p->becomes = calloc(t->store.count + 1u, sizeof *p->becomes);
  return ruleset_open(&p->of, n, n + t->store.count) && p->old && p->head && p->chain && p->becomes;
}

static void plan_close(plan *p)
{
  free(p->old);
  free(p->head);
  free(p->chain);
  free(p->becomes);
  ruleset_close(&p->of);
}

static uint32_t *bucket(plan const *p, watch const *t, span text)
{
  return &p->head[hash_bytes(t->room.secret, 8, text) & p->mask];
}

/* The first old rule that says the same as text, if all before it were taken over; it is taken over with
 * this. */
static uint32_t take_over(plan *p, watch const *t, span text)
{
  uint32_t *link = bucket(p, t, text), found;

  while (*link != NONE && !span_equal(script_rule_text(t->rules, *link), text))
    link = &p->chain[*link];
  found = *link;
  if (found != NONE)
    *link = p->chain[found];
  return found;
}

static void match(plan *p, watch const *t, script const *rules)
{
  for (uint32_t i = 0; i <= p->mask; i++)
    p->head[i] = NONE;
  for (uint32_t i = rules_of(t); i--;) {
    uint32_t *head = bucket(p, t, script_rule_text(t->rules, i));
    p->chain[i] = *head;
    *head = i;
    p->becomes[t->of.set[i]] = NONE;
  }
  for (uint32_t i = 0; i < script_len(rules); i++) {
    p->old[i] = take_over(p, t, script_rule_text(rules, i));
    if (p->old[i] != NONE)
      p->becomes[t->of.set[p->old[i]]] = i;
  }
}

static uint16_t set_of(watch *t, plan const *p, script const *rules, size_t i)
{
  rule const *r = script_rule(rules, i);
  uint16_t number;

  if (p->old[i] != NONE)
    return t->of.set[p->old[i]];
  number = (uint16_t)counters_open(&t->store, r->limit, r->clear, r->period);
  if (rule_differs(r))
    counters_of_values(&t->store, number);
  return number;
}

/* Old rules go first, so that new ones find room. */
static void commit(watch *t, plan *p, script const *rules)
{
  for (uint32_t i = 0; i < rules_of(t); i++)
    if (p->becomes[t->of.set[i]] == NONE)
      counters_close(&t->store, t->of.set[i]);
  p->of.generation = t->of.generation + 1;
  for (size_t i = 0; i < script_len(rules); i++) {
    p->of.born[i] = p->old[i] == NONE ? p->of.generation : t->of.born[p->old[i]];
    p->of.set[i] = set_of(t, p, rules, i);
    p->of.rule_of[p->of.set[i]] = (uint16_t)i;
  }
  watch_rules(t, rules, &p->of);
}

typedef struct {
  logclock *clock;
  plan const *next;
  script const *rules;
} change;

/* Can there still be events of that key under the rule? Where the key is neither what selections name nor the
 * word of a line, there can. */
static int is_selected(watch *t, script const *rules, size_t i, cell c)
{
  rule_key kind = script_rule(rules, i)->key;
  span key = {t->room.text,
              counter_key(t->store.mem, counter_at(t->store.mem, c), t->room.text, COUNTER_KEY_MAX)};
  uint64_t uid;

  switch (kind) {
  case KEY_SENDER: return script_selects_sender(rules, key, i);
  case KEY_TEXT: return script_applies(rules, script_decider(rules, key, i));
  case KEY_UID: return !num_scan(&uid, key) || script_selects_uid(rules, uid, i);
  default: return 1;
  }
}

static int end_unwanted(void *to, ending const *e)
{
  change const *c = to;
  uint32_t i = c->next->becomes[e->set];

  if (i != NONE && is_selected(c->clock->watch, c->rules, i, e->counter))
    return 0;
  logclock_end(c->clock, e, i == NONE ? ALERT_RULE_GONE : ALERT_EXEMPT);
  return 1;
}

int reload_rules(logclock *p, script const *rules)
{
  watch *t = p->watch;
  size_t n = script_len(rules);
  plan next;
  int fine = plan_open(&next, t, n) && counters_reserve(&t->store, n);

  if (fine) {
    match(&next, t, rules);
    logclock_now(p);
    standing_each(&t->store, timeline_present(&p->clock), &end_unwanted, &(change){p, &next, rules});
    commit(t, &next, rules);
    logclock_look(p);
  }
  plan_close(&next);
  if (!fine)
    errno = ENOMEM;
  return fine;
}
