/* held.h - one key that is held: for which rules, until when, and what is with its file.
 *
 * A key is held as long as one rule wants it: a reason. Whether its file is there is the business of
 * gatedir.h, which goes by the state. */

/* roll.h - all who are held, in memory, in the order of their files' names. */

/* term.h - until when who is held is held. Times are whole seconds since the Unix epoch. */
#ifndef HOLD_HOLDS_H
#define HOLD_HOLDS_H

#include "base/span.h"
#include "gate/held_name.h"
#include <stdint.h>

#define HELD_REASONS 64 /* rules that hold one key */
#define HELD_FOREVER INT64_MAX

typedef struct reason reason;
struct reason {
  reason *next;
  int64_t until; /* seconds since the Unix epoch: no longer than that */
  int spent;     /* its time was up: it holds no more, but the same episode must not hold again */
  int doubtful;  /* since the last start nobody has said that it is still so */
  int ended;     /* it is under, and is held all the same */
  size_t rule_len, since_len;
  char text[]; /* rule, then since: a label */
};

typedef enum {
  HELD_NONE,    /* no file, and none is wanted */
  HELD_WANTED,  /* the file is to be made */
  HELD_MADE,    /* the file was made; if it is gone, somebody took it away by hand */
  HELD_LEAVING, /* the file is to be taken away */
  HELD_GONE     /* nothing is to be remembered */
} held_state;

typedef struct {
  held_state state;
  reason *reasons;
  char *text; /* what stands in the file, without the newline: rule, since, from */
  char name[NAME_MAX_LEN + 1];
} held;

/* Writes down what the file will say. Returns 1, or 0 with errno ENOMEM. */
extern int held_text(held *h, span rule, span since, span from);

/* The reason of that rule; 0 if there is none. */
extern reason *held_reason(held const *h, span rule);

/* Adds a reason, or replaces the one of the same rule. Returns it, which is the key's, or 0 with
 * errno ENOMEM, or E2BIG if there are HELD_REASONS. */
extern reason *held_because(held *h, span rule, span since, int64_t until);

/* Takes gone from it, and frees it. */
extern void held_forgive(held *h, reason *gone);

/* Sets the state that the reasons ask for. */
extern void held_settle(held *h);

/* Frees h, which calloc(3) has made, with all of its reasons. */
extern void held_free(held *h);

static inline span reason_rule(reason const *r)
{
  return (span){r->text, r->rule_len};
}

static inline span reason_since(reason const *r)
{
  return (span){r->text + r->rule_len, r->since_len};
}

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

/* Lets go of those whose time is up at now, and forgets what need not be remembered. */
extern void term_end(roll *all, int64_t now);

/* When the next time is up; HELD_FOREVER if there is none. */
extern int64_t term_next(roll const *all);

#endif
