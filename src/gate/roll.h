/* roll.h - all who are held, in memory, in the order of their files' names. */
#ifndef GATE_ROLL_H
#define GATE_ROLL_H

#include "gate/held.h"
#include <stdint.h>

#define ROLL_MAX 65536 /* keys */

/* All zero: empty. */
typedef struct {
  size_t len, size;
  held **at;
  int changed;    /* the list in GATE does not say the same; set by who changes anything */
  uint64_t still; /* so many lines are yet to come that say who is still over */
} roll;

extern void roll_close(roll *r);

/* Returns 0 if there is none of that name. */
extern held *roll_find(roll const *r, char const *name);

/* Adds name, which is not there, without a reason and in state HELD_NONE. Returns it, or 0 with errno ENOMEM,
 * or E2BIG if there are ROLL_MAX. */
extern held *roll_add(roll *r, char const *name);

/* Forgets all that are in state HELD_GONE. */
extern void roll_sweep(roll *r);

#endif
