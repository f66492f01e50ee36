/* watch.h - counts what happened under every rule, at the time at which it happened, and tells in alert lines
 * who goes over a limit and when he is back under it.
 *
 * Nothing here reads a clock or touches a descriptor: lines go to a sink, and the caller says what the
 * machine's clocks show. A watch must not move. */
#ifndef WATCH_WATCH_H
#define WATCH_WATCH_H

#include "count/counters.h"
#include "count/episode_end.h"
#include "mail/join.h"
#include "watch/alert.h"
#include "watch/clock.h"
#include "watch/key.h"

/* Takes one finished alert line. */
typedef void watch_sink(void *to, span line);

/* What is known of a rule of the script. */
typedef struct {
  uint16_t set;             /* its counter_set */
  uint32_t since;           /* the generation of rules with which it came */
  span word[PATTERN_WORDS]; /* of a line rule, in the present line; the first is empty if it did not match */
} watched_rule;

typedef struct {
  store store;
  timeline clock;
  script const *rules;
  watched_rule *rule;  /* for each of rules */
  uint32_t generation; /* of rules; one more than that of the rules before them */
  int has_lines;       /* some are line rules */
  watch_sink *sink;
  void *to;
  int is_silent;          /* alerts are neither written nor counted */
  uint64_t alerts;        /* written to the sink */
  int64_t next_end;       /* when the first episode may end, INT64_MAX without one */
  uint64_t events;        /* that moved the clock */
  uint64_t late;          /* of those, with a stamp older than the newest */
  uint64_t timeline_told; /* the last event at which a new timeline was noted; 0: none */
  uint64_t full_told;     /* of store.evicted, what has been noted */
  int64_t full_again;     /* no `note full` before this time */
  alert line;             /* the one that is being written */
  key_room room;
} watch;

/* Makes a watch without rules. Returns 1, or 0 with errno ENOMEM. */
extern int watch_open(watch *w, pool *mem, hash_key const *key, int keep, moment machine, watch_sink *sink,
                      void *to);
extern void watch_close(watch *w);

/* From now on these are the rules, known has one element for each (with its set), and is the watch's to free.
 * rules must outlive the watch or the next call. For reload.h. */
extern void watch_rules(watch *w, script const *rules, watched_rule *known);

/* The number of the rule whose counters are in that set. */
extern size_t watch_rule_of(watch const *w, unsigned int set);

/* The first bytes of a line, in which a line rule has found its words before. */
typedef struct {
  span text;
  uint32_t generation; /* of the rules then */
} watch_begun;

/* For watch_find. */
extern int watch_find_words(watch *w, span text, watch_begun const *begun);

/* Looks in the text of a line for the words of all line rules but those that matched its first bytes and have
 * counted it for that (begun; 0: none has). Returns whether any matches. Inline, since most hosts have no
 * line rule and each event asks. */
static inline int watch_find(watch *w, span text, watch_begun const *begun)
{
  return w->has_lines && watch_find_words(w, text, begun);
}

/* An event with that stamp has happened: ends what is over by then, and goes to its time. */
extern void watch_event(watch *w, stamp const *s);

/* Counts it, o (with counts 0: nothing that rules on mail count), and the words that watch_find found. */
extern void watch_count(watch *w, join const *senders, occurrence const *o);

/* Begins a note in w->line with the present time; its numbers and watch_say are to follow. */
extern void watch_note(watch *w, char const *word);

/* Writes w->line to the sink. */
extern void watch_say(watch *w);

/* Tells of all open episodes in `still` lines. */
extern void watch_say_still(watch *w);

/* Ends the episode of which episode_each tells, for the reason reload=why. */
extern void watch_say_reload(watch *w, episode_info const *e, char const *why);

/* Ends the episodes of a live log that are over by now (as of the last timeline_machine). */
extern void watch_tick(watch *w);

/* The same, and the time of a live log goes to now. */
extern void watch_now(watch *w);

/* Is there a time at which watch_tick will have something to do? If so *mono is that time on the monotonic
 * clock. */
extern int watch_deadline(watch const *w, int64_t *mono);

/* When the first episode may end is to be looked up anew: episodes have been dropped. */
extern void watch_schedule(watch *w);

#endif
