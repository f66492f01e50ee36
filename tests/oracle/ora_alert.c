/* ora_alert.c - the lines on the alert descriptor. */
#include "ora.h"

static void begin(ora *o, int64_t when, char const *word, ora_rule const *r, ora_counter const *c,
                  uint64_t count)
{
  ora_label(o->pool, &o->out, when);
  ora_print(o->pool, &o->out, " %s ", word);
  ora_put(o->pool, &o->out, r->name);
  ora_put(o->pool, &o->out, ora_lit(" "));
  ora_show(o->pool, &o->out, c->key);
  ora_print(o->pool, &o->out, " count=%llu", (unsigned long long)count);
  o->alerts++;
}

/* Whole seconds from the oldest event in the window to now. */
static long long within(ora_rule const *r, ora_counter const *c, int64_t now)
{
  int64_t oldest = now;

  for (size_t i = c->n; i > 0 && (ora_wide)now - c->events[i - 1].when < r->period; i--)
    oldest = c->events[i - 1].when;
  return (long long)(((ora_wide)now - oldest) / ORA_SECOND);
}

void ora_alert_event(ora *o, char const *word, ora_rule const *r, ora_counter const *c, uint64_t count,
                     ora_happening const *h)
{
  begin(o, o->clock, word, r, c, count);
  ora_print(o->pool, &o->out, " within=%lld", within(r, c, o->clock));
  if (r->count != ORA_LINE) {
    ora_print(o->pool, &o->out, " msg=%llu qp=%llu uid=%llu from=", (unsigned long long)h->msg->id,
              (unsigned long long)h->msg->qp, (unsigned long long)h->msg->uid);
    ora_show(o->pool, &o->out, h->msg->sender);
  }
  if (r->count == ORA_REMOTE || r->count == ORA_RCPT || r->count == ORA_TO || r->count == ORA_HOST) {
    ora_put(o->pool, &o->out, ora_lit(" to="));
    ora_show(o->pool, &o->out, h->to);
  }
  if (r->glob.words == 2) {
    ora_put(o->pool, &o->out, ora_lit(" word="));
    ora_show(o->pool, &o->out, h->lines[r - o->script.rules].word[1]);
  }
  ora_put(o->pool, &o->out, ora_lit("\n"));
}

/* Ends the episode.  reload: why, if new rules end it, else "". */
static void under(ora *o, ora_rule const *r, ora_counter *c, int64_t when, uint64_t count, char const *reload)
{
  begin(o, when, "under", r, c, count);
  ora_print(o->pool, &o->out, " peak=%llu total=%llu since=", (unsigned long long)c->peak,
            (unsigned long long)c->total);
  ora_label(o->pool, &o->out, c->since);
  ora_print(o->pool, &o->out, " lasted=%lld%s\n", (long long)(((ora_wide)when - c->since) / ORA_SECOND),
            reload);
  c->over = 0;
}

void ora_alert_under(ora *o, ora_rule const *r, ora_counter *c, int64_t when, uint64_t count)
{
  under(o, r, c, when, count, "");
}

/* The oldest of those that began after the one with the number after. */
static ora_counter *oldest_episode(ora *o, uint64_t after, ora_rule **rule)
{
  ora_counter *first = 0;

  for (size_t i = 0; i < o->script.nrules; i++)
    for (size_t k = 0; k < o->script.rules[i].n; k++) {
      ora_counter *c = o->script.rules[i].counters[k];
      if (c->over && c->order > after && (!first || c->order < first->order)) {
        first = c;
        *rule = &o->script.rules[i];
      }
    }
  return first;
}

/* Ends every episode. */
void ora_alert_end(ora *o, int64_t when)
{
  ora_rule *r;
  ora_counter *c;

  while ((c = oldest_episode(o, 0, &r)))
    ora_alert_under(o, r, c, when, 0);
}

void ora_alert_reloaded(ora *o)
{
  ora_rule *r;
  ora_counter *c = 0;

  while ((c = oldest_episode(o, c ? c->order : 0, &r)))
    if (r->gone || c->exempt)
      under(o, r, c, o->clock, ora_window(r, c, o->clock), r->gone ? " reload=rule" : " reload=exempt");
}

void ora_alert_still(ora *o)
{
  ora_rule *r;
  ora_counter *c = 0;

  while ((c = oldest_episode(o, c ? c->order : 0, &r))) {
    begin(o, o->clock, "still", r, c, ora_window(r, c, o->clock));
    ora_print(o->pool, &o->out, " peak=%llu total=%llu since=", (unsigned long long)c->peak,
              (unsigned long long)c->total);
    ora_label(o->pool, &o->out, c->since);
    if (r->count != ORA_LINE) {
      ora_put(o->pool, &o->out, ora_lit(" from="));
      ora_show(o->pool, &o->out, c->from);
    }
    ora_put(o->pool, &o->out, ora_lit("\n"));
  }
}

void ora_alert_note_timeline(ora *o, int64_t now)
{
  ora_label(o->pool, &o->out, now);
  ora_print(o->pool, &o->out, " note timeline back=%lld\n",
            (long long)(((ora_wide)o->clock - now) / ORA_SECOND));
  o->alerts++;
}
