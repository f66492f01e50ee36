/* watch.h - counts what happened under every rule that it concerns, and says so when a key goes over. */
#ifndef TAP_WATCH_H
#define TAP_WATCH_H

#include "count/adding.h"
#include "count/counters.h"
#include "mail/join.h"
#include "tap/alert.h"
#include "tap/keyroom.h"
#include "tap/ruleset.h"
#include "tap/timeline.h"

/* Takes one finished alert line. */
typedef void watch_sink(void *to, span line);

typedef struct {
  store store;
  script const *rules;
  ruleset of; /* the rules */
  watch_sink *sink;
  void *to;
  int quiet;       /* alerts are neither written nor counted */
  uint64_t alerts; /* written to the sink */
  alert line;
  keyroom room;
} watch;

/* Makes a watch without rules. Returns 1, or 0 with errno ENOMEM. It must not move. */
extern int watch_open(watch *t, pool *mem, hash_key const *key, int keep, watch_sink *sink, void *to);
extern void watch_close(watch *t);

/* From now on these are the rules, which must outlive the watch or the next call, and what is known of them
 * but for the ranks, which becomes the watch's: *of is closed. */
extern void watch_rules(watch *t, script const *rules, ruleset *of);

/* Counts o (with counts 0: nothing happened) and the words that linewords_find found at the present time of
 * clock. Returns whether an episode began. */
extern int watch_count(watch *t, join const *senders, occurrence const *o, timeline const *clock);

/* Begins a note in t->line; its numbers and watch_say are to follow. */
extern void watch_note(watch *t, int64_t label, char const *word);

/* Writes t->line to the sink. */
extern void watch_say(watch *t);

#endif
