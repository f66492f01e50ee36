/* episode_end.h - ends episodes at the instant at which the count of their key fell to clear; and tells of
 * those that are open, to who must know all of them, or those of rules that go. */
#ifndef COUNT_EPISODE_END_H
#define COUNT_EPISODE_END_H

#include "count/counters.h"

#define EPISODE_KEY 900 /* bytes of the key that are told, as of who began it (EPISODE_FROM) */

typedef struct {
  unsigned int set;
  cell counter;  /* whose episode it is; only for a episode_tell, else gone */
  size_t length; /* of key, the beginning of the key if that is longer */
  uint64_t count, peak, total;
  int64_t when, since, since_label;
  size_t from_length; /* of from: who began it, if that was remembered, else 0 */
  char from[EPISODE_FROM];
  char key[EPISODE_KEY];
} episode_info;

/* Is any key over? If so *when is the earliest time at which one may be under again. */
extern int episode_end_next(store *b, int64_t *when);

/* Ends the first episode that is up by now; in the order of their ends, then of their beginnings. Returns 1,
 * or 0 if there is none (left). */
extern int episode_end_due(store *b, int64_t now, episode_info *end);

/* Ends an episode as of now with a count of 0, whatever its count; in the order of their beginnings. Returns
 * 1, or 0 if there is none left. To be called until it returns 0. */
extern int episode_end_any(store *b, int64_t now, episode_info *end);

/* Takes one open episode: e->when is the present time, e->count the count of its key by then. Returns 1 if
 * the episode and its counter are to be forgotten, else 0. */
typedef int episode_tell(void *to, episode_info const *e);

/* Tells of all episodes at the time now, by which none is due, in the order of their beginnings (if there is
 * memory for sorting them). */
extern void episode_each(store *b, int64_t now, episode_tell *tell, void *to);

#endif
