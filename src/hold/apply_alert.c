#include "hold/apply_alert.h"
#include "base/scan.h"
#include "gate/held_name.h"
#include "mail/fold.h"
#include "rule/rule.h"
#include "base/tai64n.h"
#include "watch/alert.h"
#include <errno.h>
#include <strings.h>

static int is_within(span domain, char const *outer)
{
  size_t len = strlen(outer);

  if (domain.len < len || strncasecmp(domain.s + domain.len - len, outer, len))
    return 0;
  return domain.len == len || domain.s[domain.len - len - 1] == '.';
}

static int is_ours(whose const *w, span domain)
{
  for (size_t i = 0; i < w->len; i++)
    if (domain.len && is_within(domain, w->domains[i]))
      return 1;
  return !w->len;
}

/* Neither 0 nor a number that the other program would write in another way. */
static int is_uid(span key)
{
  uint64_t uid;
  return key.len && key.s[0] != '0' && num_scan(&uid, key) == key.len;
}

int whose_file(whose const *w, alertline const *a, char *name)
{
  rule_error e;
  rule r;

  if (!rule_parse(&r, a->rule, &e))
    return 0;
  switch (r.key) {
  case KEY_SENDER:
    if (fold_null(a->key) || !is_ours(w, fold_domain(a->key)))
      return 0;
    name_held(name, NAME_SENDER, a->key);
    return 1;
  case KEY_DOMAIN:
    if (!a->key.len || !is_ours(w, a->key))
      return 0;
    name_held(name, NAME_DOMAIN, a->key);
    return 1;
  case KEY_UID: return is_uid(a->key) && name_held(name, NAME_UID, a->key);
  default: return 0;
  }
}

/* What the file says is the reason for which it was made: it is by its text that it is known to be ours. */
static int begin(held *h, alertline const *a, span since)
{
  span from = alertline_value(a, "from=");

  if (h->state != HELD_NONE && h->state != HELD_GONE)
    return 1;
  return held_text(h, a->rule, since, from.len ? from : span_of("<>"));
}

/* The same episode again changes nothing, whether it was told twice or its time is up. */
static int hold(warden *w, alertline const *a, char const *name, span since, int64_t now)
{
  held *h = roll_find(&w->roll, name);
  reason *r = h ? held_reason(h, a->rule) : 0;
  int64_t until = w->lasts ? now + w->lasts + 1 : HELD_FOREVER; /* now is cut to whole seconds */

  if (r && span_equal(reason_since(r), since)) {
    w->roll.changed |= r->doubtful;
    r->doubtful = 0;
    return 1;
  }
  if (!h)
    h = roll_add(&w->roll, name);
  if (!h)
    return 0;
  w->roll.changed = 1;
  if (!begin(h, a, since) || !held_because(h, a->rule, since, until)) {
    int e = errno;
    held_settle(h);
    roll_sweep(&w->roll);
    return errno = e, 0;
  }
  if (h->state == HELD_MADE) /* in case it was taken away by hand: this is a new reason */
    h->state = HELD_WANTED;
  held_settle(h);
  return 1;
}

static void end(warden *w, held *h, reason *r)
{
  w->roll.changed = 1;
  if (w->keep && !r->spent)
    r->ended = 1;
  else
    held_forgive(h, r);
  held_settle(h);
}

static void let_go(warden *w, alertline const *a, char const *name)
{
  held *h = roll_find(&w->roll, name);
  reason *r = h ? held_reason(h, a->rule) : 0;

  if (r)
    end(w, h, r);
}

/* All who are still over have been named. */
static void end_doubtful(warden *w)
{
  for (size_t i = 0; i < w->roll.len; i++) {
    held *h = w->roll.at[i];
    for (reason *r = h->reasons, *next; r; r = next) {
      next = r->next;
      if (r->doubtful) {
        r->doubtful = 0;
        end(w, h, r);
      }
    }
  }
}

static void start(warden *w, alertline const *a)
{
  span over = alertline_value(a, "over=");
  uint64_t still;

  if (!over.len || num_scan(&still, over) != over.len)
    return;
  w->roll.still = still;
  w->roll.changed = 1;
  for (size_t i = 0; i < w->roll.len; i++)
    for (reason *r = w->roll.at[i]->reasons; r; r = r->next)
      r->doubtful = !r->ended;
  if (!still)
    end_doubtful(w);
}

/* Counts as named even if it cannot be held. */
static int still(warden *w, alertline const *a, char const *name, int64_t now)
{
  span since = alertline_value(a, "since=");
  int64_t seconds;
  uint32_t nano;
  int fine = !*name || label_scan(&seconds, &nano, since) != since.len || hold(w, a, name, since, now),
      e = errno;

  if (!fine && e != E2BIG)
    return 0;
  if (w->roll.still) {
    w->roll.changed = 1;
    if (--w->roll.still == 0)
      end_doubtful(w);
  }
  errno = e;
  return fine;
}

int warden_take(warden *w, span line, int64_t now)
{
  char name[NAME_MAX_LEN + 1] = "";
  alertline a;

  if (!alertline_read(&a, line))
    return 1;
  if (span_equal(a.word, span_of(ALERT_NOTE))) {
    if (span_equal(a.rule, span_of(ALERT_START)))
      start(w, &a);
    return 1;
  }
  if (!a.values.len || !whose_file(&w->within, &a, name))
    *name = 0;
  if (span_equal(a.word, span_of(ALERT_STILL)))
    return still(w, &a, name, now);
  if (*name && span_equal(a.word, span_of(ALERT_OVER)))
    return hold(w, &a, name, a.label, now);
  if (*name && span_equal(a.word, span_of(ALERT_UNDER)))
    let_go(w, &a, name);
  return 1;
}
