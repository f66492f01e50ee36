#include "watch/tap.h"
#include "base/scan.h"
#include "base/tai64n.h"
#include "watch/reload.h"
#include <limits.h>
#include <skalibs/random.h>

#define UNKNOWN_APART (3600 * SECOND)

static void tell(tap *t, tap_news what, span line)
{
  if (t->tell)
    (*t->tell)(t->tell_to, what, line);
}

/* A line has started a delivery of a message that is known or not. */
static void count_unknown(tap *t, int known, span line)
{
  int64_t now = t->watch.clock.machine.mono;

  if (known || t->watch.is_silent) {
    t->unknown_row = 0;
    return;
  }
  if (++t->unknown_row < TAP_UNKNOWN_ROW ||
      (t->unknown_told != INT64_MIN && now - t->unknown_told < UNKNOWN_APART))
    return;
  t->unknown_told = now;
  t->unknown_row = 0;
  tell(t, TAP_UNKNOWN, line);
}

/* Counts an occurrence, and the words that line rules have found. */
static void count(tap *t, occurrence const *o, span line)
{
  uint64_t before = t->watch.store.events;

  watch_count(&t->watch, &t->senders, o);
  if (t->watch.clock.is_stamped || t->no_time_told || t->watch.is_silent || t->watch.store.events == before)
    return;
  t->no_time_told = 1;
  tell(t, TAP_NO_TIME, line);
}

/* Counts what the text of a line with that stamp says, and its words if line rules have found some. Returns
 * what it says, whether it concerns a rule or not. */
static event_kind count_text(tap *t, stamp const *s, span text, span line, int found)
{
  uint64_t unknown = t->senders.unknown;
  event e;
  event_kind kind = event_read(&e, text);
  occurrence o;

  t->understood |= kind != EVENT_NONE || found;
  if (kind != EVENT_NONE && !join_concerns(&t->senders, &e))
    e.kind = EVENT_NONE;
  if (e.kind == EVENT_NONE && !found)
    return kind;
  watch_event(&t->watch, s);
  if (e.kind == EVENT_NONE || !join_event(&t->senders, s->host, &e, &o))
    o.counts = 0;
  if (e.kind == EVENT_START)
    count_unknown(t, t->senders.unknown == unknown, line);
  if (o.counts || found)
    count(t, &o, line);
  return kind;
}

static void count_odd(tap *t, span line)
{
  t->odd++;
  if (t->understood || t->odd_told)
    return;
  t->odd_told = 1;
  tell(t, TAP_ODD, line);
}

static void take_whole(tap *t, stamp const *s, span text, span line)
{
  int found = watch_find(&t->watch, text, 0);

  if (count_text(t, s, text, line, found) == EVENT_NONE && !found && event_is_odd(text))
    count_odd(t, line);
}

enum { PART_FOUND = 1, PART_ODD = 2 };

/* Could a line that begins so be an event once the rest is there? */
static int may_become(tap const *t, span text)
{
  span rest = text;

  if (t->watch.has_lines || t->senders.changes) /* or a line rule may come */
    return text.len > 0;
  return text.len && memchr("isdbe", *text.s, 5) && !scan_lit(&rest, "status: ");
}

static void take_part(tap *t, stamp const *s, span text, span whole)
{
  parts_line begun = {0};
  size_t len = text.len; /* of this part */
  watch_begun first;
  event_kind kind;
  int found;

  text.len += len && text.s + len < whole.s + whole.len && text.s[len] == ' ';
  if (!s->more)
    parts_forget(&t->parts, s->host, s->number);
  else if (!parts_join(&t->parts, s->host, s->number, text, &text, &begun))
    return;
  first = (watch_begun){lines_trim((span){text.s, begun.len}), begun.generation};
  found = watch_find(&t->watch, lines_trim(text), begun.flags & PART_FOUND ? &first : 0);
  begun.generation = t->watch.generation;
  begun.flags |= found ? PART_FOUND : 0;
  kind = count_text(t, s, lines_trim(text), whole, found);
  if ((kind != EVENT_NONE || found) && begun.flags & PART_ODD) {
    begun.flags &= PART_FOUND;
    t->odd--;
  }
  if (kind != EVENT_NONE)
    return;
  if (!(begun.flags & (PART_ODD | PART_FOUND)) && event_is_odd(text)) {
    begun.flags |= PART_ODD;
    if (len < PARTS_CUT)
      count_odd(t, whole);
    else
      t->odd++; /* but it may become an event yet */
  }
  if (may_become(t, text))
    parts_keep(&t->parts, s->host, s->number, text, &begun);
}

_Static_assert(LINES_KEPT <= COUNTER_KEY_MAX, "a word of a line can be a key");
_Static_assert(LINES_KEPT <= SENDER_MAX + 1, "a sender is shorter than its line");

/* Tables take 1/64 of the memory if all cells are counters and 1/128 if half of them are messages, four to a
 * bucket. */
#define TABLES_SHARE 32

int tap_open(tap *t, tap_plan const *plan, moment machine, watch_sink *sink, void *to)
{
  pool_open(&t->mem, plan->memory, &store_evict, &t->watch.store);
  pool_reserve(&t->mem, plan->memory / TABLES_SHARE);
  random_buf((char *)&t->key, sizeof t->key);
  t->lines = t->odd = 0;
  t->understood = t->odd_told = t->no_time_told = 0;
  t->unknown_row = 0;
  t->unknown_told = INT64_MIN;
  t->tell = 0;
  t->how = plan->how;
  t->program = plan->program;
  t->dates = (date_reader){0};
  parts_open(&t->parts, &t->mem, &t->key, plan->memory / 16 / CELL_BYTES);
  if (!watch_open(&t->watch, &t->mem, &t->key, plan->keep, machine, sink, to) ||
      !join_open(&t->senders, &t->mem, &t->key, plan->how, plan->memory / 2 / CELL_BYTES))
    return 0;
  t->senders.changes = plan->changes;
  return tap_rules(t, plan->rules);
}

void tap_tell_to(tap *t, tap_tell *told, void *to)
{
  t->tell = told;
  t->tell_to = to;
}

void tap_close(tap *t)
{
  join_close(&t->senders);
  watch_close(&t->watch);
  pool_close(&t->mem);
}

int tap_rules(tap *t, script const *rules)
{
  if (!reload_rules(&t->watch, rules))
    return 0;
  join_rules(&t->senders, rules);
  return 1;
}

void tap_machine(tap *t, moment machine)
{
  timeline_machine(&t->watch.clock, machine);
}

void tap_note(tap *t, char const *word, char const *name, uint64_t number)
{
  watch_note(&t->watch, word);
  if (name)
    alert_number(&t->watch.line, name, number);
  watch_say(&t->watch);
}

void tap_restore(tap *t, int begin)
{
  t->watch.is_silent = begin;
  if (begin)
    return;
  t->watch.full_told = t->watch.store.evicted;
  watch_note(&t->watch, ALERT_RESTORED);
  alert_number(&t->watch.line, "lines=", t->lines);
  alert_number(&t->watch.line, "over=", t->watch.store.now_over);
  watch_say(&t->watch);
  timeline_resume(&t->watch.clock, t->program);
  t->watch.is_silent = 1;
  watch_now(&t->watch);
  t->watch.is_silent = 0;
}

/* With which CHARS the local part of a sender ends: each of them once, so that all of them are shown. */
static void put_folding(tap *t)
{
  char once[UCHAR_MAX + 1];
  span chars = {once, 0}, cut = t->how.cut;

  for (size_t i = 0; i < cut.len; i++)
    if (!memchr(once, cut.s[i], chars.len))
      once[chars.len++] = cut.s[i];
  if (t->how.exact)
    chars = span_of("exact");
  if (chars.len)
    alert_text(&t->watch.line, "fold=", chars);
}

void tap_start(tap *t)
{
  watch_note(&t->watch, ALERT_START);
  alert_number(&t->watch.line, "rules=", script_len(t->watch.rules));
  alert_number(&t->watch.line, "over=", t->watch.store.now_over);
  put_folding(t);
  watch_say(&t->watch);
  watch_say_still(&t->watch);
}

void tap_lost(tap *t, uint64_t alerts, int stills)
{
  watch_note(&t->watch, ALERT_LOST);
  alert_number(&t->watch.line, "alerts=", alerts);
  if (stills)
    alert_number(&t->watch.line, "over=", t->watch.store.now_over);
  watch_say(&t->watch);
  if (stills)
    watch_say_still(&t->watch);
}

static void add_length(void *to, span line)
{
  *(size_t *)to += line.len;
}

size_t tap_lost_length(tap *t, uint64_t alerts)
{
  watch *w = &t->watch;
  watch_sink *sink = w->sink;
  void *to = w->to;
  uint64_t written = w->alerts;
  size_t length = 0;

  w->sink = &add_length;
  w->to = &length;
  tap_lost(t, alerts, 1);
  w->sink = sink;
  w->to = to;
  w->alerts = written;
  return length;
}

void tap_stamp(tap *t, stamp *s, span line)
{
  timeline const *c = &t->watch.clock;

  t->dates.machine = c->machine.wall;
  t->dates.newest = c->is_stamped ? c->newest : INT64_MIN;
  prefix_read(s, line, &t->dates);
}

/* Does the first word say that a line is no event that matters, whatever its stamp? So it is with most lines:
 * their prefix need not be read. */
static int never_matters(tap const *t, span line)
{
  span text = line;
  int known;

  if (t->watch.has_lines)
    return 0;
  if (text.len > LABEL_FMT && *text.s == '@' && text.s[LABEL_FMT] == ' ')
    scan_skip(&text, LABEL_FMT + 1);
  known = scan_lit(&text, "status: ") || scan_lit(&text, "new msg ");
  if (!known && !t->senders.deliveries)
    known = scan_lit(&text, "starting delivery ") || scan_lit(&text, "delivery ") ||
            scan_lit(&text, "bounce msg ");
  return known && !event_is_odd(line);
}

void tap_line(void *p, span whole)
{
  tap *t = p;
  span line = lines_trim(whole), text;
  stamp s;

  t->lines++;
  if (never_matters(t, line))
    return;
  tap_stamp(t, &s, line);
  text = (span){line.s + s.len, line.len - s.len};
  if (s.number.len)
    take_part(t, &s, text, whole);
  else
    take_whole(t, &s, text, line);
}

void tap_tick(tap *t)
{
  watch_tick(&t->watch);
}

int tap_deadline(tap const *t, int64_t *mono)
{
  return watch_deadline(&t->watch, mono);
}
