#include "log/event.h"
#include "base/scan.h"

/* What a line may end with: nothing, or a blank and one word. */
static int read_queue(event *e, span in)
{
  e->queue = (span){in.s, 0};
  if (!in.len)
    return 1;
  if (!scan_lit(&in, " "))
    return 0;
  e->queue = scan_word(&in);
  return e->queue.len && !in.len;
}

/* An address holds no blank, so the first one ends the sender. What follows it must be "qp" and the rest,
 * without another ">": so this is the last "> qp " of the line, and a line with a later one is a wreck. */
static event_kind read_info(event *e, span in)
{
  if (!scan_lit(&in, "info msg ") || !scan_num(&in, &e->message) || !scan_lit(&in, ": bytes ") ||
      !scan_num(&in, &e->bytes) || !scan_lit(&in, " from <"))
    return EVENT_NONE;
  e->sender = scan_word(&in);
  if (!e->sender.len || e->sender.s[--e->sender.len] != '>')
    return EVENT_NONE;
  if (!scan_lit(&in, " qp ") || !scan_num(&in, &e->qp) || !scan_lit(&in, " uid ") ||
      !scan_num(&in, &e->uid) || !read_queue(e, in))
    return EVENT_NONE;
  return EVENT_INFO;
}

/* "D: ", where D is a number, or a number, a dot and a word without a colon. */
static int read_delivery(event *e, span *in)
{
  e->suffix = (span){in->s, 0};
  if (!scan_num(in, &e->delivery))
    return 0;
  if (scan_lit(in, ": "))
    return 1;
  e->suffix = scan_word(in);
  return e->suffix.len > 2 && e->suffix.s[0] == '.' && e->suffix.s[--e->suffix.len] == ':' &&
         !memchr(e->suffix.s, ':', e->suffix.len) && scan_lit(in, " ");
}

static event_kind read_start(event *e, span in)
{
  if (!scan_lit(&in, "starting delivery ") || !read_delivery(e, &in) || !scan_lit(&in, "msg ") ||
      !scan_num(&in, &e->message) || !scan_lit(&in, " to "))
    return EVENT_NONE;
  e->channel = scan_word(&in);
  if (!e->channel.len || !scan_lit(&in, " "))
    return EVENT_NONE;
  e->recipient = scan_word(&in);
  return e->recipient.len && read_queue(e, in) ? EVENT_START : EVENT_NONE;
}

/* The text of a result, and its last word, which may be a queue; at the end of a line the blank before an
 * empty one does not count. */
static event_kind read_text(event *e, span in, event_kind kind)
{
  char const *blank;
  span text;

  if (in.len && !scan_lit(&in, " "))
    return EVENT_NONE;
  text = in;
  e->is_ours = scan_lit(&text, "ratetap:_");
  blank = in.len ? memrchr(in.s, ' ', in.len) : 0;
  e->queue = blank ? (span){blank + 1, (size_t)(in.s + in.len - (blank + 1))} : in;
  return kind;
}

static event_kind read_result(event *e, span in)
{
  if (!scan_lit(&in, "delivery ") || !read_delivery(e, &in))
    return EVENT_NONE;
  if (scan_lit(&in, "success:"))
    return read_text(e, in, EVENT_SUCCESS);
  if (scan_lit(&in, "deferral:"))
    return read_text(e, in, EVENT_DEFERRAL);
  if (scan_lit(&in, "failure:"))
    return read_text(e, in, EVENT_FAILURE);
  if (!scan_lit(&in, "report mangled, will defer"))
    return EVENT_NONE;
  if (scan_lit(&in, ":") && !in.len)
    return EVENT_NONE;
  e->is_ours = 0;
  return read_queue(e, in) ? EVENT_DEFERRAL : EVENT_NONE;
}

static event_kind read_bounce(event *e, span in)
{
  if (!scan_lit(&in, "bounce msg ") || !scan_num(&in, &e->message) || !scan_lit(&in, " qp ") ||
      !scan_num(&in, &e->qp) || !read_queue(e, in))
    return EVENT_NONE;
  return EVENT_BOUNCE;
}

/* indimail also writes the name of the program before the queue. */
static int is_sender(span name)
{
  return span_equal(name, span_of("qmail-send")) || span_equal(name, span_of("slowq-send")) ||
         span_equal(name, span_of("qmta-send"));
}

static event_kind read_end(event *e, span in)
{
  span before, name;
  if (!scan_lit(&in, "end msg ") || !scan_num(&in, &e->message))
    return EVENT_NONE;
  before = in;
  if (read_queue(e, in))
    return e->queue.len && e->queue.s[e->queue.len - 1] == ':' ? EVENT_NONE : EVENT_END;
  if (!scan_lit(&before, " ") || !scan_label(&before, &name) || !is_sender(name))
    return EVENT_NONE;
  e->queue = scan_word(&before);
  return e->queue.len && !before.len ? EVENT_END : EVENT_NONE;
}

event_kind event_read(event *e, span text)
{
  e->kind = EVENT_NONE;
  switch (text.len ? text.s[0] : 0) {
  case 's':
    e->kind = read_start(e, text); /* nearly always "status: ...", refused by the first word */
    break;
  case 'd': e->kind = read_result(e, text); break;
  case 'i': e->kind = read_info(e, text); break;
  case 'e': e->kind = read_end(e, text); break;
  case 'b': e->kind = read_bounce(e, text); break;
  default: break;
  }
  return e->kind;
}

int event_is_odd(span line)
{
  static char const mark[] = "info msg ";
  size_t const len = sizeof mark - 1, at_f = 2; /* a letter that other lines seldom have */
  span rest = line;
  char const *f;

  while (rest.len && (f = memchr(rest.s, 'f', rest.len))) {
    char const *begin = f - at_f;
    scan_skip(&rest, (size_t)(f + 1 - rest.s));
    if ((size_t)(f - line.s) >= at_f && rest.len > len - at_f - 1 && !memcmp(begin, mark, len) &&
        begin[len] >= '0' && begin[len] <= '9')
      return 1;
  }
  return 0;
}
