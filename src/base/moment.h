/* moment.h - what the machine's clocks show, in nanoseconds. */
#ifndef BASE_MOMENT_H
#define BASE_MOMENT_H

#include <stdint.h>

#define SECOND INT64_C(1000000000)

typedef struct {
  int64_t wall; /* since the Unix epoch; may be set */
  int64_t mono; /* since some start; never set */
} moment;

/* Reads both clocks. Cannot fail where the clocks exist: clock_gettime(2) has no other error for a valid
 * pointer. */
extern moment moment_now(void);

#endif
