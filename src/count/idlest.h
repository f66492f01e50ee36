/* idlest.h - which of many lists begins with the oldest, in a number of steps that hardly depends on how many
 * they are.
 *
 * A tree of lower bounds: a list says when it gets something older than it was known to begin with. That it
 * begins with something newer by now, since the oldest has left, is found out when it is asked. */
#ifndef COUNT_IDLEST_H
#define COUNT_IDLEST_H

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

#endif
