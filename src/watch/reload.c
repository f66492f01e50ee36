#include "watch/reload.h"
#include "base/scan.h"
#include <errno.h>
#include <stdlib.h>

#define NONE SIZE_MAX

typedef struct {
  watch *w;
  script const *rules; /* the new ones */
  size_t len, before;  /* how many rules are new, and were there */
  size_t *old;         /* which old rule each new one is, or NONE */
  size_t *becomes;     /* which new rule each old one is, or NONE */
} change;

/* The first old rule not yet taken over that says the same as new rule i; with selected, for the same
 * messages. */
static size_t find_same(change const *c, size_t i, uint64_t const *selected)
{
  for (size_t k = 0; k < c->before; k++)
    if (c->becomes[k] == NONE && (!selected || selected[k] == selected[c->before + i]) &&
        span_equal(script_rule_text(c->w->rules, k), script_rule_text(c->rules, i)))
      return k;
  return NONE;
}

static void match(change *c, uint64_t const *selected)
{
  for (size_t i = 0; i < c->len; i++) {
    size_t k = c->old[i] == NONE ? find_same(c, i, selected) : NONE;
    if (k == NONE)
      continue;
    c->old[i] = k;
    c->becomes[k] = i;
  }
}

/* For each rule a hash of all selections before it. */
static void hash_selections(hash_key const *secret, script const *rules, uint64_t *selected)
{
  uint64_t hash = 0;
  size_t i = 0;

  for (size_t at = 0; i < script_len(rules); at++) {
    span directive = script_directive(rules, at);
    if (*directive.s == '+' || *directive.s == '-')
      hash = hash_bytes(secret, hash, directive);
    else
      selected[i++] = hash;
  }
}

/* Can there still be events of that key under new rule i? If the key is neither what selections name nor the
 * word of a line, there can. */
static int is_selected(change const *c, size_t i, cell whose)
{
  watch *w = c->w;
  span key = {w->room.text,
              counter_key(w->store.mem, counter_at(w->store.mem, whose), w->room.text, COUNTER_KEY_MAX)};
  uint64_t uid;

  switch (script_rule(c->rules, i)->key) {
  case KEY_SENDER: return script_selects_sender(c->rules, key, i);
  case KEY_TEXT: return script_applies(c->rules, script_decider(c->rules, key, i));
  case KEY_UID: return !num_scan(&uid, key) || script_selects_uid(c->rules, uid, i);
  default: return 1;
  }
}

static int end_unwanted(void *to, episode_info const *e)
{
  change const *c = to;
  size_t i = c->becomes[watch_rule_of(c->w, e->set)];

  if (i != NONE && is_selected(c, i, e->counter))
    return 0;
  watch_say_reload(c->w, e, i == NONE ? ALERT_RULE_GONE : ALERT_EXEMPT);
  return 1;
}

static uint16_t open_set(watch *w, rule const *r)
{
  uint16_t number = (uint16_t)store_open_set(&w->store, r->limit, r->clear, r->period);

  if (rule_differs(r))
    store_count_distinct(&w->store, number);
  return number;
}

/* Old sets are closed first, so that there is room for the new ones. */
static void commit(change const *c, watched_rule *next)
{
  watch *w = c->w;

  for (size_t k = 0; k < c->before; k++)
    if (c->becomes[k] == NONE)
      store_close_set(&w->store, w->rule[k].set);
  for (size_t i = 0; i < c->len; i++)
    if (c->old[i] == NONE)
      next[i] = (watched_rule){.set = open_set(w, script_rule(c->rules, i)), .since = w->generation + 1};
    else
      next[i] = (watched_rule){.set = w->rule[c->old[i]].set, .since = w->rule[c->old[i]].since};
  watch_rules(w, c->rules, next);
}

int reload_rules(watch *w, script const *rules)
{
  size_t before = w->rules ? script_len(w->rules) : 0, n = script_len(rules);
  change c = {w, rules, n, before, malloc((n + 1) * sizeof *c.old), malloc((before + 1) * sizeof *c.becomes)};
  uint64_t *selected = malloc((before + n + 1) * sizeof *selected);
  watched_rule *next = calloc(n + 1, sizeof *next);
  int ok = c.old && c.becomes && selected && next && store_reserve_sets(&w->store, n);

  if (ok) {
    for (size_t i = 0; i < n; i++)
      c.old[i] = NONE;
    for (size_t k = 0; k < before; k++)
      c.becomes[k] = NONE;
    if (before)
      hash_selections(w->room.secret, w->rules, selected);
    hash_selections(w->room.secret, rules, selected + before);
    match(&c, selected);
    match(&c, 0);
    watch_now(w);
    episode_each(&w->store, timeline_present(&w->clock), &end_unwanted, &c);
    commit(&c, next);
    watch_schedule(w);
  } else {
    free(next);
    errno = ENOMEM;
  }
  free(c.old);
  free(c.becomes);
  free(selected);
  return ok;
}
