/* store.h - every counter of every rule.
 *
 * A set (counters) holds the counters of one rule. Other modules open and close sets (counters.h), add events
 * (adding.h), end episodes (ending.h) and forget (idle.h). Times are nanoseconds on whatever clock the caller
 * keeps. */
#ifndef COUNT_STORE_H
#define COUNT_STORE_H

#include "count/counter.h"
#include "count/due.h"
#include "count/idlest.h"

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

#endif
