/* ruleset.h - what is known of the rules of a script, by their numbers, so that an event need not ask each of
 * them. */
#ifndef TAP_RULESET_H
#define TAP_RULESET_H

#include "rule/script.h"

/* Where a line has the words of a line rule's pattern; the first is empty if it does not match. */
typedef struct {
  span word[PATTERN_WORDS];
} line_words;

/* 64 rules: by COUNT, which of them count that. A bit for each. */
typedef struct {
  uint64_t of[COUNTS];
} ruleset_rank;

/* All zero: no rules. */
typedef struct {
  uint16_t *set;      /* of counters, of rule i */
  uint16_t *rule_of;  /* the other way round, for each set that has a rule */
  line_words *found;  /* of rule i, if it is a line rule: what was found last */
  uint32_t *born;     /* of rule i: the generation in which it came */
  ruleset_rank *rank; /* of rules 64 * n to 64 * n + 63 */
  size_t ranks;
  uint32_t generation; /* one more than that of the rules before these */
  int lines;           /* there are line rules */
} ruleset;

/* Makes room for so many rules and sets. Returns 1, or 0 with errno ENOMEM; to be closed even then. */
extern int ruleset_open(ruleset *r, size_t rules, size_t sets);
extern void ruleset_close(ruleset *r);

/* Fills in the ranks of rules. */
extern void ruleset_rank_rules(ruleset *r, script const *rules);

/* The first rule of the bits left, which are not 0, of rank n. */
static inline size_t ruleset_first(uint64_t left, size_t n)
{
  return 64 * n + (unsigned int)__builtin_ctzll(left);
}

#endif
