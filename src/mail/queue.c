#include "mail/queue.h"
#include "mail/sender.h"
#include <assert.h>

static_assert(sizeof(message) <= CELL_BYTES, "a message is a cell");

int messages_open(messages *m, pool *mem, hash_key const *key, size_t cells_most)
{
  *m = (messages){.mem = mem, .key = key, .cells_most = cells_most};
  return table_open(&m->by_number, mem) && table_open(&m->by_delivery, mem);
}

void messages_close(messages *m)
{
  table_close(&m->by_number);
  table_close(&m->by_delivery);
}

uint64_t messages_origin(messages const *m, span host, span queue)
{
  if (!host.len && !queue.len)
    return 0;
  return hash_bytes(m->key, hash_bytes(m->key, 2, host), queue);
}

static uint32_t hash_of(messages const *m, uint64_t origin, uint64_t number)
{
  return hash_number(m->key, origin, number);
}

cell message_find(messages const *m, uint64_t origin, uint64_t number)
{
  for (cell c = table_first(&m->by_number, hash_of(m, origin, number)); c; c = table_next(&m->by_number, c)) {
    message const *k = message_at(m, c);
    if (k->origin == origin && k->number == number)
      return c;
  }
  return 0;
}

void message_release(messages *m, cell c)
{
  message const *k = message_at(m, c);

  if (k->known || k->deliveries)
    return;
  if (k->sender)
    m->cells -= sender_free(m->mem, k->sender);
  m->cells -= seen_free(m->mem, k->seen);
  pool_give(m->mem, c);
  m->cells--;
}

static void forget_message(messages *m, cell c)
{
  table_remove(&m->by_number, c);
  list_remove(m->mem, &m->known, c);
  message_at(m, c)->known = 0;
  message_release(m, c);
}

int message_announce(messages *m, uint64_t origin, event const *info, cell *found)
{
  cell c = message_find(m, origin, info->message);

  if (c && message_at(m, c)->qp == info->qp)
    return 0;
  if (c)
    forget_message(m, c);
  *found = c = pool_take(m->mem);
  if (!c)
    return 1;
  m->cells++;
  *message_at(m, c) =
      (message){.origin = origin, .number = info->message, .qp = info->qp, .uid = info->uid, .known = 1};
  table_add(&m->by_number, c, hash_of(m, origin, info->message));
  list_add(m->mem, &m->known, c);
  return 1;
}

void message_end(messages *m, uint64_t origin, uint64_t number)
{
  cell c = message_find(m, origin, number);

  if (c)
    forget_message(m, c);
}

/* A local and a remote recipient of one name are two. */
int message_first_try(messages *m, cell c, span channel, span recipient)
{
  uint64_t salt = channel_is_local(channel) ? 4 : 3;
  uint64_t what = hash_bytes(m->key, salt, recipient);

  return seen_add(m->mem, &message_at(m, c)->seen, what, &m->cells) == 1;
}

static_assert(sizeof(delivery) <= CELL_BYTES, "a delivery is a cell");

static uint32_t delivery_hash(messages const *m, uint64_t run, uint64_t number)
{
  return hash_number(m->key, run, number);
}

/* The delivery with that number in a run (is_run 0), or the run itself (number 0, is_run 1); 0 if there is
 * none. */
static cell pending_find(messages const *m, uint64_t run, uint64_t number, int is_run)
{
  cell d = table_first(&m->by_delivery, delivery_hash(m, run, number));

  for (; d; d = table_next(&m->by_delivery, d)) {
    delivery const *k = delivery_at(m, d);
    if (k->run == run && k->number == number && (k->owner == 0) == is_run)
      break;
  }
  return d;
}

static cell add(messages *m, delivery const *what)
{
  cell d = pool_take(m->mem);

  if (d) {
    *(what->owner ? &m->cells : &m->runs) += 1;
    *delivery_at(m, d) = *what;
    table_add(&m->by_delivery, d, delivery_hash(m, what->run, what->number));
  }
  return d;
}

static void drop(messages *m, cell d)
{
  *(delivery_at(m, d)->owner ? &m->cells : &m->runs) -= 1;
  table_remove(&m->by_delivery, d);
  pool_give(m->mem, d);
}

/* A delivery becomes the newest of its run, or leaves it; a run ends with its last delivery. */
static void run_join(messages *m, cell d)
{
  delivery *k = delivery_at(m, d), *run = delivery_at(m, k->owner);

  k->older = run->older;
  k->newer = 0;
  if (run->older)
    delivery_at(m, run->older)->newer = d;
  else
    run->newer = d;
  run->older = d;
}

static void run_leave(messages *m, delivery const *k)
{
  delivery *run = delivery_at(m, k->owner);

  if (k->older)
    delivery_at(m, k->older)->newer = k->newer;
  else
    run->newer = k->newer;
  if (k->newer)
    delivery_at(m, k->newer)->older = k->older;
  else
    run->older = k->older;
  if (!run->newer)
    drop(m, k->owner);
}

/* Adds a delivery of the message c, which is in no table yet. Returns it, or 0 with errno ENOMEM. */
static cell pending_add(messages *m, uint64_t run, uint64_t number, cell c)
{
  cell owner = pending_find(m, run, 0, 1), d;
  int fresh = !owner;

  if (fresh)
    owner = add(m, &(delivery){.run = run});
  d = owner ? add(m, &(delivery){.run = run, .number = number, .message = c, .owner = owner}) : 0;
  if (d) {
    run_join(m, d);
    list_add(m->mem, &m->pending, d);
    m->deliveries++;
  } else if (fresh && owner)
    drop(m, owner);
  return d;
}

/* Takes the delivery out of memory. Returns its message, which is now the caller's to release. */
static cell pending_take(messages *m, cell d)
{
  delivery const *k = delivery_at(m, d);
  cell c = k->message;

  list_remove(m->mem, &m->pending, d);
  m->deliveries--;
  run_leave(m, k);
  drop(m, d);
  if (c)
    message_at(m, c)->deliveries--;
  return c;
}

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

void messages_make_room(messages *m)
{
  while (m->deliveries >= DELIVERIES_MOST)
    forget(m, m->pending.head);
  while (m->cells >= m->cells_most && m->known.head)
    forget_message(m, m->known.head);
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
  messages_make_room(m);
  d = pending_add(m, run, number, c);
  if (d)
    delivery_at(m, d)->is_local = (uint32_t)channel_is_local(start->channel);
  else if (c) {
    message_at(m, c)->deliveries--;
    message_release(m, c);
  }
}

int delivery_end(messages *m, span host, event const *result, cell *c, int *is_local)
{
  uint64_t number = result->delivery;
  cell d = 0;

  if (m->queues && result->queue.len)
    d = pending_find(m, run_of(m, messages_origin(m, host, result->queue), result->suffix), number, 0);
  if (!d)
    d = pending_find(m, run_of(m, messages_origin(m, host, (span){"", 0}), result->suffix), number, 0);
  if (!d)
    return 0;
  *is_local = delivery_at(m, d)->is_local != 0;
  *c = pending_take(m, d);
  return 1;
}
