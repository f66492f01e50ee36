/* holds.h - who is held, in memory: each key with its file, its open episodes, and until when.
 *
 * An episode is the time from `over` to `under` of one key under one rule. Those that are open are
 * remembered as long as they are, also of a key that was released: a release covers all of them, and only the
 * next `over` holds the key again. Rules, labels and keys are kept as alerts write them. */
#ifndef HOLD_HOLDS_H
#define HOLD_HOLDS_H

#include "base/span.h"
#include "gate/held_name.h"
#include <skalibs/stralloc.h>
#include <stdint.h>

#define HELD_EPISODES 64 /* open ones of one key */
#define HELD_FOREVER INT64_MAX
#define HOLDS_MAX 65536 /* keys */

typedef struct episode episode;
struct episode {
  episode *next;
  int is_doubtful; /* since the last start no line has said that it is still open */
  size_t rule_len, since_len;
  char text[]; /* the rule, then the label of its `over`; "-" if that was missed */
};

typedef enum {
  HELD_NONE,    /* no file, and none is wanted */
  HELD_WANTED,  /* the file is to be made */
  HELD_MADE,    /* the file was made; if it is gone, it was taken away by hand */
  HELD_LEAVING, /* the file is to be taken away */
  HELD_GONE     /* nothing is to be remembered */
} held_state;

typedef struct {
  held_state state;
  episode *episodes;
  int64_t until; /* the machine's clock, seconds since the Unix epoch; HELD_FOREVER: released by hand only */
  int64_t expires; /* the same on the clock that is never set, ns */
  char *text;      /* what the file says, without the newline: rule, since, from; never 0 */
  char *key;       /* as alerts show it; never 0 */
  char name[NAME_MAX_LEN + 1];
} held;

/* Sorted by name. All zero: empty. */
typedef struct {
  size_t len, size;
  held **at;
  int changed;    /* the list in GATE does not say the same; set by each function that changes anything */
  uint64_t still; /* so many `still` lines are yet to come */
  int new_fold;   /* fold, what `note start` said of -e and -x, is to be written to GATE */
  stralloc fold;
} holds;

extern void holds_close(holds *all);

/* Returns 0 if there is none of that name. */
extern held *holds_find(holds const *all, char const *name);

/* Adds name, which is not there, in state HELD_NONE. Returns it, or 0 with errno ENOMEM, or E2BIG if there
 * are HOLDS_MAX. */
extern held *holds_add(holds *all, char const *name, span key);

/* Forgets all that are in state HELD_GONE. */
extern void holds_sweep(holds *all);

/* The file is to be there; if there is none so far, it will say rule, since and from. Returns 1, or 0 with
 * errno ENOMEM and nothing changed. */
extern int held_hold(held *h, span rule, span since, span from);

/* The file is to go. */
extern void held_release(held *h);

/* Sets what the file says. Returns 1, or 0 with errno ENOMEM. */
extern int held_set_text(held *h, span rule, span since, span from);

/* Forgets h at the next sweep if there is nothing to remember. */
extern void held_settle(held *h);

/* The open episode under that rule, or 0. */
extern episode *held_episode(held const *h, span rule);

/* Adds an episode, in place of one under the same rule. Returns it, which is the key's, or 0 with errno
 * ENOMEM, or E2BIG if there are HELD_EPISODES. */
extern episode *held_begin(held *h, span rule, span since);

/* Takes it away. */
extern void held_end(held *h, episode *e);

static inline span episode_rule(episode const *e)
{
  return (span){e->text, e->rule_len};
}

static inline span episode_since(episode const *e)
{
  return (span){e->text + e->rule_len, e->since_len};
}

/* Writes the key of name, for which name_is is true, as alerts show it to out, ALERT_FIELD + 1 bytes with the
 * terminator; "-" if the name is made of its digest. */
extern void held_shown_key(char *out, span name);

/* Releases those whose time is up. */
extern void holds_expire(holds *all, moment now);

/* When the next time is up, on the clock that is never set; INT64_MAX if there is none. */
extern int64_t holds_next(holds const *all);

#endif
