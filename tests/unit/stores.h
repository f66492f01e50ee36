/* stores.h - a store for tests, on a pool of its own: events into it, counts and endings out of it.
 *
 * Times are plain numbers. An event's label is its time and STORES_LABEL: neither passes for the other. */
#ifndef TESTS_STORES_H
#define TESTS_STORES_H

#include "rows.h"

#include "base/hash.h"
#include "count/count.h"
#include "count/episode_end.h"
#include "count/counters.h"

#define STORES_LABEL 1000000

typedef struct {
  pool mem;
  store b;
  episode_info end; /* the last one that was taken */
  uint64_t count;   /* the key's after the last event; 0 if that did not happen */
} stores;

/* An empty store that may use so many bytes, and gives up idle keys beyond that. */
static inline void stores_within(stores *f, size_t bytes, int keep)
{
  pool_open(&f->mem, bytes, &store_evict, &f->b);
  assert_int_equal(store_open(&f->b, &f->mem, keep), 1);
}

/* One that has room for all that a test adds. */
static inline void stores_open(stores *f, int keep)
{
  stores_within(f, 64 << 20, keep);
}

static inline void stores_close(stores *f)
{
  store_close(&f->b);
  assert_null(f->b.keys.segment);
  pool_close(&f->mem);
}

/* Adds e. Returns what store_add says; f->count is the count after it. */
static inline store_answer stores_put(stores *f, unsigned int number, store_event const *e)
{
  store_window window = {0, 0};
  store_answer answer = store_add(&f->b, number, e, &window);
  f->count = window.count;
  return answer;
}

static inline store_answer stores_weigh(stores *f, unsigned int number, char const *key, int64_t when,
                                        uint64_t weight)
{
  static hash_key const secret = {{1, 2}};
  store_event e = {.key = span_of(key), .weight = weight, .when = when, .label = when + STORES_LABEL};
  e.hash = hash_bytes(&secret, 0, e.key);
  return stores_put(f, number, &e);
}

static inline store_answer stores_add(stores *f, unsigned int number, char const *key, int64_t when)
{
  return stores_weigh(f, number, key, when, 1);
}

/* The same; returns the count. */
static inline uint64_t stores_count(stores *f, unsigned int number, char const *key, int64_t when)
{
  stores_add(f, number, key, when);
  return f->count;
}

#endif
