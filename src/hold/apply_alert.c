#include "hold/apply_alert.h"
#include "base/scan.h"
#include "base/tai64n.h"
#include "mail/fold.h"
#include "rule/rule.h"
#include <errno.h>
#include <fnmatch.h>
#include <strings.h>

#define SAME_S 60                   /* `since` of `still` may differ so much from the label of `over` */
#define KEY_WHOLE (ALERT_FIELD - 2) /* bytes; a key of so many may have been cut before a %XX */

static int is_within(span domain, char const *outer)
{
  size_t len = strlen(outer);

  if (domain.len < len || strncasecmp(domain.s + domain.len - len, outer, len))
    return 0;
  return domain.len == len || domain.s[domain.len - len - 1] == '.';
}

static int is_ours(hold_policy const *p, span domain)
{
  for (size_t i = 0; i < p->domains_len; i++)
    if (domain.len && is_within(domain, p->domains[i]))
      return 1;
  return !p->domains_len;
}

/* Neither 0 nor a number that the gate would write in another way. */
static int is_uid(span key)
{
  uint64_t uid;
  return num_is(&uid, key) && key.s[0] != '0';
}

/* By default the rules that a stranger cannot trip for someone else. */
static int rule_holds(hold_policy const *p, rule const *r, char const *text)
{
  for (size_t i = 0; i < p->rules_len; i++)
    if (!fnmatch(p->rules[i], text, 0))
      return 1;
  return !p->rules_len && r->key == KEY_SENDER &&
         (r->count == COUNT_REMOTE || r->count == COUNT_TO || r->count == COUNT_HOST);
}

/* Is told once for each name, as far as there is memory for that. Returns 0. */
static int leave_out(hold_policy *p, left_out why, char const *name)
{
  if (holds_find(&p->passed_over, name) || !holds_add(&p->passed_over, name, span_of("")))
    return 0;
  (*p->told)(p->to, why, name);
  return 0;
}

static int has_numbers(alertline const *a, char const *const *names)
{
  uint64_t n;

  for (; *names; names++)
    if (!num_is(&n, alertline_value(a, *names)))
      return 0;
  return 1;
}

/* An alert of which something is missing was cut, or was never one. within= is not asked for: alerts of
 * earlier versions, which may still wait to be read, have none. */
static int is_whole(alertline const *a, rule const *r)
{
  static char const *const counts[] = {"count=", 0}, *const mail[] = {"msg=", "qp=", "uid=", 0},
                           *const counted[] = {"count=", "peak=", "total=", 0}, *const end[] = {"lasted=", 0};
  int is_mail = r->key != KEY_TEXT;

  if (is_mail && !span_equal(a->word, span_of(ALERT_UNDER)) && !alertline_value(a, "from=").s)
    return 0;
  if (span_equal(a->word, span_of(ALERT_OVER)) || span_equal(a->word, span_of(ALERT_MORE)))
    return has_numbers(a, counts) && (!is_mail || has_numbers(a, mail)) &&
           (!rule_has_recipient(r) || alertline_value(a, "to=").s) &&
           (r->words < 2 || alertline_value(a, "word=").s);
  return has_numbers(a, counted) && label_is(alertline_value(a, "since=")) &&
         (span_equal(a->word, span_of(ALERT_STILL)) || has_numbers(a, end));
}

/* The file that the alert is about: writes its name to name, NAME_MAX_LEN + 1 bytes. Returns 1; or 0 if no
 * key is held for the alert. */
static int find_name(hold_policy *p, alertline const *a, char *name)
{
  char rule_text[ALERT_MAX + 1], key_text[ALERT_MAX];
  span text = {rule_text, alert_decode(rule_text, a->rule)}, key = {key_text, alert_decode(key_text, a->key)};
  int within = 1;
  rule_error e;
  rule r;

  rule_text[text.len] = 0;
  if (memchr(rule_text, 0, text.len) || !rule_parse(&r, text, &e) || !is_whole(a, &r) ||
      !rule_holds(p, &r, rule_text) || !key.len || span_equal(key, span_of("*")))
    return 0;
  switch (r.key) {
  case KEY_SENDER:
    if (fold_null(key))
      return 0;
    within = is_ours(p, fold_domain(key));
    name_held(name, NAME_SENDER, key);
    break;
  case KEY_DOMAIN:
    within = is_ours(p, key);
    name_held(name, NAME_DOMAIN, key);
    break;
  case KEY_UID:
    if (!is_uid(key))
      return 0;
    name_held(name, NAME_UID, key);
    break;
  case KEY_TEXT: name_held(name, NAME_ACCOUNT, key); break;
  default: return 0;
  }
  if (!within)
    return leave_out(p, LEFT_OUT_DOMAIN, name);
  return a->key.len < KEY_WHOLE || leave_out(p, LEFT_OUT_LENGTH, name);
}

/* Nothing is added to a time, since one that TAI64 reserves is INT64_MAX. */
static int is_same_instant(span a, span b)
{
  int64_t x, y;
  uint32_t nano;

  return span_equal(a, b) ||
         (label_scan(&x, &nano, a) && label_scan(&y, &nano, b) && x - SAME_S <= y && y - SAME_S <= x);
}

/* An episode that was not known, or a new one, holds. */
static int begin(hold_policy *p, alertline const *a, char const *name, span since, moment now)
{
  held *h = holds_find(&p->all, name);
  span from = alertline_value(a, "from=");
  episode *begun;
  int e;

  if (!h)
    h = holds_add(&p->all, name, a->key);
  if (!h)
    return 0;
  p->all.changed = 1;
  begun = held_begin(h, a->rule, since);
  if (begun && held_hold(h, a->rule, label_is(since) ? since : a->label, from.len ? from : span_of("<>"))) {
    if (p->lasts) {
      h->until = now.wall / SECOND + p->lasts;
      h->expires = now.mono + p->lasts * SECOND;
    }
    return 1;
  }
  e = errno;
  if (begun) /* else, tried again, it would pass for one that was released */
    held_end(h, begun);
  held_settle(h);
  holds_sweep(&p->all);
  errno = e;
  return 0;
}

/* What is told again of an episode changes nothing, whether it still holds or was released. */
static int is_known(hold_policy *p, alertline const *a, char const *name, span since)
{
  held *h = holds_find(&p->all, name);
  episode *e = h ? held_episode(h, a->rule) : 0;

  if (!e ||
      (since.len && !span_equal(episode_since(e), span_of("-")) && !is_same_instant(episode_since(e), since)))
    return 0;
  p->all.changed |= e->is_doubtful;
  e->is_doubtful = 0;
  return 1;
}

/* The same `over`, since we ended before it was taken from the input. */
static int is_told_again(hold_policy const *p, alertline const *a, char const *name)
{
  held const *h = holds_find(&p->all, name);
  episode const *e = h ? held_episode(h, a->rule) : 0;

  return e && span_equal(episode_since(e), a->label);
}

static void end(hold_policy *p, held *h, episode *e, int lets_go)
{
  p->all.changed = 1;
  if (e)
    held_end(h, e);
  if (lets_go && !h->episodes)
    held_release(h);
  held_settle(h);
}

/* A key that was exempted is released in any case; a limit that was changed releases no thief. */
static void under(hold_policy *p, alertline const *a, char const *name)
{
  held *h = holds_find(&p->all, name);

  if (h)
    end(p, h, held_episode(h, a->rule),
        p->lets_go || span_equal(alertline_value(a, "reload="), span_of(ALERT_EXEMPT)));
}

/* All keys that are still over have been named: the other episodes have ended. */
static void end_doubtful(hold_policy *p)
{
  for (size_t i = 0; i < p->all.len; i++) {
    held *h = p->all.at[i];
    int ended = 0;
    for (episode *e = h->episodes, *next; e; e = next) {
      next = e->next;
      ended |= e->is_doubtful;
      if (e->is_doubtful)
        held_end(h, e);
    }
    if (ended || (p->lets_go && !h->episodes))
      end(p, h, 0, p->lets_go);
  }
}

/* After a start, and after lost alerts, `still` lines name all that is over. */
static void begin_still(hold_policy *p, alertline const *a)
{
  uint64_t still;

  if (!num_is(&still, alertline_value(a, "over=")))
    return;
  p->all.still = still;
  p->all.changed = 1;
  for (size_t i = 0; i < p->all.len; i++)
    for (episode *e = p->all.at[i]->episodes; e; e = e->next)
      e->is_doubtful = 1;
  if (!still)
    end_doubtful(p);
}

/* name 0: no key is held for it. Counts as named even if it cannot be held. */
static int still(hold_policy *p, alertline const *a, char const *name, moment now)
{
  span since = alertline_value(a, "since=");
  int ok = !name || is_known(p, a, name, since) || begin(p, a, name, since, now), e = errno;

  if (!ok && e != E2BIG)
    return 0;
  if (p->all.still) {
    p->all.changed = 1;
    if (--p->all.still == 0)
      end_doubtful(p);
  }
  errno = e;
  return ok;
}

static int note(hold_policy *p, alertline const *a)
{
  span fold = alertline_value(a, "fold=");
  int is_start = span_equal(a->rule, span_of(ALERT_START));

  if (is_start) {
    p->all.fold.len = 0;
    if (fold.len && !stralloc_catb(&p->all.fold, fold.s, fold.len))
      return 0;
    p->all.new_fold = p->all.changed = 1;
  }
  if (is_start || span_equal(a->rule, span_of(ALERT_LOST)))
    begin_still(p, a);
  return 1;
}

int apply_alert(hold_policy *p, span line, moment now)
{
  alertline a;
  char name[NAME_MAX_LEN + 1];
  int has_name;

  if (!alertline_read(&a, line))
    return 1;
  if (span_equal(a.word, span_of(ALERT_NOTE)))
    return note(p, &a);
  has_name = find_name(p, &a, name);
  if (span_equal(a.word, span_of(ALERT_STILL)))
    return still(p, &a, has_name ? name : 0, now);
  if (!has_name)
    return 1;
  if (span_equal(a.word, span_of(ALERT_OVER)))
    return is_told_again(p, &a, name) || begin(p, &a, name, a.label, now);
  if (span_equal(a.word, span_of(ALERT_MORE)))
    return is_known(p, &a, name, span_of("")) || begin(p, &a, name, span_of("-"), now);
  if (span_equal(a.word, span_of(ALERT_UNDER)))
    under(p, &a, name);
  return 1;
}
