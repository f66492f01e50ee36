/* tap.h - all that ratetap knows of a log: takes its lines one by one, and gives alert lines.
 *
 * The way of a line: stamp, event, time, occurrence, counters, alerts. Nothing here reads a clock or touches
 * a descriptor; the same lines give the same alerts. */
#ifndef WATCH_TAP_H
#define WATCH_TAP_H

#include "log/splogger.h"
#include "watch/watch.h"

/* What is wrong with the log; main warns of it. */
typedef enum {
  TAP_ODD, /* the first line that looks like an event after a prefix that is not known, before any event */
  TAP_NO_TIME, /* the first event that counted before any stamp was known */
  TAP_UNKNOWN  /* TAP_UNKNOWN_ROW deliveries in a row were of unknown messages; not twice in an hour */
} tap_news;

#define TAP_UNKNOWN_ROW 100

/* Called when the line comes. */
typedef void tap_tell(void *to, tap_news what, span line);

typedef struct {
  pool mem;
  hash_key key;
  watch watch;
  join senders;
  parts parts;
  date_reader dates;
  folding how;
  int program;
  uint64_t lines;
  int understood; /* there was an event */
  uint64_t odd;   /* lines that are none and should perhaps be */
  int odd_told, no_time_told;
  unsigned int unknown_row; /* deliveries of unknown messages since the last of a known one */
  int64_t unknown_told;     /* when that was last told, on the monotonic clock; INT64_MIN: never */
  tap_tell *tell;           /* may be 0 */
  void *tell_to;
} tap;

/* What the user asked for. */
typedef struct {
  script const *rules; /* must outlive the tap or the next tap_rules */
  folding how;
  size_t memory; /* bytes for counters and messages, at least TAP_MEMORY */
  int keep;      /* idle keys stay, for the report */
  int changes;   /* other rules may come */
  int program;   /* a program stores the log, so what follows a stored log is live */
} tap_plan;

#define TAP_MEMORY (8 * POOL_CHUNK)

/* Makes a tap that starts at the moment machine. Returns 1, or 0 with errno ENOMEM. A tap must not move. */
extern int tap_open(tap *t, tap_plan const *plan, moment machine, watch_sink *sink, void *to);
extern void tap_close(tap *t);

/* From now on news are told. */
extern void tap_tell_to(tap *t, tap_tell *tell, void *to);

/* From now on (as of the last tap_machine) rules are the rules; those that were there before keep their
 * counters. Returns 1, or 0 with errno ENOMEM and nothing changed. */
extern int tap_rules(tap *t, script const *rules);

/* Tells what the machine's clocks show; to be called before lines that were read at that moment. */
extern void tap_machine(tap *t, moment machine);

/* Reads the prefix of a line as that of the next line. */
extern void tap_stamp(tap *t, stamp *s, span line);

/* Takes a line, or its first LINES_KEPT bytes, without its newline. A lines_take. */
extern void tap_line(void *t, span line);

/* Writes a note: its word, and one number with its name (0: none). */
extern void tap_note(tap *t, char const *word, char const *name, uint64_t number);

/* Between tap_restore(t, 1) and tap_restore(t, 0) lines come from a stored log: they give no alerts. At the
 * end a note says what was restored, and what has ended since is over without a word. */
extern void tap_restore(tap *t, int begin);

/* Writes `note start` with the number of rules and of open episodes, and a `still` line for each of these. */
extern void tap_start(tap *t);

/* How many bytes `note lost` takes for so many alerts, together with a `still` line for each open episode. */
extern size_t tap_lost_length(tap *t, uint64_t alerts);

/* Writes them; without stills only the note, and no over= in it. */
extern void tap_lost(tap *t, uint64_t alerts, int stills);

/* Ends the episodes of a live log that are over by now (as of the last tap_machine). */
extern void tap_tick(tap *t);

/* Is there a time at which tap_tick will have something to do? If so *mono is that time on the monotonic
 * clock. */
extern int tap_deadline(tap const *t, int64_t *mono);

#endif
