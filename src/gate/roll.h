/* roll.h - who is held and for which rules, in memory, in the order of the files' names.
 *
 * A key is held as long as one rule wants it: a reason. Whether its file is there is the business of
 * gatedir.h, which goes by the state of each entry. */
#ifndef GATE_ROLL_H
#define GATE_ROLL_H

#include "base/span.h"
#include "gate/name.h"
#include <stdint.h>

#define ROLL_MAX 65536  /* keys */
#define ROLL_REASONS 64 /* rules that hold one key */
#define ROLL_FOREVER INT64_MAX

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

/* Writes down what the file will say. Returns 1, or 0 with errno ENOMEM. */
extern int held_text(held *h, span rule, span since, span from);

extern reason *held_reason(held const *h, span rule);

/* Adds a reason, or replaces the one of the same rule. Returns it, or 0 with errno as roll_add. */
extern reason *held_because(held *h, span rule, span since, int64_t until);
extern void held_forgive(held *h, reason *gone);

/* Sets the state that the reasons ask for. */
extern void held_settle(held *h);

static inline span reason_rule(reason const *r)
{
  return (span){r->text, r->rule_len};
}

static inline span reason_since(reason const *r)
{
  return (span){r->text + r->rule_len, r->since_len};
}

#endif
