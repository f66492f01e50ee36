#include "watch/watch.h"
#include "watch/key.h"
#include "count/episode_end.h"

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
                     store_answer answer, store_window const *window)
{
  alert_begin(&t->line, e->label, answer == STORE_OVER ? ALERT_OVER : ALERT_MORE);
  alert_field(&t->line, script_rule_text(t->rules, i));
  alert_field(&t->line, e->key);
  alert_number(&t->line, "count=", window->count);
  alert_number(&t->line, "within=", (uint64_t)(e->when - window->oldest) / SECOND);
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
  store_window window;

  e->when = clock->now;
  e->label = timeline_label(clock, e->when);
  answer = store_add(&t->store, t->of.set[i], e, &window);
  if (answer == STORE_OVER || answer == STORE_MORE)
    say_over(t, r, i, o, e, answer, &window);
  return answer == STORE_OVER;
}

static int count_mail(watch *t, size_t i, occurrence const *o, timeline const *clock)
{
  store_event e = {.from = o->from->logged};

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

_Static_assert(ENDING_KEY >= ALERT_FIELD && EPISODE_FROM >= ALERT_FIELD,
               "an alert shows as much of an episode");

#define NOTE_TIMELINE 1000 /* events */

void logclock_start(logclock *p, watch *y, moment machine)
{
  *p = (logclock){.watch = y, .look = INT64_MAX};
  timeline_start(&p->clock, machine);
}

static void begin_about(logclock *p, char const *word, ending const *e)
{
  watch *y = p->watch;

  alert_begin(&y->line, timeline_label(&p->clock, e->when), word);
  alert_field(&y->line, script_rule_text(y->rules, y->of.rule_of[e->set]));
  alert_field(&y->line, (span){e->key, e->length});
  alert_number(&y->line, "count=", e->count);
  alert_number(&y->line, "peak=", e->peak);
  alert_number(&y->line, "total=", e->total);
  alert_label(&y->line, "since=", e->since_label);
}

/* why: what a reload had to do with it, or 0. */
static void say_under(logclock *p, ending const *e, char const *why)
{
  begin_about(p, ALERT_UNDER, e);
  alert_number(&p->watch->line, "lasted=", ((uint64_t)e->when - (uint64_t)e->since) / SECOND);
  if (why)
    alert_text(&p->watch->line, "reload=", span_of(why));
  watch_say(p->watch);
}

static int say_still(void *to, ending const *e)
{
  logclock *p = to;
  watch *y = p->watch;

  begin_about(p, ALERT_STILL, e);
  if (script_rule(y->rules, y->of.rule_of[e->set])->key != KEY_TEXT)
    alert_text(&y->line, "from=", (span){e->from, e->from_length});
  watch_say(y);
  return 0;
}

void logclock_say_still(logclock *p)
{
  standing_each(&p->watch->store, timeline_present(&p->clock), &say_still, p);
}

void logclock_end(logclock *p, ending const *e, char const *why)
{
  say_under(p, e, why);
}

void logclock_look(logclock *p)
{
  if (!ending_next(&p->watch->store, &p->look))
    p->look = INT64_MAX;
}

static void end_due(logclock *p, int64_t now)
{
  ending e;

  if (p->look > now)
    return;
  while (ending_take(&p->watch->store, now, &e)) {
    if (p->clock.now < e.when)
      timeline_tick(&p->clock, e.when);
    say_under(p, &e, 0);
  }
  logclock_look(p);
}

static void note_timeline(logclock *p, uint64_t back)
{
  if (p->noted && p->events - p->noted < NOTE_TIMELINE)
    return;
  p->noted = p->events;
  watch_note(p->watch, timeline_label_now(&p->clock), ALERT_TIMELINE);
  alert_number(&p->watch->line, "back=", back / SECOND);
  watch_say(p->watch);
}

/* Ends all episodes as of now, as if nothing had been counted. */
static void end_all(logclock *p, int64_t now)
{
  ending e;

  while (ending_force(&p->watch->store, now, &e))
    say_under(p, &e, 0);
}

static void new_timeline(logclock *p, stamp const *s)
{
  int64_t old = timeline_present(&p->clock);
  uint64_t back = (uint64_t)old - (uint64_t)s->when;

  end_all(p, old);
  store_clear(&p->watch->store);
  logclock_look(p);
  timeline_go(&p->clock, s, s->when, TIMELINE_BACK);
  note_timeline(p, back);
}

/* What counted on the live clock is of another time than the stamps. */
static void first_stamp(logclock *p)
{
  end_all(p, timeline_present(&p->clock));
  store_drop(&p->watch->store);
  logclock_look(p);
}

/* An event at *s: what of that. */
static timeline_verdict judge(logclock *p, stamp const *s)
{
  int64_t when;
  timeline_verdict verdict = timeline_judge(&p->clock, s, &when);

  if (verdict == TIMELINE_BACK) {
    new_timeline(p, s);
    return verdict;
  }
  if (verdict == TIMELINE_FIRST)
    first_stamp(p);
  else
    end_due(p, when);
  p->late += verdict == TIMELINE_LATE_LINE;
  timeline_go(&p->clock, s, when, verdict);
  return verdict;
}

timeline_verdict logclock_event(logclock *p, stamp const *s)
{
  p->events++;
  if (timeline_follow(&p->clock, s, p->look))
    return TIMELINE_ON;
  return judge(p, s);
}

void logclock_tick(logclock *p)
{
  int64_t now;

  if (timeline_live(&p->clock, &now))
    end_due(p, now);
}

void logclock_now(logclock *p)
{
  int64_t now;

  logclock_tick(p);
  if (timeline_live(&p->clock, &now) && now > p->clock.now)
    timeline_tick(&p->clock, now);
}

int logclock_deadline(logclock const *p, int64_t *mono)
{
  int64_t now;

  if (p->look == INT64_MAX || !timeline_live(&p->clock, &now))
    return 0;
  *mono = p->clock.machine.mono + (p->look > now ? p->look - now : 0);
  return 1;
}
