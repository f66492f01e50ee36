/* held.h - one key that is held: for which rules, until when, and what is with its file.
 *
 * A key is held as long as one rule wants it: a reason. Whether its file is there is the business of
 * gatedir.h, which goes by the state. */
#ifndef GATE_HELD_H
#define GATE_HELD_H

#include "base/span.h"
#include "gate/name.h"
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

#endif
