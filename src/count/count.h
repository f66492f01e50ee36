/* count.h - counts an event, and says whether its key goes over.
 *
 * Events are added in the order of time. Before one is added, the episodes that end by then must have been
 * taken (episode_end.h). */
#ifndef COUNT_COUNT_H
#define COUNT_COUNT_H

#include "count/counters.h"

typedef enum {
  STORE_COUNTED,
  STORE_OVER, /* the count has just gone above limit */
  STORE_MORE, /* ... above 2, 4, 8, ... times limit */
  STORE_FULL  /* not counted: no memory */
} store_answer;

/* What is in the window of a key after an event, which is in it. */
typedef struct {
  uint64_t count;
  int64_t oldest; /* the time of the oldest event; of a value its newest event, and so of a shared entry. Set
                   * if the answer is STORE_OVER or STORE_MORE */
} store_window;

/* Counts an event; *window is undefined if it is not counted. */
extern store_answer store_add(store *b, unsigned int number, store_event const *e, store_window *window);

#endif
