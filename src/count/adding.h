/* adding.h - counts an event, and says whether its key goes over.
 *
 * Events are added in the order of time; whoever adds one must first have taken the endings (ending.h) due by
 * then. */
#ifndef COUNT_ADDING_H
#define COUNT_ADDING_H

#include "count/book.h"

typedef enum {
  BOOK_COUNTED,
  BOOK_OVER, /* the count has just gone above limit */
  BOOK_MORE, /* ... above 2, 4, 8, ... times limit */
  BOOK_FULL  /* not counted: no memory */
} book_answer;

/* Counts an event; *count is the key's count after it. */
extern book_answer book_add(book *b, unsigned int number, book_event const *e, uint64_t *count);

#endif
