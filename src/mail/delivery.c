#include "mail/delivery.h"
#include "mail/pending.h"

/* indimail numbers deliveries as D.q, each queue q from 1 on. */
static uint64_t run_of(messages const *m, uint64_t origin, span suffix)
{
  return suffix.len ? hash_bytes(m->key, origin, suffix) : origin;
}

static void forget(messages *m, cell d)
{
  cell c = pending_take(m, d);

  if (c)
    message_release(m, c);
}

void delivery_make_room(messages *m)
{
  while (m->deliveries >= DELIVERIES_MOST)
    forget(m, m->pending.head);
  while (m->cells >= m->cells_most && m->known.head)
    message_forget_oldest(m);
  while (m->cells >= m->cells_most && m->pending.head)
    forget(m, m->pending.head);
}

void delivery_forget_all(messages *m)
{
  while (m->pending.head)
    forget(m, m->pending.head);
}

/* Each step takes one delivery that was started before. */
static void run_forget(messages *m, uint64_t run)
{
  cell r;

  while ((r = pending_find(m, run, 0, 1)))
    forget(m, delivery_at(m, r)->newer);
}

void delivery_start(messages *m, uint64_t origin, event const *start, cell c)
{
  uint64_t run = run_of(m, origin, start->suffix), number = start->delivery;
  cell d;

  m->queues |= start->queue.len != 0;
  if (c)
    message_at(m, c)->deliveries++; /* so that nothing below forgets it */
  if (number == 1)
    run_forget(m, run);
  else if ((d = pending_find(m, run, number, 0)))
    forget(m, d);
  delivery_make_room(m);
  if (!pending_add(m, run, number, c) && c) {
    message_at(m, c)->deliveries--;
    message_release(m, c);
  }
}

int delivery_end(messages *m, span host, event const *result, cell *c)
{
  uint64_t number = result->delivery;
  cell d = 0;

  if (m->queues && result->queue.len)
    d = pending_find(m, run_of(m, messages_origin(m, host, result->queue), result->suffix), number, 0);
  if (!d)
    d = pending_find(m, run_of(m, messages_origin(m, host, (span){"", 0}), result->suffix), number, 0);
  if (!d)
    return 0;
  *c = pending_take(m, d);
  return 1;
}
