/* ruleset.h - what is known of the rules of a script, by their numbers, so that an event need not ask each of
 * them. */

/* keyroom.h - room for one key that has to be made first, and the hashes of keys and of values. */

/* mailkey.h - what becomes of mail under a rule: whose counter an event is, and which value it has where
 * different values count. */

/* linewords.h - the words that the patterns of line rules find in a line: which they are, and whose counter.
 */
#ifndef WATCH_KEY_H
#define WATCH_KEY_H

#include "rule/script.h"
#include "base/hash.h"
#include "base/scan.h"
#include "count/counter.h"
#include "count/counters.h"
#include "mail/join.h"

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

typedef struct {
  hash_key const *secret;
  char text[COUNTER_KEY_MAX];
} keyroom;

/* In small letters; good until the room is used again. */
static inline span keyroom_lower(keyroom *k, span word)
{
  lower_copy(k->text, word);
  return (span){k->text, word.len};
}

static inline uint64_t keyroom_hash(keyroom const *k, span key)
{
  return hash_bytes(k->secret, 6, key);
}

static inline uint64_t keyroom_value(keyroom const *k, span value)
{
  return hash_bytes(k->secret, 7, value);
}

/* Fills in the weight, the value and the key of *e for *o under r. Returns 1 with e->key in k or in *o, or 0
 * if it counts for nobody. */
extern int mailkey_read(store_event *e, rule const *r, occurrence const *o, keyroom *k);

/* The first bytes of a line, which line rules have seen before. */
typedef struct {
  span text;           /* empty: none, or no rule matched */
  uint32_t generation; /* of the rules then */
} linewords_first;

/* Looks in the text of a line for the words of all line rules but those that matched its first bytes, and
 * have counted it for that: of->found says what was found. Returns whether any matches. */
extern int linewords_find(ruleset *of, script const *rules, span text, linewords_first const *first);

/* Fills in the weight, the value and the key of *e for the words that were found for line rule i. Returns 1
 * with e->key in k or in the line, or 0 if none were, or the rule does not apply to them. */
extern int linewords_read(store_event *e, ruleset const *of, script const *rules, size_t i, join const *how,
                          keyroom *k);

#endif
