/* adding.h - counts an event, and says whether its key goes over.
 *
 * Events are added in the order of time; whoever adds one must first have taken the endings (ending.h) due by
 * then. */
#ifndef COUNT_COUNT_H
#define COUNT_COUNT_H

#include "count/counters.h"

typedef enum {
  STORE_COUNTED,
  STORE_OVER, /* the count has just gone above limit */
  STORE_MORE, /* ... above 2, 4, 8, ... times limit */
  STORE_FULL  /* not counted: no memory */
} store_answer;

/* Counts an event; *count is the key's count after it. */
extern store_answer store_add(store *b, unsigned int number, store_event const *e, uint64_t *count);

#endif
