/* stores.h - a store for tests, on a pool of its own: events into it, counts and endings out of it.
 *
 * Times are plain numbers. An event's label is its time and BOOKS_LABEL: neither passes for the other. */
#ifndef TESTS_BOOKS_H
#define TESTS_BOOKS_H

#include "rows.h"

#include "base/hash.h"
#include "count/count.h"
#include "count/episode_end.h"
#include "count/counters.h"

#define BOOKS_LABEL 1000000

typedef struct {
  pool mem;
  store b;
  episode_info end; /* the last one that was taken */
  uint64_t count;   /* the key's after the last event; 0 if that did not happen */
} stores;

/* An empty store that may use so many bytes, and gives up idle keys beyond that. */
static inline void books_within(stores *f, size_t bytes, int keep)
{
  pool_open(&f->mem, bytes, &store_evict, &f->b);
  assert_int_equal(store_open(&f->b, &f->mem, keep), 1);
}

/* One that has room for all that a test adds. */
static inline void books_open(stores *f, int keep)
{
  books_within(f, 64 << 20, keep);
}

static inline void books_close(stores *f)
{
  store_close(&f->b);
  assert_null(f->b.keys.segment);
  pool_close(&f->mem);
}

/* Adds e. Returns what store_add says; f->count is the count after it. */
static inline store_answer books_put(stores *f, unsigned int number, store_event const *e)
{
  store_window window = {0, 0};
  store_answer answer = store_add(&f->b, number, e, &window);
  f->count = window.count;
  return answer;
}

static inline store_answer books_weigh(stores *f, unsigned int number, char const *key, int64_t when,
                                       uint64_t weight)
{
  static hash_key const secret = {{1, 2}};
  store_event e = {.key = span_of(key), .weight = weight, .when = when, .label = when + BOOKS_LABEL};
  e.hash = hash_bytes(&secret, 0, e.key);
  return books_put(f, number, &e);
}

static inline store_answer books_add(stores *f, unsigned int number, char const *key, int64_t when)
{
  return books_weigh(f, number, key, when, 1);
}

/* The same; returns the count. */
static inline uint64_t books_count(stores *f, unsigned int number, char const *key, int64_t when)
{
  books_add(f, number, key, when);
  return f->count;
}

#endif
