/* ora_join.c - which message and sender a line of qmail-send belongs to. */
#include <string.h>

#include "ora.h"

static ora_message **message_find(ora_join *j, ora_str host, ora_line const *l)
{
  for (size_t i = 0; i < j->nmessages; i++) {
    ora_message *m = j->messages[i];
    if (m->id == l->msg && ora_same(m->queue, l->queue) && ora_same(m->host, host))
      return &j->messages[i];
  }
  return 0;
}

static void message_drop(ora_join *j, ora_message **m)
{
  *m = j->messages[--j->nmessages];
}

/* Pending deliveries keep the old message; only its place in the list goes. */
static void on_info(ora *o, ora_str host, ora_line const *l, ora_happening *h)
{
  ora_join *j = &o->join;
  ora_message **old = message_find(j, host, l), *m;

  if (old && (*old)->qp == l->qp)
    return;
  if (old)
    message_drop(j, old);
  m = ora_get(o->pool, sizeof *m);
  m->host = ora_copy(o->pool, host);
  m->queue = ora_copy(o->pool, l->queue);
  m->sender = ora_copy(o->pool, l->sender);
  m->folded = ora_fold(o->pool, &o->script, m->sender);
  m->id = l->msg;
  m->bytes = l->bytes;
  m->qp = l->qp;
  m->uid = l->uid;
  j->messages = ora_more(o->pool, j->messages, j->nmessages, &j->messageroom, sizeof(ora_message *));
  j->messages[j->nmessages++] = m;
  h->what = 1U << ORA_MSG | 1U << ORA_BYTE | 1U << ORA_FROM;
  h->msg = m;
}

static int same_queue(ora_delivery const *d, ora_str host, ora_str queue, ora_str suffix)
{
  return ora_same(d->queue, queue) && ora_same(d->suffix, suffix) && ora_same(d->host, host);
}

static ora_delivery *delivery_find(ora_join *j, ora_str host, ora_str queue, ora_line const *l)
{
  for (size_t i = 0; i < j->ndeliveries; i++) {
    ora_delivery *d = &j->deliveries[i];
    if (d->number == l->delivery && same_queue(d, host, queue, l->suffix))
      return d;
  }
  return 0;
}

static void delivery_drop(ora_join *j, ora_delivery *d)
{
  *d = j->deliveries[--j->ndeliveries];
}

/* D is 1 again: qmail-send was started anew, its old deliveries will never be reported. */
static void restarted(ora_join *j, ora_str host, ora_line const *l)
{
  size_t i = 0;

  if (l->delivery != 1)
    return;
  while (i < j->ndeliveries)
    if (same_queue(&j->deliveries[i], host, l->queue, l->suffix))
      delivery_drop(j, &j->deliveries[i]);
    else
      i++;
}

/* 1 for the first attempt to this recipient. */
static int first_attempt(ora_pool *pool, ora_message *m, ora_line const *l)
{
  ora_text t = {0, 0, 0};

  ora_put(pool, &t, ora_lit(l->local ? "L" : "R"));
  ora_put(pool, &t, l->recipient);
  for (size_t i = 0; i < m->nseen; i++)
    if (ora_same(m->seen[i], (ora_str){t.p, t.n}))
      return 0;
  m->seen = ora_more(pool, m->seen, m->nseen, &m->seenroom, sizeof *m->seen);
  m->seen[m->nseen++] = (ora_str){t.p, t.n};
  return 1;
}

static void on_start(ora *o, ora_str host, ora_line const *l, ora_happening *h)
{
  ora_join *j = &o->join;
  ora_message **m = message_find(j, host, l);
  ora_delivery *d;

  restarted(j, host, l);
  d = delivery_find(j, host, l->queue, l);
  if (!d) {
    j->deliveries = ora_more(o->pool, j->deliveries, j->ndeliveries, &j->deliveryroom, sizeof *d);
    d = &j->deliveries[j->ndeliveries++];
    d->host = ora_copy(o->pool, host);
    d->queue = ora_copy(o->pool, l->queue);
    d->suffix = ora_copy(o->pool, l->suffix);
    d->number = l->delivery;
  }
  d->msg = m ? *m : 0;
  d->local = l->local;
  if (!m) {
    j->unknown++;
  } else if (first_attempt(o->pool, *m, l)) {
    h->what = 1U << ORA_RCPT;
    if (!l->local)
      h->what |= 1U << ORA_REMOTE | 1U << ORA_TO | 1U << ORA_HOST;
    h->msg = *m;
    h->to = l->recipient;
  }
}

/* A result whose last word is not the queue of such a delivery means the one without a queue. */
static void on_result(ora *o, ora_str host, ora_line const *l, ora_happening *h)
{
  ora_join *j = &o->join;
  ora_delivery *d = delivery_find(j, host, l->queue, l);

  if (!d)
    d = delivery_find(j, host, ora_lit(""), l);
  if (!d)
    return;
  h->msg = d->msg;
  if (d->msg && l->kind != ORA_SUCCESS && (d->local || !l->by_ratetap))
    h->what = 1U << (l->kind == ORA_FAILURE ? ORA_FAIL : ORA_DEFER);
  delivery_drop(j, d);
}

void ora_join_line(ora *o, ora_str host, ora_line const *l, ora_happening *h)
{
  ora_message **m;

  if (l->kind == ORA_OTHER)
    return;
  if (l->kind == ORA_INFO) {
    on_info(o, host, l, h);
  } else if (l->kind == ORA_START) {
    on_start(o, host, l, h);
  } else if (l->kind == ORA_BOUNCE || l->kind == ORA_END) {
    m = message_find(&o->join, host, l);
    if (m && l->kind == ORA_END) {
      message_drop(&o->join, m);
    } else if (m) {
      h->what = 1U << ORA_BOUNCED;
      h->msg = *m;
    }
  } else {
    on_result(o, host, l, h);
  }
}
