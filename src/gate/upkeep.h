/* upkeep.h - when GATE is looked at, and when it is tried anew. Times are nanoseconds of the clock that never
 * steps. */
#ifndef GATE_UPKEEP_H
#define GATE_UPKEEP_H

#include "base/moment.h"
#include "gate/gatedir.h"

#define UPKEEP_LOOK (10 * SECOND) /* at whether GATE is still the same */

/* What is to be told of GATE, with errno; told once for as long as it is so. */
typedef void upkeep_trouble(void *to, gatedir_answer what);

typedef struct {
  gatedir gate;
  int dry; /* GATE is not touched: what would be done is only told */
  upkeep_trouble *trouble;
  void *to;
  gatedir_answer answer; /* of the last look */
  gatedir_answer last;   /* of the one before */
  int64_t again;         /* when GATE is to be looked at, whatever has come */
} upkeep;

/* gate and dry are set already. Nothing is opened yet. */
extern void upkeep_open(upkeep *u, upkeep_trouble *trouble, void *to);

/* Has the list been read, so that alerts can be acted upon? */
extern int upkeep_ready(upkeep const *u);

/* Is there nothing that could not be done? */
extern int upkeep_fine(upkeep const *u);

/* Looks at GATE; and does in it what the roll asks for, to be called only if the former returned 1. */
extern int upkeep_look(upkeep *u, roll *r, int64_t now);
extern void upkeep_do(upkeep *u, roll *r, int64_t now);

#endif
