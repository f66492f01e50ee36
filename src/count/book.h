/* book.h - every counter of every rule.
 *
 * A ledger holds the counters of one rule. Other modules open and close ledgers (ledger.h), add events
 * (adding.h), end episodes (ending.h) and forget (idle.h). Times are nanoseconds on whatever clock the caller
 * keeps. */
#ifndef COUNT_BOOK_H
#define COUNT_BOOK_H

#include "count/counter.h"
#include "count/agenda.h"

typedef struct {
  uint64_t limit, clear;
  int64_t period;
  int64_t idle;  /* no key in single or many is idle for a period before this time */
  uint64_t salt; /* where in the table its counters are */
  uint16_t era;  /* counters of another era are no longer its own */
  uint8_t open;
  cell_list single, many, over; /* single holds the spent ones too */
} ledger;

typedef struct {
  pool *mem;
  table keys;
  agenda over;
  ledger *ledgers;
  uint16_t count, closed; /* ledgers in use or free to be used again, and how many of them are free */
  uint16_t room;          /* the length of ledgers[] */
  int keep;               /* idle keys stay for the report */
  cell_list doomed;       /* counters of closed ledgers and past eras, freed little by little */
  uint64_t salt;          /* the last one given out */
  uint64_t evicted;       /* counters given up for want of memory, and events not counted for it */
  uint64_t events;        /* counted in all ledgers */
  uint32_t now_over;      /* keys */
} book;

typedef struct {
  span key;
  uint64_t hash; /* of the key, by a keyed hash */
  uint64_t weight;
  int64_t when;
  int64_t label; /* what an alert's label would say of when */
} book_event;

/* The counter of a key in a ledger, whose hash in the table is hash; 0 if there is none. */
extern cell book_find(book const *b, unsigned int number, uint32_t hash, span key);

/* Makes a counter for the key of e, spent and in no list. Returns it, or 0 with errno ENOMEM. */
extern cell book_insert(book *b, unsigned int number, uint32_t hash, book_event const *e);

/* Frees a counter that is in no list. */
extern void book_forget(book *b, cell c);

/* The list of its ledger in which a counter is, or belongs. */
static inline cell_list *ledger_list(ledger *l, counter const *k)
{
  return k->state == COUNTER_OVER ? &l->over : k->state == COUNTER_MANY ? &l->many : &l->single;
}

#endif
