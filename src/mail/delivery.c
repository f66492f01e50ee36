#include "mail/delivery.h"
#include "base/num.h"
#include "mail/pending.h"

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

/* Each step takes one delivery that was started before. */
static void run_forget(messages *m, uint64_t run)
{
  cell r;

  while ((r = pending_find(m, run, 0, 1)))
    forget(m, delivery_at(m, r)->newer);
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
  else if ((d = pending_find(m, run, word, 0)))
    forget(m, d);
  delivery_make_room(m);
  if (!pending_add(m, run, word, c) && c) {
    message_at(m, c)->deliveries--;
    message_release(m, c);
  }
}

int delivery_end(messages *m, span host, event const *result, cell *c)
{
  uint64_t word = word_of(m, result->delivery);
  cell d = 0;

  if (result->queue.len)
    d = pending_find(m, run_of(m, messages_origin(m, host, result->queue), result->delivery), word, 0);
  if (!d)
    d = pending_find(m, run_of(m, messages_origin(m, host, (span){"", 0}), result->delivery), word, 0);
  if (!d)
    return 0;
  *c = pending_take(m, d);
  return 1;
}
