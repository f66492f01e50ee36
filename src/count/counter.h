/* counter.h - one key under one rule: a cell with the key's bytes, and a second one once there is more to
 * say.
 *
 * A key that had one event of weight 1 is a single cell that holds the time of that event. All others have a
 * record: what is within the last period, which is its events (ring.h) or its distinct values (distinct.h),
 * and what the report wants to know. */
#ifndef COUNT_COUNTER_H
#define COUNT_COUNTER_H

#include "base/span.h"
#include "count/table.h"
#include "count/ring.h"
#include "count/distinct.h"
#include "count/episode.h"

#define COUNTER_KEY 32
#define COUNTER_KEY_MAX 65536 /* no longer than the part of a line that is examined */

typedef enum {
  COUNTER_SINGLE,   /* when: its one event */
  COUNTER_EXPIRED,  /* when: its one event, which no longer counts; kept for the report */
  COUNTER_RECORDED, /* record */
  COUNTER_OVER      /* record, with an episode */
} counter_state;

typedef struct {
  list_node node; /* in the table, and in one list of its counter_set */
  union {
    int64_t when;
    cell record;
  } u;
  uint16_t set, generation; /* whose counter it is */
  uint32_t length : 17;     /* of the key */
  uint32_t state : 2;       /* a counter_state */
  uint32_t distinct : 1;    /* its distinct values count, not its events */
  uint32_t cleared : 1;     /* its list was cleared, and it had no event since then */
  /* Of a longer key the beginning, and the handle of the text with the rest. With distinct values the key
   * has COUNTER_VALUE bytes of it, and the value of a single event comes after them. */
  char key[COUNTER_KEY];
} counter;

#define COUNTER_VALUE (COUNTER_KEY - sizeof(uint64_t))

typedef struct {
  union { /* sum comes first in both */
    ring window;
    distinct_set distinct;
  };
  uint64_t peak, total; /* highest sum, and weight of all events */
  int64_t peak_at;
  uint64_t before; /* the part of total that left the window before the present episode began */
  uint32_t overs;  /* episodes so far */
  cell episode;    /* defined if over */
} counter_record;

/* Makes a counter for key out of a cell: state, lists and time are the caller's to fill in.
 * Returns the cell, or 0 with errno ENOMEM. */
extern cell counter_new(pool *mem, span key, int distinct);

/* Gives the counter's cells back; it must be in no list and no table, and without a record. */
extern void counter_free(pool *mem, cell c);

/* The value of its single event, for a counter of distinct values. */
extern void counter_keep_value(counter *c, uint64_t value);
extern uint64_t counter_value(counter const *c);

extern int counter_is(pool const *mem, counter const *c, span key);

/* Writes the first most bytes of the key to out, or all of it if it has no more. Returns how many. */
extern size_t counter_key(pool const *mem, counter const *c, char *out, size_t most);

/* Which key comes first, byte by byte? Below 0: that of a; above 0: that of b; 0: they are equal. */
extern int counter_compare(pool const *mem, counter const *a, counter const *b);

static inline counter *counter_at(pool const *mem, cell c)
{
  return pool_at(mem, c);
}

static inline counter_record *counter_record_of(pool const *mem, counter const *c)
{
  return pool_at(mem, c->u.record);
}

/* Gives a single or expired counter its record: total and peak from its one event, which is in the window if
 * it was single. Becomes RECORDED. Returns 1, or 0 with errno ENOMEM and nothing changed. */
extern int window_open(distinct_all *v, counter *k);

/* Takes the record away. */
extern void window_close(distinct_all *v, counter *k);

/* All that follows is of a counter with a record. */

/* Adds an event; known: the value of it that is in the window already, or 0. Returns 1, or 0 with errno
 * ENOMEM and nothing changed. *weight is lowered to what it adds to the sum. */
extern int window_add(distinct_all *v, counter *k, int64_t when, uint64_t value, cell known, uint64_t *weight,
                      int64_t tolerance);

/* Forgets what is of until or earlier; forgets all. */
extern void window_forget(distinct_all *v, counter *k, int64_t until);
extern void window_clear(distinct_all *v, counter *k);

/* The sum without what is of until or earlier, which is not forgotten. */
extern uint64_t window_sum_after(pool const *mem, counter const *k, int64_t until);

extern int window_empty(pool const *mem, counter const *k);

/* The time of the oldest or newest that is in it; INT64_MAX or INT64_MIN if it is empty. */
extern int64_t window_oldest(pool const *mem, counter const *k);
extern int64_t window_newest(pool const *mem, counter const *k);

/* Looks for the clear cursor of the counter's episode, which has just begun; or again, after weight has been
 * added. */
extern void window_clear_find(pool const *mem, counter const *k, uint64_t clear);
extern void window_clear_move(pool const *mem, counter const *k, uint64_t clear, uint64_t weight);

/* The time of what is at that place. */
extern int64_t window_clear_when(pool const *mem, counter const *k);

#endif
