#include "mail/messages.h"
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

static void forget(messages *m, cell c)
{
  table_remove(&m->by_number, c);
  list_remove(m->mem, &m->known, c);
  message_at(m, c)->known = 0;
  message_release(m, c);
}

void message_forget_oldest(messages *m)
{
  forget(m, m->known.head);
}

int message_announce(messages *m, uint64_t origin, event const *info, cell *found)
{
  cell c = message_find(m, origin, info->message);

  if (c && message_at(m, c)->qp == info->qp)
    return 0;
  if (c)
    forget(m, c);
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
    forget(m, c);
}

/* A local and a remote recipient of one name are two; all channels but "local" are one. */
int message_first_try(messages *m, cell c, span channel, span recipient)
{
  uint64_t salt = span_equal(channel, span_of("local")) ? 4 : 3;
  uint64_t what = hash_bytes(m->key, salt, recipient);

  return seen_add(m->mem, &message_at(m, c)->seen, what, &m->cells) == 1;
}
