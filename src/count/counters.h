/* counters.h - every counter of every rule.
 *
 * A set holds the counters of one rule; sets are opened and closed as rules come and go. Events are added by
 * count.h, episodes end by episode_end.h. What is closed or cleared is not swept: its counters are freed a
 * few at a time, with each event, and so are keys that have been idle for a period. Times are nanoseconds on
 * whatever clock the caller keeps. */
#ifndef COUNT_COUNTERS_H
#define COUNT_COUNTERS_H

#include "count/counter.h"
#include "count/episode.h"
#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint64_t limit, clear;
  int64_t period;
  int64_t idle;        /* no key in single or recorded is idle for a period before this time */
  uint64_t salt;       /* where in the table its counters are */
  uint16_t generation; /* its counters of another one are dropped */
  uint8_t open;
  uint8_t distinct;                 /* distinct values count, not events */
  cell_list single, recorded, over; /* single holds the expired ones too */
} counter_set;

typedef struct {
  pool *mem;
  table keys;
  distinct_all distinct; /* of counters of distinct values; they are in the same table */
  episodes over;
  counter_set *sets;
  uint16_t count;    /* sets that are open or free to be opened again */
  uint16_t room;     /* the length of sets[] */
  int keep;          /* idle keys stay for the report */
  cell_list dropped; /* counters that no set finds any more, freed little by little */
  uint64_t salt;     /* the last one given out */
  uint64_t evicted;  /* counters given up for want of memory, and events not counted for it */
  uint64_t events;   /* counted in all sets */
  uint32_t now_over; /* keys */
} store;

typedef struct {
  span key;
  uint64_t hash; /* of the key, by a keyed hash */
  uint64_t weight;
  uint64_t value; /* by a keyed hash, too; where distinct values count, and then weight is 1 */
  int64_t when;
  int64_t label; /* what an alert's label would say of when */
  span from;     /* whose event it is, if an episode that it begins is to remember that; else empty */
} store_event;

/* The counter of a key in a set of counters, whose hash in the table is hash; 0 if there is none. */
extern cell store_find(store const *b, unsigned int number, uint32_t hash, span key);

/* Makes a counter for the key of e, expired and in no list. Returns it, or 0 with errno ENOMEM. */
extern cell store_insert(store *b, unsigned int number, uint32_t hash, store_event const *e);

/* Frees a counter that is in no list. */
extern void store_forget(store *b, cell c);

/* Puts a counter at the end of its list, as one that has an event or whose episode is over. */
extern void store_enlist(store *b, cell c);

/* The list of its set in which a counter is, or belongs. */
static inline cell_list *set_list(counter_set *l, counter const *k)
{
  return k->state == COUNTER_OVER ? &l->over : k->state == COUNTER_RECORDED ? &l->recorded : &l->single;
}

/* Forgets up to IDLE_STEP of a set's keys whose last event is a period old, as many dropped ones, and as many
 * values that were left: more than an event can add. With keep, only the latter two. */
extern void store_forget_idle(store *b, counter_set *l, int64_t now);

#define IDLE_STEP 2

/* Gives the cell of a value that was left back, or one key's cells: dropped ones first, then keys with
 * a single event, then others, each idle longest first; never one that is over. A pool_evict for the pool of
 * store. */
extern int store_evict(void *store);

/* Makes an empty store over mem, which must not move; keep: idle keys stay, for the report.
 * Returns 1, or 0 with errno ENOMEM. */
extern int store_open(store *b, pool *mem, int keep);

/* Frees what is not in the pool. */
extern void store_close(store *b);

/* Makes room for so many open sets: opening as many cannot fail. Returns 1, or 0 with errno ENOMEM (also if
 * they are too many). */
extern int store_reserve_sets(store *b, size_t sets);

/* Opens a set of counters for limit, clear (at most limit) and period in nanoseconds.
 * Returns its number, or -1 with errno ENOMEM (also if there are too many). */
extern int store_open_set(store *b, uint64_t limit, uint64_t clear, int64_t period);

/* From its first event on a set of counters counts distinct values. */
extern void store_count_distinct(store *b, unsigned int number);

/* Forgets a set of counters with its counters and episodes; its number is free to be given out again. */
extern void store_close_set(store *b, unsigned int number);

/* Forgets all counts and episodes of all sets. With keep, what the report needs stays. */
extern void store_clear(store *b);

/* Forgets all of all sets, as if nothing had been counted yet. */
extern void store_drop(store *b);

#endif
