/* rule.h - one rule, LIMIT[:CLEAR]/PERIOD[/COUNT[/KEY]]: more than limit events within the last period. */
#ifndef RULE_RULE_H
#define RULE_RULE_H

#include "base/span.h"
#include "rule/pattern.h"
#include <stdint.h>

#define RULE_DAYS 400 /* the longest period */

typedef enum {
  COUNT_MSG,
  COUNT_REMOTE,
  COUNT_RCPT,
  COUNT_BYTE,
  COUNT_FAIL,
  COUNT_DEFER,
  COUNT_BOUNCE,
  COUNT_TO, /* this and the next two: different values */
  COUNT_HOST,
  COUNT_FROM,
  COUNT_LINE, /* the last one */
  COUNTS
} rule_count;

typedef enum { KEY_SENDER, KEY_DOMAIN, KEY_UID, KEY_ALL, KEY_TEXT } rule_key;

typedef struct {
  uint64_t limit, clear; /* clear <= limit */
  int64_t period;        /* nanoseconds, 1 second to 400 days */
  rule_count count;
  rule_key key;       /* KEY_TEXT if and only if count is COUNT_LINE */
  span text;          /* the PATTERN of a line rule (pattern.h), inside the directive; else empty */
  unsigned int words; /* of that; else 0 */
} rule;

#define RULE_VALUES 65535 /* the highest limit where different values count */
#define RULE_FMT 320      /* more than any canonical form */

/* One value per distinct complaint; main/words.c says each of them to the user. */
typedef enum {
  RULE_OK,
  RULE_LIMIT_EMPTY,  /* no digit where LIMIT begins */
  RULE_LIMIT_SUFFIX, /* not k, M or G after it */
  RULE_LIMIT_LARGE,  /* 2^64 or more */
  RULE_CLEAR_EMPTY,  /* the same three for CLEAR */
  RULE_CLEAR_SUFFIX,
  RULE_CLEAR_LARGE,
  RULE_CLEAR_ABOVE,    /* CLEAR is more than LIMIT */
  RULE_LIMIT_VALUES,   /* more than RULE_VALUES where different values count */
  RULE_PERIOD_MISSING, /* no '/' after the limit */
  RULE_PERIOD_EMPTY,   /* no digit where PERIOD begins */
  RULE_PERIOD_UNIT,    /* not s, m, h, d or w after it */
  RULE_PERIOD_ZERO,
  RULE_PERIOD_LONG, /* more than 400 days */
  RULE_COUNT_EMPTY, /* a '/' after PERIOD, and nothing after that */
  RULE_COUNT_UNKNOWN,
  RULE_KEY_EMPTY, /* a '/' after COUNT, and nothing after that */
  RULE_KEY_UNKNOWN,
  RULE_KEY_FROM,     /* the sender, or nothing, for the key of COUNT_FROM */
  RULE_EXTRA,        /* something after KEY */
  RULE_TEXT_MISSING, /* a line rule without its pattern; this and the next as in pattern_problem */
  RULE_TEXT_LONG,
  RULE_TEXT_NEWLINE,
  RULE_TEXT_THIRD,
  RULE_TEXT_TOUCH
} rule_problem;

/* Where and why a rule is wrong: at is the part of the directive that is; it may be empty. */
typedef struct {
  rule_problem problem;
  span at;
} rule_error;

/* Reads directive, which must outlive *r. Returns 1, or 0 with *e filled. */
extern int rule_parse(rule *r, span directive, rule_error *e);

/* Does an event of the rule have a recipient? */
static inline int rule_has_recipient(rule const *r)
{
  return r->count == COUNT_REMOTE || r->count == COUNT_RCPT || r->count == COUNT_TO || r->count == COUNT_HOST;
}

/* Does it count different values, and not events? */
static inline int rule_differs(rule const *r)
{
  return r->count == COUNT_TO || r->count == COUNT_HOST || r->count == COUNT_FROM || r->words > 1;
}

/* Writes the canonical form (the pattern of a line rule as it is) to out, at most RULE_FMT bytes, no
 * terminator. Returns its length. */
extern size_t rule_fmt(char *out, rule const *r);

/* Are these the same rule, so that one may take over the counters of the other? They may be of two
 * scripts. */
extern int rule_equal(rule const *a, rule const *b);

#endif
