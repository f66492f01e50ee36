#include "watch/watch.h"
#include "count/count.h"
#include "rule/pattern.h"
#include <stdlib.h>

#define FULL_APART (60 * SECOND)
#define TIMELINES_APART 1000 /* events */

_Static_assert(EPISODE_KEY >= ALERT_FIELD && EPISODE_FROM >= ALERT_FIELD,
               "an alert shows as much of an episode");

int watch_open(watch *w, pool *mem, hash_key const *key, int keep, moment machine, watch_sink *sink, void *to)
{
  w->rules = 0;
  w->rule = 0;
  w->generation = 0;
  w->has_lines = w->is_silent = 0;
  w->sink = sink;
  w->to = to;
  w->alerts = w->events = w->late = w->timeline_told = w->full_told = 0;
  w->next_end = INT64_MAX;
  w->full_again = INT64_MIN;
  w->room.secret = key;
  timeline_start(&w->clock, machine);
  return store_open(&w->store, mem, keep);
}

void watch_close(watch *w)
{
  store_close(&w->store);
  free(w->rule);
}

void watch_rules(watch *w, script const *rules, watched_rule *known)
{
  free(w->rule);
  w->rules = rules;
  w->rule = known;
  w->generation++;
  w->has_lines = 0;
  for (size_t i = 0; i < script_len(rules); i++)
    w->has_lines |= script_rule(rules, i)->count == COUNT_LINE;
}

size_t watch_rule_of(watch const *w, unsigned int set)
{
  size_t i = 0;

  while (w->rule[i].set != set)
    i++;
  return i;
}

void watch_say(watch *w)
{
  if (w->is_silent)
    return;
  w->alerts++;
  (*w->sink)(w->to, alert_end(&w->line));
}

void watch_note(watch *w, char const *word)
{
  alert_begin(&w->line, timeline_label_now(&w->clock), ALERT_NOTE);
  alert_field(&w->line, span_of(word));
}

/* o: of mail; 0 for words. */
static void say_over(watch *w, size_t i, occurrence const *o, store_event const *e, store_answer answer,
                     store_window const *window)
{
  rule const *r = script_rule(w->rules, i);

  alert_begin(&w->line, e->label, answer == STORE_OVER ? ALERT_OVER : ALERT_MORE);
  alert_field(&w->line, script_rule_text(w->rules, i));
  alert_field(&w->line, e->key);
  alert_number(&w->line, "count=", window->count);
  alert_number(&w->line, "within=", (uint64_t)(e->when - window->oldest) / SECOND);
  if (o) {
    alert_number(&w->line, "msg=", o->message);
    alert_number(&w->line, "qp=", o->qp);
    alert_number(&w->line, "uid=", o->uid);
    alert_text(&w->line, "from=", o->from->logged);
    if (rule_has_recipient(r))
      alert_text(&w->line, "to=", o->to);
  } else if (r->words > 1)
    alert_text(&w->line, "word=", w->rule[i].word[1]);
  watch_say(w);
}

static void begin_about(watch *w, char const *word, episode_info const *e)
{
  alert_begin(&w->line, timeline_label(&w->clock, e->when), word);
  alert_field(&w->line, script_rule_text(w->rules, watch_rule_of(w, e->set)));
  alert_field(&w->line, (span){e->key, e->length});
  alert_number(&w->line, "count=", e->count);
  alert_number(&w->line, "peak=", e->peak);
  alert_number(&w->line, "total=", e->total);
  alert_label(&w->line, "since=", e->since_label);
}

/* why: what a reload had to do with it, or 0. */
static void say_under(watch *w, episode_info const *e, char const *why)
{
  begin_about(w, ALERT_UNDER, e);
  alert_number(&w->line, "lasted=", ((uint64_t)e->when - (uint64_t)e->since) / SECOND);
  if (why)
    alert_text(&w->line, "reload=", span_of(why));
  watch_say(w);
}

void watch_say_reload(watch *w, episode_info const *e, char const *why)
{
  say_under(w, e, why);
}

static int say_still(void *to, episode_info const *e)
{
  watch *w = to;

  begin_about(w, ALERT_STILL, e);
  if (script_rule(w->rules, watch_rule_of(w, e->set))->key != KEY_TEXT)
    alert_text(&w->line, "from=", (span){e->from, e->from_length});
  watch_say(w);
  return 0;
}

void watch_say_still(watch *w)
{
  episode_each(&w->store, timeline_present(&w->clock), &say_still, w);
}

void watch_schedule(watch *w)
{
  if (!episode_end_next(&w->store, &w->next_end))
    w->next_end = INT64_MAX;
}

static void end_due(watch *w, int64_t now)
{
  episode_info e;

  if (w->next_end > now)
    return;
  while (episode_end_due(&w->store, now, &e)) {
    if (w->clock.now < e.when)
      timeline_tick(&w->clock, e.when);
    say_under(w, &e, 0);
  }
  watch_schedule(w);
}

/* Ends all episodes as of now, as if nothing had been counted. */
static void end_all(watch *w, int64_t now)
{
  episode_info e;

  while (episode_end_any(&w->store, now, &e))
    say_under(w, &e, 0);
}

static void note_timeline(watch *w, uint64_t back)
{
  if (w->timeline_told && w->events - w->timeline_told < TIMELINES_APART)
    return;
  w->timeline_told = w->events;
  watch_note(w, ALERT_TIMELINE);
  alert_number(&w->line, "back=", back / SECOND);
  watch_say(w);
}

static void new_timeline(watch *w, stamp const *s)
{
  int64_t old = timeline_present(&w->clock);

  end_all(w, old);
  store_clear(&w->store);
  watch_schedule(w);
  timeline_go(&w->clock, s, s->when, TIMELINE_BACK);
  w->full_again = s->when;
  note_timeline(w, (uint64_t)old - (uint64_t)s->when);
}

/* What was counted on the live clock is of another time than the stamps. */
static void first_stamp(watch *w)
{
  end_all(w, timeline_present(&w->clock));
  store_drop(&w->store);
  watch_schedule(w);
}

void watch_event(watch *w, stamp const *s)
{
  int64_t when;
  timeline_verdict verdict = timeline_judge(&w->clock, s, &when);

  w->events++;
  if (verdict == TIMELINE_BACK) {
    new_timeline(w, s);
    return;
  }
  if (verdict == TIMELINE_FIRST)
    first_stamp(w);
  else
    end_due(w, when);
  w->late += verdict == TIMELINE_LATE;
  timeline_go(&w->clock, s, when, verdict);
}

/* Has rule i counted the line for its first bytes? */
static int has_counted(watch const *w, size_t i, watch_begun const *begun)
{
  span word[PATTERN_WORDS];

  return begun && w->rule[i].since <= begun->generation &&
         pattern_find(script_pattern(w->rules, i), begun->text, word);
}

int watch_find_words(watch *w, span text, watch_begun const *begun)
{
  int found = 0;

  for (size_t i = 0; i < script_len(w->rules); i++) {
    pattern const *p = script_pattern(w->rules, i);
    if (!p)
      continue;
    if (pattern_find(p, text, w->rule[i].word) && !has_counted(w, i, begun))
      found = 1;
    else
      w->rule[i].word->len = 0;
  }
  return found;
}

/* o: of mail; 0 for words. */
static void count_under(watch *w, size_t i, occurrence const *o, store_event *e)
{
  store_window window;
  store_answer answer;

  e->when = w->clock.now;
  e->label = timeline_label(&w->clock, e->when);
  answer = store_add(&w->store, w->rule[i].set, e, &window);
  if (answer == STORE_OVER || answer == STORE_MORE)
    say_over(w, i, o, e, answer, &window);
  if (answer == STORE_OVER)
    watch_schedule(w);
}

static void count_mail(watch *w, size_t i, rule const *r, occurrence const *o)
{
  store_event e = {.from = o->from->logged};

  if (key_of_mail(&e, r, o, &w->room))
    count_under(w, i, o, &e);
}

static void count_words(watch *w, size_t i, rule const *r, join const *senders)
{
  span const *word = w->rule[i].word;
  store_event e = {0};

  if (!word->len || (senders->selects && !script_applies(w->rules, script_decider(w->rules, *word, i))))
    return;
  key_of_words(&e, r, word, senders->how.exact, &w->room);
  count_under(w, i, 0, &e);
}

static void note_full(watch *w)
{
  if (w->store.evicted == w->full_told || w->clock.now < w->full_again)
    return;
  watch_note(w, ALERT_FULL);
  alert_number(&w->line, "evicted=", w->store.evicted - w->full_told);
  watch_say(w);
  w->full_told = w->store.evicted;
  w->full_again = w->clock.now + FULL_APART;
}

void watch_count(watch *w, join const *senders, occurrence const *o)
{
  for (size_t i = 0, n = script_len(w->rules); i < n; i++) {
    rule const *r = script_rule(w->rules, i);
    if (r->count == COUNT_LINE)
      count_words(w, i, r, senders);
    else if (o->counts >> r->count & 1 && join_applies(senders, i))
      count_mail(w, i, r, o);
  }
  note_full(w);
}

void watch_tick(watch *w)
{
  int64_t now;

  if (timeline_live(&w->clock, &now))
    end_due(w, now);
}

void watch_now(watch *w)
{
  int64_t now;

  watch_tick(w);
  if (timeline_live(&w->clock, &now) && now > w->clock.now)
    timeline_tick(&w->clock, now);
}

int watch_deadline(watch const *w, int64_t *mono)
{
  int64_t now;

  if (w->next_end == INT64_MAX || !timeline_live(&w->clock, &now))
    return 0;
  *mono = w->clock.machine.mono + (w->next_end > now ? w->next_end - now : 0);
  return 1;
}
