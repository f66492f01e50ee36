#include "tap/watch.h"
#include <skalibs/uint64.h>
#include <stdlib.h>

int watch_open(watch *t, pool *mem, hash_key const *key, int keep, watch_sink *sink, void *to)
{
  t->key = key;
  t->rules = 0;
  t->set = 0;
  t->lines = 0;
  t->sink = sink;
  t->to = to;
  t->quiet = 0;
  t->alerts = 0;
  return store_open(&t->store, mem, keep);
}

void watch_close(watch *t)
{
  store_close(&t->store);
  free(t->set);
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
  alert_begin(&t->line, label, "note");
  alert_field(&t->line, span_of(word));
}

/* The word behind the text of a line rule; empty if there is none. */
static span word_behind(span line, span text)
{
  char const *found = memmem(line.s, line.len, text.s, text.len);
  span word = {line.s, 0};

  if (!found)
    return word;
  word.s = found + text.len;
  while (word.s + word.len < line.s + line.len && !memchr(" \t,;\"'", word.s[word.len], 6))
    word.len++;
  return word;
}

/* Whose counter an event is; an empty key counts for nobody. */
static span key_of(watch const *t, rule const *r, occurrence const *o, span text, char *digits,
                   uint64_t *hash)
{
  span key = {"*", 1};

  *hash = 0;
  if (r->key == KEY_ALL)
    return key;

  if (r->key == KEY_SENDER) {
    *hash = o->from->key_hash;
    return fold_null(o->from->key) ? (span){"", 0} : o->from->key;
  }
  if (r->key == KEY_DOMAIN) {
    *hash = o->from->domain_hash;
    return sender_domain(o->from);
  }
  if (r->key == KEY_UID)
    key = (span){digits, uint64_fmt(digits, o->uid)};
  if (r->key == KEY_TEXT)
    key = word_behind(text, r->text);
  *hash = hash_bytes(t->key, 6, key);
  return key;
}

static void say_over(watch *t, rule const *r, size_t i, occurrence const *o, store_event const *e,
                     store_answer answer, uint64_t count)
{
  alert_begin(&t->line, e->label, answer == STORE_OVER ? "over" : "more");
  alert_field(&t->line, script_rule_text(t->rules, i));
  alert_field(&t->line, e->key);
  alert_number(&t->line, "count=", count);
  if (r->key != KEY_TEXT) {
    alert_number(&t->line, "msg=", o->message);
    alert_number(&t->line, "qp=", o->qp);
    alert_number(&t->line, "uid=", o->uid);
    alert_text(&t->line, "from=", o->from->logged);
  }
  if (r->count == COUNT_REMOTE || r->count == COUNT_RCPT)
    alert_text(&t->line, "to=", o->to);
  watch_say(t);
}

static int count_under(watch *t, size_t i, occurrence const *o, span text, timeline const *clock)
{
  rule const *r = script_rule(t->rules, i);
  char digits[UINT64_FMT];
  store_event e = {.weight = r->count == COUNT_BYTE ? o->bytes : 1, .when = clock->now};
  store_answer answer;
  uint64_t count;

  e.key = key_of(t, r, o, text, digits, &e.hash);
  if (!e.key.len)
    return 0;
  e.label = timeline_label(clock, e.when);
  answer = store_add(&t->store, t->set[i], &e, &count);
  if (answer == STORE_OVER || answer == STORE_MORE)
    say_over(t, r, i, o, &e, answer, count);
  return answer == STORE_OVER;
}

int watch_count(watch *t, join const *senders, occurrence const *o, span text, timeline const *clock)
{
  unsigned int counts = o->counts | 1u << COUNT_LINE;
  int begun = 0;

  for (size_t i = 0; i < script_len(t->rules); i++) {
    rule const *r = script_rule(t->rules, i);
    if ((counts >> r->count & 1) && (r->count == COUNT_LINE || join_applies(senders, i)))
      begun |= count_under(t, i, o, text, clock);
  }
  return begun;
}
