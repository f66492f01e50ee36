/* fuzz_event.c - what a line says lies inside it, can be written down again as the same event, and is what
 * the oracle reads. */
#include "../oracle/ora.h"
#include "fuzz.h"
#include "log/event.h"

static void add_span(fuzz_text *t, span s)
{
  fuzz_add(t, s.s, s.len);
}

static void add_number(fuzz_text *t, char const *before, uint64_t n)
{
  char text[64];
  fuzz_add(t, text, (size_t)snprintf(text, sizeof text, "%s%llu", before, (unsigned long long)n));
}

static void add_string(fuzz_text *t, char const *s)
{
  fuzz_add(t, s, strlen(s));
}

static void write_info(fuzz_text *t, event const *e)
{
  add_number(t, "info msg ", e->message);
  add_number(t, ": bytes ", e->bytes);
  add_string(t, " from <");
  add_span(t, e->sender);
  add_number(t, "> qp ", e->qp);
  add_number(t, " uid ", e->uid);
}

static void write_start(fuzz_text *t, event const *e)
{
  add_number(t, "starting delivery ", e->delivery);
  add_span(t, e->suffix);
  add_number(t, ": msg ", e->message);
  add_string(t, " to ");
  add_span(t, e->channel);
  add_string(t, " ");
  add_span(t, e->recipient);
}

static void write_result(fuzz_text *t, event const *e)
{
  add_number(t, "delivery ", e->delivery);
  add_span(t, e->suffix);
  add_string(t, e->kind == EVENT_SUCCESS   ? ": success: "
                : e->kind == EVENT_FAILURE ? ": failure: "
                                           : ": deferral: ");
}

/* The event in the words of qmail-send. */
static void write_event(fuzz_text *t, event const *e)
{
  if (e->kind == EVENT_INFO)
    write_info(t, e);
  else if (e->kind == EVENT_START)
    write_start(t, e);
  else if (e->kind == EVENT_BOUNCE) {
    add_number(t, "bounce msg ", e->message);
    add_number(t, " qp ", e->qp);
  } else if (e->kind == EVENT_END) {
    add_number(t, "end msg ", e->message);
    if (e->queue.len)
      add_string(t, " qmail-send:");
  } else
    write_result(t, e);
  if (e->queue.len) {
    add_string(t, " ");
    add_span(t, e->queue);
  }
}

static int has_message(event_kind k)
{
  return k == EVENT_INFO || k == EVENT_START || k == EVENT_BOUNCE || k == EVENT_END;
}

static int has_delivery(event_kind k)
{
  return k == EVENT_START || k == EVENT_SUCCESS || k == EVENT_FAILURE || k == EVENT_DEFERRAL;
}

static void check_spans(event const *e, span text)
{
  PROMISE(fuzz_inside(e->queue, text) || (!e->queue.len && !has_message(e->kind)),
          "the queue lies in the line");
  PROMISE(!has_delivery(e->kind) || !e->suffix.len || fuzz_inside(e->suffix, text),
          "so does the suffix of the delivery");
  PROMISE(e->kind != EVENT_INFO || fuzz_inside(e->sender, text), "so does the sender");
  PROMISE(e->kind != EVENT_START || (e->recipient.len && fuzz_inside(e->recipient, text)),
          "so does the recipient");
  PROMISE(e->kind != EVENT_START || (e->channel.len && fuzz_inside(e->channel, text)), "so does the channel");
}

static void check_again(event const *a)
{
  fuzz_text t = {0};
  event b;
  span line;

  write_event(&t, a);
  line = fuzz_exact(t.s, t.len);
  PROMISE(event_read(&b, line) == a->kind, "an event that is written down is read again");
  PROMISE(!has_message(a->kind) || a->message == b.message, "with its message");
  PROMISE(!has_delivery(a->kind) || (a->delivery == b.delivery && span_equal(a->suffix, b.suffix)),
          "with its delivery");
  PROMISE(span_equal(a->queue, b.queue), "with its queue");
  if (a->kind == EVENT_INFO)
    PROMISE(a->bytes == b.bytes && a->qp == b.qp && a->uid == b.uid && span_equal(a->sender, b.sender),
            "with its sender and numbers");
  if (a->kind == EVENT_START)
    PROMISE(span_equal(a->recipient, b.recipient) && span_equal(a->channel, b.channel), "with its recipient");
  fuzz_free(line);
  free(t.s);
}

static void as_the_oracle(event const *e, span text)
{
  static event_kind const kinds[] = {
      [ORA_OTHER] = EVENT_NONE,      [ORA_INFO] = EVENT_INFO,       [ORA_START] = EVENT_START,
      [ORA_SUCCESS] = EVENT_SUCCESS, [ORA_FAILURE] = EVENT_FAILURE, [ORA_DEFERRAL] = EVENT_DEFERRAL,
      [ORA_BOUNCE] = EVENT_BOUNCE,   [ORA_END] = EVENT_END};
  ora_line o;

  ora_line_read((ora_str){text.s, text.len}, &o);
  PROMISE(kinds[o.kind] == e->kind, "the oracle sees the same event");
  if (e->kind == EVENT_INFO)
    PROMISE(o.msg == e->message && o.bytes == e->bytes && o.qp == e->qp && o.uid == e->uid &&
                span_equal(e->sender, (span){o.sender.p, o.sender.n}),
            "with the same sender and numbers");
  if (e->kind == EVENT_START)
    PROMISE(o.msg == e->message && o.local == span_equal(e->channel, span_of("local")) &&
                span_equal(e->recipient, (span){o.recipient.p, o.recipient.n}),
            "with the same recipient");
  if (has_delivery(e->kind))
    PROMISE(o.delivery == e->delivery && span_equal(e->suffix, (span){o.suffix.p, o.suffix.n}),
            "with the same delivery");
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
  span text = fuzz_exact(data, size);
  event e;

  PROMISE(event_read(&e, text) == e.kind, "the kind is the answer");
  if (e.kind != EVENT_NONE) {
    check_spans(&e, text);
    check_again(&e);
  }
  as_the_oracle(&e, text);
  fuzz_free(text);
  return 0;
}
