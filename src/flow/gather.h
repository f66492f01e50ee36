/* gather.h - when small input is taken: qmail-send writes a line in up to 11 pieces, and each would wake us,
 * and then the program behind us.
 *
 * Less than GATHER_ENOUGH bytes are left where they are, where nothing can lose them, for up to GATHER_TIME.
 * Whoever asks ends that wait at the end of input and at signals. Nobody tells when enough bytes have come
 * together but by a wake-up for each write, so it is looked at when, at the pace of the last time, they would
 * have. */
#ifndef FLOW_GATHER_H
#define FLOW_GATHER_H

#include <stdint.h>

#define GATHER_ENOUGH 4096
#define GATHER_TIME INT64_C(2000000) /* nanoseconds */

/* All zero but until: nothing has come yet. */
typedef struct {
  int64_t until; /* when to look again; INT64_MAX: poll for input tells */
  int64_t since; /* input may have been waiting since then; 0: nothing waits */
  int64_t taken; /* when input was last taken */
  int64_t pace;  /* how long GATHER_ENOUGH bytes took to come last time, at most GATHER_TIME */
} gather;

/* So many bytes wait in the input. Is it time to take them? If not, g->until says when to ask again. */
extern int gather_take(gather *g, int waits, int64_t now);

/* The wait is over before its time. */
extern void gather_end(gather *g);

#endif
