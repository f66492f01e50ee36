#include "mail/queued.h"
#include "log/prefix.h"
#include <search.h>
#include <skalibs/random.h>
#include <skalibs/uint64.h>
#include <stdlib.h>

#define PARTS_MEMORY ((size_t)16 << 20)

int queued_matches(queued_key const *k, span sender, uint64_t uid)
{
  char folded[LINES_KEPT], digits[UINT64_FMT];
  span name = {folded, 0};

  if (k->kind == QUEUED_UID) {
    size_t len = uint64_fmt(digits, uid);
    return span_equal((span){digits, len}, k->key);
  }
  if (sender.len > sizeof folded)
    return 0;
  name.len = fold_sender(folded, sender, &k->how);
  if (fold_null(name))
    return 0;
  return span_equal(k->kind == QUEUED_DOMAIN ? fold_domain(name) : name, k->key);
}

static int compare_spans(span a, span b)
{
  size_t len = a.len < b.len ? a.len : b.len;
  int c = len ? memcmp(a.s, b.s, len) : 0;

  return c ? c : (a.len > b.len) - (a.len < b.len);
}

static int compare(void const *x, void const *y)
{
  queued_message const *a = x, *b = y;
  int c;

  if (a->number != b->number)
    return a->number < b->number ? -1 : 1;
  c = compare_spans(a->queue, b->queue);
  return c ? c : compare_spans(a->host, b->host);
}

static void forget(queued *q, queued_message *m)
{
  tdelete(m, &q->tree, &compare);
  free(m);
}

static void add(queued *q, queued_message const *like)
{
  queued_message *m = 0, **place = tsearch(like, &q->tree, &compare);
  char *text;

  if (place)
    m = malloc(sizeof *m + like->queue.len + like->host.len + like->sender.len);
  if (!m) {
    if (place)
      tdelete(like, &q->tree, &compare);
    q->failed = 1;
    return;
  }
  text = (char *)(m + 1);
  *m = *like;
  m->queue.s = text;
  m->host.s = text = span_copy(text, like->queue);
  m->sender.s = text = span_copy(text, like->host);
  span_copy(text, like->sender);
  *place = m;
}

/* The same message may be announced twice, if qmail-send was killed. */
static void take_event(queued *q, span host, event const *e)
{
  queued_message like = {
      .number = e->message, .qp = e->qp, .queue = e->queue, .host = host, .sender = e->sender};
  queued_message **there;

  if (e->kind != EVENT_INFO && e->kind != EVENT_END)
    return;
  there = tfind(&like, &q->tree, &compare);
  if (there && e->kind == EVENT_INFO && (*there)->qp == e->qp)
    return;
  if (there)
    forget(q, *there);
  if (e->kind == EVENT_END)
    return;
  like.is_of_key = queued_matches(&q->key, e->sender, e->uid);
  add(q, &like);
}

void queued_open(queued *q, queued_key const *key)
{
  q->key = *key;
  q->tree = 0;
  q->failed = 0;
  q->dates = (date_reader){.machine = moment_now().wall, .newest = INT64_MIN};
  random_buf((char *)&q->secret, sizeof q->secret);
  pool_open(&q->mem, PARTS_MEMORY, 0, 0);
  parts_open(&q->parts, &q->mem, &q->secret, PARTS_MEMORY / CELL_BYTES);
}

void queued_close(queued *q)
{
  while (q->tree)
    forget(q, *(queued_message **)q->tree);
  pool_close(&q->mem);
}

/* The rest of a line that was cut comes with the same number. A blank at the cut belongs to it. */
static void take_part(queued *q, stamp const *s, span text, span whole)
{
  parts_line begun = {0};
  size_t len = text.len;
  event e;

  text.len += len && text.s + len < whole.s + whole.len && text.s[len] == ' ';
  if (!s->more)
    parts_forget(&q->parts, s->host, s->number);
  else if (!parts_join(&q->parts, s->host, s->number, text, &text, &begun))
    return;
  if (event_read(&e, lines_trim(text)) != EVENT_NONE)
    take_event(q, s->host, &e);
  else
    parts_keep(&q->parts, s->host, s->number, text, &begun);
}

void queued_line(void *p, span whole)
{
  queued *q = p;
  span line = lines_trim(whole), text;
  stamp s;
  event e;

  prefix_read(&s, line, &q->dates);
  if (s.timed)
    q->dates.newest = s.when;
  text = (span){line.s + s.len, line.len - s.len};
  if (s.number.len)
    take_part(q, &s, text, whole);
  else if (event_read(&e, text) != EVENT_NONE)
    take_event(q, s.host, &e);
}

/* twalk(3) has no place for it. */
static struct {
  void (*each)(void *to, queued_message const *m);
  void *to;
} visitor;

static void visit(void const *node, VISIT when, int depth)
{
  queued_message const *m = *(queued_message *const *)node;

  (void)depth;
  if ((when == postorder || when == leaf) && m->is_of_key)
    (*visitor.each)(visitor.to, m);
}

void queued_each(queued const *q, void (*each)(void *to, queued_message const *m), void *to)
{
  visitor.each = each;
  visitor.to = to;
  twalk(q->tree, &visit);
}
