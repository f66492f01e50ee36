/* idlest.h - which of many lists begins with the oldest, in a number of steps that hardly depends on how many
 * they are.
 *
 * A tree of lower bounds: a list says when it gets something older than it was known to begin with. That it
 * begins with something newer by now, since the oldest has left, is found out when it is asked. */

/* store.h - every counter of every rule.
 *
 * A set (counters) holds the counters of one rule. Other modules open and close sets (counters.h), add events
 * (adding.h), end episodes (ending.h) and forget (idle.h). Times are nanoseconds on whatever clock the caller
 * keeps. */

/* idle.h - forgets the keys that nothing is to be known of any more, a few with each event and never all at
 * once. */

/* counters.h - opens the store, and a set of counters in it for each rule; closes them, and turns over a new
 * leaf.
 *
 * What is closed is not swept: its counters are doomed and freed a few at a time (idle.h). */
#ifndef COUNT_COUNTERS_H
#define COUNT_COUNTERS_H

#include "count/counter.h"
#include "count/episode.h"
#include <stddef.h>
#include <stdint.h>

/* All zero: of no lists. */
typedef struct {
  int64_t
      *bound; /* of the lists from bound[leaves] on, of a pair of neighbours in bound[half of their index] */
  uint32_t leaves;
} idlest;

/* When list i begins, INT64_MAX if it is empty. */
typedef int64_t idlest_ask(void *of, uint32_t i);

/* Makes room for lists of which nothing is known yet, those before included. Returns 1, or 0 with errno
 * ENOMEM and nothing changed. */
extern int idlest_room(idlest *t, size_t lists);
extern void idlest_close(idlest *t);

/* List i has got something of that time. */
extern void idlest_note(idlest *t, uint32_t i, int64_t when);

/* The list that begins with the oldest, the first of several; or -1 if all are empty. */
extern int32_t idlest_find(idlest *t, idlest_ask *ask, void *of);

typedef struct {
  uint64_t limit, clear;
  int64_t period;
  int64_t idle;  /* no key in single or many is idle for a period before this time */
  uint64_t salt; /* where in the table its counters are */
  uint16_t era;  /* counters of another era are no longer its own */
  uint8_t open;
  uint8_t different;            /* values count, not events */
  uint8_t used;                 /* it may have counters that can be found */
  uint16_t next;                /* used set, or STORE_NO_SET; defined if used */
  cell_list single, many, over; /* single holds the spent ones too */
} counters;

#define STORE_NO_SET UINT16_MAX

typedef struct {
  pool *mem;
  table keys;
  values values; /* of counters of different values; they are in the same table */
  due over;
  counters *sets;
  uint16_t count;         /* sets that are open or free to be opened again */
  uint16_t unused;        /* no set before this is free */
  uint16_t used;          /* the first set that is in use, or STORE_NO_SET */
  uint16_t room;          /* the length of sets[] */
  int keep;               /* idle keys stay for the report */
  idlest singles, manies; /* which of the sets' lists begins with the key that is idle longest */
  cell_list doomed;       /* counters of closed sets and past eras, freed little by little */
  uint64_t salt;          /* the last one given out */
  uint64_t evicted;       /* counters given up for want of memory, and events not counted for it */
  uint64_t events;        /* counted in all sets */
  uint32_t now_over;      /* keys */
} store;

typedef struct {
  span key;
  uint64_t hash; /* of the key, by a keyed hash */
  uint64_t weight;
  uint64_t value; /* by a keyed hash, too; where different values count, and then weight is 1 */
  int64_t when;
  int64_t label; /* what an alert's label would say of when */
  span from;     /* whose event it is, if an episode that it begins is to remember that; else empty */
} store_event;

/* The counter of a key in a set of counters, whose hash in the table is hash; 0 if there is none. */
extern cell store_find(store const *b, unsigned int number, uint32_t hash, span key);

/* Makes a counter for the key of e, spent and in no list. Returns it, or 0 with errno ENOMEM. */
extern cell store_insert(store *b, unsigned int number, uint32_t hash, store_event const *e);

/* Frees a counter that is in no list. */
extern void store_forget(store *b, cell c);

/* Puts a counter at the end of its list, as one that has an event or whose episode is over. */
extern void store_enlist(store *b, cell c);

/* When a counter had its last event; of an empty window no more is known than that it is long ago. */
extern int64_t store_last(store const *b, cell c);

/* The list of its set in which a counter is, or belongs. */
static inline cell_list *counters_list(counters *l, counter const *k)
{
  return k->state == COUNTER_OVER ? &l->over : k->state == COUNTER_MANY ? &l->many : &l->single;
}

/* Forgets up to IDLE_STEP of a set's keys whose last event is a period old, as many doomed ones, and as many
 * values that were left behind: more than an event can add. With keep, only the latter two. */
extern void idle_forget(store *b, counters *l, int64_t now);

#define IDLE_STEP 2

/* Gives the cell of a value that was left behind back, or one key's cells: doomed ones first, then keys with
 * a single event, then others, each idle longest first; never one that is over. A pool_evict for the pool of
 * store. */
extern int idle_evict(void *store);

/* Makes an empty store over mem, which must not move; keep: idle keys stay, for the report.
 * Returns 1, or 0 with errno ENOMEM. */
extern int store_open(store *b, pool *mem, int keep);

/* Frees what is not in the pool. */
extern void store_close(store *b);

/* Makes room for so many open sets: opening as many cannot fail. Returns 1, or 0 with errno ENOMEM (also if
 * they are too many). */
extern int counters_reserve(store *b, size_t sets);

/* Opens a set of counters for limit, clear (at most limit) and period in nanoseconds.
 * Returns its number, or -1 with errno ENOMEM (also if there are too many). */
extern int counters_open(store *b, uint64_t limit, uint64_t clear, int64_t period);

/* From its first event on a set of counters counts different values. */
extern void counters_of_values(store *b, unsigned int number);

/* Forgets a set of counters with its counters and episodes; its number is free to be given out again. */
extern void counters_close(store *b, unsigned int number);

/* Forgets all counts and episodes of all sets. With keep, what the report needs stays. */
extern void store_clear(store *b);

/* Forgets all of all sets, as if nothing had been counted yet. */
extern void store_drop(store *b);

#endif
