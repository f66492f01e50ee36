#include "mail/delivery.h"
#include "base/num.h"
#include <assert.h>

typedef struct {
  list_node node;
  uint64_t run;  /* of qmail-send: its origin, and the part of D behind a dot */
  uint64_t word; /* D: itself if it is a plain number, else hashed */
  cell message;  /* 0: unknown when the delivery started */
} delivery;

static_assert(sizeof(delivery) <= CELL_BYTES, "a delivery is a cell");

static delivery *delivery_at(messages const *m, cell d)
{
  return pool_at(m->mem, d);
}

/* indimail numbers deliveries as D.q, each queue q from 1 on. */
static span suffix_of(span word)
{
  char const *dot = memchr(word.s, '.', word.len);
  return dot ? (span){dot, word.len - (size_t)(dot - word.s)} : (span){word.s, 0};
}

static uint64_t run_of(messages const *m, uint64_t origin, span word)
{
  span suffix = suffix_of(word);
  return suffix.len ? hash_bytes(m->key, origin, suffix) : origin;
}

static uint64_t word_of(messages const *m, span word)
{
  uint64_t number;

  if (word.s[0] != '0' && num_scan(&number, word) == word.len)
    return number;
  return hash_bytes(m->key, 5, word);
}

static cell find(messages const *m, uint64_t run, uint64_t word)
{
  cell d = table_first(&m->by_delivery, (uint32_t)hash_mix(run, word));

  for (; d; d = table_next(&m->by_delivery, d)) {
    delivery const *k = delivery_at(m, d);
    if (k->run == run && k->word == word)
      break;
  }
  return d;
}

/* Takes the delivery out of memory. Returns its message, which is now the caller's to release. */
static cell take(messages *m, cell d)
{
  delivery const *k = delivery_at(m, d);
  cell c = k->message;

  list_remove(m->mem, &m->pending, d);
  table_remove(&m->by_delivery, d);
  pool_give(m->mem, d);
  m->cells--;
  if (c)
    message_at(m, c)->deliveries--;
  return c;
}

static void forget(messages *m, cell d)
{
  cell c = take(m, d);

  if (c)
    message_release(m, c);
}

void delivery_make_room(messages *m)
{
  while (m->by_delivery.nodes >= DELIVERIES_MOST)
    forget(m, m->pending.head);
  while (m->cells >= m->cells_most && m->known.head)
    message_forget_oldest(m);
  while (m->cells >= m->cells_most && m->pending.head)
    forget(m, m->pending.head);
}

static void run_forget(messages *m, uint64_t run)
{
  for (cell d = m->pending.head, next; d; d = next) {
    next = list_next(m->mem, d);
    if (delivery_at(m, d)->run == run)
      forget(m, d);
  }
}

static int is_first(span word)
{
  uint64_t n = 0; /* a word without a number is not the first */
  return num_scan(&n, word) == word.len - suffix_of(word).len && n == 1;
}

void delivery_start(messages *m, uint64_t origin, event const *start, cell c)
{
  uint64_t run = run_of(m, origin, start->delivery), word = word_of(m, start->delivery);
  cell d;

  if (c)
    message_at(m, c)->deliveries++; /* so that nothing below forgets it */
  if (is_first(start->delivery))
    run_forget(m, run);
  else if ((d = find(m, run, word)))
    forget(m, d);
  delivery_make_room(m);
  d = pool_take(m->mem);
  if (!d) {
    if (c) {
      message_at(m, c)->deliveries--;
      message_release(m, c);
    }
    return;
  }
  m->cells++;
  *delivery_at(m, d) = (delivery){.run = run, .word = word, .message = c};
  table_add(&m->by_delivery, d, (uint32_t)hash_mix(run, word));
  list_add(m->mem, &m->pending, d);
}

int delivery_end(messages *m, span host, event const *result, cell *c)
{
  uint64_t word = word_of(m, result->delivery);
  cell d = 0;

  if (result->queue.len)
    d = find(m, run_of(m, messages_origin(m, host, result->queue), result->delivery), word);
  if (!d)
    d = find(m, run_of(m, messages_origin(m, host, (span){"", 0}), result->delivery), word);
  if (!d)
    return 0;
  *c = take(m, d);
  return 1;
}
