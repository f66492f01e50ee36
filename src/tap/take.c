#include "tap/take.h"
#include "base/scan.h"
#include "tap/linewords.h"

#define NOTE_FULL (60 * SECOND)

static void note_full(tap *t)
{
  uint64_t evicted = t->watch.store.evicted;

  if (evicted == t->evicted || t->time.clock.now < t->full_from)
    return;
  watch_note(&t->watch, timeline_label_now(&t->time.clock), ALERT_FULL);
  alert_number(&t->watch.line, "evicted=", evicted - t->evicted);
  watch_say(&t->watch);
  t->evicted = evicted;
  t->full_from = t->time.clock.now + NOTE_FULL;
}

/* Counts what the text of a line with that stamp says, and its words if line rules have found some. Returns
 * what it says, whether it concerns a rule or not. */
static event_kind count_text(tap *t, stamp const *s, span text, int found)
{
  event e;
  event_kind kind = event_read(&e, text);
  occurrence o;

  t->understood |= kind != EVENT_NONE || found;
  if (kind != EVENT_NONE && !join_concerns(&t->senders, &e))
    e.kind = EVENT_NONE;
  if (e.kind == EVENT_NONE && !found)
    return kind;
  if (logclock_event(&t->time, s) == TIMELINE_BACK)
    t->full_from = t->time.clock.now;
  if (e.kind == EVENT_NONE || !join_event(&t->senders, s->host, &e, &o)) {
    if (!found)
      return kind;
    o.counts = 0;
  }
  if (watch_count(&t->watch, &t->senders, &o, &t->time.clock))
    logclock_look(&t->time);
  note_full(t);
  return kind;
}

static int find_words(tap *t, span text, linewords_first first)
{
  return t->watch.of.lines && linewords_find(&t->watch.of, t->watch.rules, text, &first);
}

static void count_odd(tap *t, span line)
{
  t->odd++;
  if (t->understood || t->odd_told || !t->tell_odd)
    return;
  t->odd_told = 1;
  (*t->tell_odd)(t->tell_odd_to, line);
}

void take_whole(tap *t, stamp const *s, span text, span line)
{
  int found = find_words(t, text, (linewords_first){{"", 0}, 0});

  if (count_text(t, s, text, found) == EVENT_NONE && !found && event_is_odd(text))
    count_odd(t, line);
}

enum { PART_FOUND = 1, PART_ODD = 2 };

/* Could a line that begins so be an event once the rest is there? */
static int may_become(tap const *t, span text)
{
  span rest = text;

  if (t->watch.of.lines)
    return text.len > 0;
  return text.len && memchr("isdbe", *text.s, 5) && !scan_lit(&rest, "status: ");
}

void take_part(tap *t, stamp const *s, span text, span whole)
{
  parts_line begun = {0};
  size_t len = text.len; /* of this part */
  event_kind kind;
  int found;

  text.len += len && text.s + len < whole.s + whole.len && text.s[len] == ' ';
  if (!s->more)
    parts_forget(&t->parts, s->host, s->number);
  else if (!parts_join(&t->parts, s->host, s->number, text, &text, &begun))
    return;
  found = find_words(t, lines_trim(text),
                     (linewords_first){lines_trim((span){text.s, begun.flags & PART_FOUND ? begun.len : 0}),
                                       begun.generation});
  begun.generation = t->watch.of.generation;
  begun.flags |= found ? PART_FOUND : 0;
  kind = count_text(t, s, lines_trim(text), found);
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
