/* ora_count.c - what one line adds to which counter, and when episodes end. */
#include <string.h>

#include "ora.h"

/* The key an event of the message counts under; 0 if it has none. */
static int message_key(ora_pool *pool, ora_rule const *r, ora_message const *m, ora_str *key)
{
  ora_text number = {0, 0, 0};
  size_t at = m->folded.n;

  if (r->key == ORA_ALL) {
    *key = ora_lit("*");
    return 1;
  }
  if (r->key == ORA_UID) {
    ora_print(pool, &number, "%llu", (unsigned long long)m->uid);
    *key = (ora_str){number.p, number.n};
    return 1;
  }
  if (ora_same(m->folded, ora_lit("#@[]")))
    return 0;
  *key = m->folded;
  if (r->key == ORA_DOMAIN) {
    while (at && m->folded.p[at - 1] != '@')
      at--;
    *key = at ? (ora_str){m->folded.p + at, m->folded.n - at} : ora_lit("");
  }
  return key->n > 0;
}

static ora_counter *counter_of(ora *o, ora_rule *r, ora_str key)
{
  ora_counter *c;

  for (size_t i = 0; i < r->n; i++)
    if (ora_same(r->counters[i]->key, key))
      return r->counters[i];
  c = ora_get(o->pool, sizeof *c);
  c->key = ora_copy(o->pool, key);
  c->all_at = o->clock;
  r->counters = ora_more(o->pool, r->counters, r->n, &r->room, sizeof c);
  r->counters[r->n++] = c;
  return c;
}

uint64_t ora_window(ora_rule const *r, ora_counter const *c, int64_t now)
{
  uint64_t sum = 0;

  for (size_t i = c->n; i > 0 && (ora_wide)now - c->events[i - 1].when < r->period; i--)
    sum = ora_plus(sum, c->events[i - 1].weight);
  return sum;
}

/* When the newest of those events has gone that must go before no more than CLEAR are left. */
static ora_wide due(ora_rule const *r, ora_counter const *c)
{
  uint64_t sum = 0;
  size_t i = c->n;

  while (i > 0) {
    sum = ora_plus(sum, c->events[i - 1].weight);
    if (sum > r->clear)
      return (ora_wide)c->events[i - 1].when + r->period;
    i--;
  }
  return 0;
}

static void episode(ora *o, ora_rule const *r, ora_counter *c, uint64_t count, uint64_t weight,
                    ora_happening const *h)
{
  if (c->over) {
    c->total = ora_plus(c->total, weight);
    if (count > c->peak)
      c->peak = count;
    if (r->limit && count > c->next)
      ora_alert_event(o, "more", r, c, count, h);
  } else if (weight && count > r->limit) {
    c->over = 1;
    c->order = ++o->episodes;
    c->episodes++;
    c->since = o->clock;
    c->from = r->count == ORA_LINE ? ora_lit("") : h->msg->sender;
    c->peak = c->total = count;
    c->next = 2 * (ora_wide)r->limit;
    ora_alert_event(o, "over", r, c, count, h);
  }
  while (r->limit && c->over && count > c->next)
    c->next *= 2;
  c->due = due(r, c);
}

/* Takes the value out of the window, or makes room for it. 1 if it was there. */
static int seen(ora_rule const *r, ora_counter *c, ora_str value, int64_t now)
{
  size_t first = c->n;
  int found = 0;

  while (first > 0 && (ora_wide)now - c->events[first - 1].when < r->period)
    first--;
  for (size_t i = first; i < c->n && !found; i++)
    if (ora_same(c->events[i].value, value)) {
      found = 1;
      first = i;
    }
  if (found || c->n - first >= ORA_VALUES_MAX)
    memmove(&c->events[first], &c->events[first + 1], (--c->n - first) * sizeof *c->events);
  return found;
}

static void add(ora *o, ora_rule *r, ora_str key, ora_event e, ora_happening const *h)
{
  ora_counter *c = counter_of(o, r, key);
  int again = r->different && seen(r, c, e.value, e.when);
  uint64_t count;

  c->events = ora_more(o->pool, c->events, c->n, &c->room, sizeof *c->events);
  c->events[c->n++] = e;
  o->events++;
  if (again) {
    c->due = due(r, c);
    return;
  }
  count = ora_window(r, c, o->clock);
  c->all_total = ora_plus(c->all_total, e.weight);
  if (count > c->all_peak) {
    c->all_peak = count;
    c->all_at = o->clock;
  }
  episode(o, r, c, count, e.weight, h);
}

/* The different value that an event of the message brings; 0 if it is no event. */
static int message_value(ora *o, ora_rule const *r, ora_happening const *h, ora_str *value)
{
  size_t at = h->to.n;

  if (r->count == ORA_FROM) {
    *value = h->msg->folded;
    return value->n && !ora_same(*value, ora_lit("#@[]"));
  }
  if (!r->different)
    return 1;
  *value = ora_lower(o->pool, h->to);
  if (r->count == ORA_HOST) {
    while (at && h->to.p[at - 1] != '@')
      at--;
    *value = at ? (ora_str){value->p + at, value->n - at} : ora_lit("");
  }
  return value->n > 0;
}

static void count_message(ora *o, ora_rule *r, ora_happening const *h)
{
  ora_event e = {o->clock, r->count == ORA_BYTE ? h->msg->bytes : 1, {"", 0}};
  ora_str key;

  if (message_key(o->pool, r, h->msg, &key) && message_value(o, r, h, &e.value) &&
      ora_selected(o->pool, &o->script, r, h->msg->folded, &h->msg->uid))
    add(o, r, key, e, h);
}

static ora_str folded_word(ora *o, ora_str word)
{
  return o->script.exact ? ora_copy(o->pool, word) : ora_lower(o->pool, word);
}

static void count_words(ora *o, ora_rule *r, ora_words const *w, ora_happening const *h)
{
  ora_event e = {o->clock, 1, {"", 0}};
  ora_str key = folded_word(o, w->word[0]);

  if (r->glob.words == 2)
    e.value = folded_word(o, w->word[1]);
  if (ora_selected(o->pool, &o->script, r, key, 0))
    add(o, r, key, e, h);
}

void ora_count_line(ora *o, ora_happening const *h)
{
  for (size_t i = 0; i < o->script.nrules; i++) {
    ora_rule *r = &o->script.rules[i];
    if (r->count == ORA_LINE && h->lines[i].found)
      count_words(o, r, &h->lines[i], h);
    else if (h->what & 1U << r->count)
      count_message(o, r, h);
  }
}

/* The episode that ends first, up to until; of several at once the one that began first. */
static ora_counter *first_due(ora *o, ora_wide until, ora_rule **rule)
{
  ora_counter *first = 0;

  for (size_t i = 0; i < o->script.nrules; i++)
    for (size_t k = 0; k < o->script.rules[i].n; k++) {
      ora_counter *c = o->script.rules[i].counters[k];
      if (!c->over || c->due > until)
        continue;
      if (!first || c->due < first->due || (c->due == first->due && c->order < first->order)) {
        first = c;
        *rule = &o->script.rules[i];
      }
    }
  return first;
}

void ora_unders(ora *o, int64_t until)
{
  ora_rule *r;
  ora_counter *c;

  while ((c = first_due(o, until, &r)))
    ora_alert_under(o, r, c, (int64_t)c->due, ora_window(r, c, (int64_t)c->due));
}
