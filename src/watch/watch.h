/* watch.h - counts what happened under every rule that it concerns, and says so when a key goes over. */

/* logclock.h - the passing of time in a log: when each line happened, and which episodes are over by then. */
#ifndef WATCH_WATCH_H
#define WATCH_WATCH_H

#include "count/count.h"
#include "count/episode_end.h"
#include "count/counters.h"
#include "mail/join.h"
#include "watch/alert.h"
#include "watch/key.h"
#include "watch/clock.h"

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

typedef struct {
  timeline clock;
  watch *watch;
  int64_t look;    /* when the first episode may end, INT64_MAX without one */
  uint64_t lines;  /* so far, the caller's */
  uint64_t events; /* those of them that moved the clock */
  uint64_t late;   /* events with a stamp older than the newest */
  uint64_t noted;  /* the last event at which a new timeline was noted */
} logclock;

/* Starts at the moment machine, for the episodes of watch, which must not move. */
extern void logclock_start(logclock *p, watch *y, moment machine);

/* An episode has begun, or rules have come or gone. */
extern void logclock_look(logclock *p);

/* Takes in an event with that stamp: ends what is over by then, goes to the event's time, or begins a new
 * timeline. Returns which of them it was. */
extern timeline_verdict logclock_event(logclock *p, stamp const *s);

/* Tells of all open episodes in `still` lines. */
extern void logclock_say_still(logclock *p);

/* Goes to the present time: ends what is over by then, if the log is live. */
extern void logclock_now(logclock *p);

/* Ends an episode at the present time, with its count as it is, since the rules change: for whoever calls
 * standing_each. why: the value of reload=. */
extern void logclock_end(logclock *p, ending const *e, char const *why);

/* Ends the episodes of a live log that are over by now (as of the last timeline_machine). */
extern void logclock_tick(logclock *p);

/* Is there a time at which logclock_tick will have something to do? If so *mono is that time on the monotonic
 * clock. */
extern int logclock_deadline(logclock const *p, int64_t *mono);

#endif
