#include "tap/watch.h"
#include "tap/linewords.h"
#include "tap/mailkey.h"

int watch_open(watch *t, pool *mem, hash_key const *key, int keep, watch_sink *sink, void *to)
{
  t->room.secret = key;
  t->rules = 0;
  t->of = (ruleset){0};
  t->sink = sink;
  t->to = to;
  t->quiet = 0;
  t->alerts = 0;
  return store_open(&t->store, mem, keep);
}

void watch_close(watch *t)
{
  store_close(&t->store);
  ruleset_close(&t->of);
}

void watch_rules(watch *t, script const *rules, ruleset *of)
{
  ruleset_close(&t->of);
  t->rules = rules;
  t->of = *of;
  *of = (ruleset){0};
  ruleset_rank_rules(&t->of, rules);
}

void watch_say(watch *t)
{
  if (t->quiet)
    return;
  t->alerts++;
  (*t->sink)(t->to, alert_end(&t->line));
}

void watch_note(watch *t, int64_t label, char const *word)
{
  alert_begin(&t->line, label, ALERT_NOTE);
  alert_field(&t->line, span_of(word));
}

static int has_recipient(rule const *r)
{
  return r->count == COUNT_REMOTE || r->count == COUNT_RCPT || r->count == COUNT_TO || r->count == COUNT_HOST;
}

/* o: of mail; 0 for words. */
static void say_over(watch *t, rule const *r, size_t i, occurrence const *o, store_event const *e,
                     store_answer answer, uint64_t count)
{
  alert_begin(&t->line, e->label, answer == STORE_OVER ? ALERT_OVER : ALERT_MORE);
  alert_field(&t->line, script_rule_text(t->rules, i));
  alert_field(&t->line, e->key);
  alert_number(&t->line, "count=", count);
  if (o) {
    alert_number(&t->line, "msg=", o->message);
    alert_number(&t->line, "qp=", o->qp);
    alert_number(&t->line, "uid=", o->uid);
    alert_text(&t->line, "from=", o->from->logged);
    if (has_recipient(r))
      alert_text(&t->line, "to=", o->to);
  } else if (r->words > 1)
    alert_text(&t->line, "word=", t->of.found[i].word[1]);
  watch_say(t);
}

static int count_under(watch *t, size_t i, occurrence const *o, store_event *e, timeline const *clock)
{
  rule const *r = script_rule(t->rules, i);
  store_answer answer;
  uint64_t count;

  e->when = clock->now;
  e->label = timeline_label(clock, e->when);
  answer = store_add(&t->store, t->of.set[i], e, &count);
  if (answer == STORE_OVER || answer == STORE_MORE)
    say_over(t, r, i, o, e, answer, count);
  return answer == STORE_OVER;
}

static int count_mail(watch *t, size_t i, occurrence const *o, timeline const *clock)
{
  store_event e = {0};

  if (t->quiet)
    e.from = o->from->logged; /* who is over after a warm start is told with it */
  return mailkey_read(&e, script_rule(t->rules, i), o, &t->room) && count_under(t, i, o, &e, clock);
}

static int count_words(watch *t, join const *senders, size_t i, timeline const *clock)
{
  store_event e = {0};

  return linewords_read(&e, &t->of, t->rules, i, senders, &t->room) && count_under(t, i, 0, &e, clock);
}

/* Which of the 64 rules from 64 * n on are to count o and the words that were found? */
static uint64_t concerned(watch const *t, join const *senders, occurrence const *o, size_t n)
{
  uint64_t const *of = t->of.rank[n].of;
  uint64_t mail = 0;

  for (unsigned int counts = o->counts; counts; counts &= counts - 1)
    mail |= of[__builtin_ctz(counts)];
  return (mail & join_apply(senders, n)) | of[COUNT_LINE];
}

int watch_count(watch *t, join const *senders, occurrence const *o, timeline const *clock)
{
  int begun = 0;

  for (size_t n = 0; n < t->of.ranks; n++)
    for (uint64_t left = concerned(t, senders, o, n); left; left &= left - 1) {
      size_t i = ruleset_first(left, n);
      if (t->of.rank[n].of[COUNT_LINE] & left & -left)
        begun |= count_words(t, senders, i, clock);
      else
        begun |= count_mail(t, i, o, clock);
    }
  return begun;
}
