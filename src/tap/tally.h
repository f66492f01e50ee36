/* tally.h - counts what happened under every rule that it concerns, and says so when a key goes over. */
#ifndef TAP_TALLY_H
#define TAP_TALLY_H

#include "count/adding.h"
#include "count/ledger.h"
#include "mail/join.h"
#include "tap/alert.h"
#include "tap/timeline.h"

/* Takes one finished alert line. */
typedef void tally_sink(void *to, span line);

typedef struct {
  book counters;
  hash_key const *key;
  script const *rules;
  uint16_t *ledger; /* of rule i */
  int lines;        /* there are line rules */
  tally_sink *sink;
  void *to;
  int quiet;       /* alerts are neither written nor counted */
  uint64_t alerts; /* written to the sink */
  alert line;
} tally;

/* Makes a tally without rules. Returns 1, or 0 with errno ENOMEM. It must not move. */
extern int tally_open(tally *t, pool *mem, hash_key const *key, int keep, tally_sink *sink, void *to);
extern void tally_close(tally *t);

/* Counts o (with counts 0: nothing happened) and the text of the line at the present time of clock. Returns
 * whether an episode began. */
extern int tally_count(tally *t, join const *senders, occurrence const *o, span text, timeline const *clock);

/* Begins a note in t->line; its numbers and tally_say are to follow. */
extern void tally_note(tally *t, int64_t label, char const *word);

/* Writes t->line to the sink. */
extern void tally_say(tally *t);

#endif
