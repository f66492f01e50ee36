/* clock.h - what time it is in the log.
 *
 * A log without stamps is live: its time is the monotonic clock, set to the machine's clock at the start
 * only, so that setting the machine's clock neither fires nor hides an alert. After the first stamp its time
 * is the newest stamp, and if that is about the machine's time (a live stream) what has passed since it was
 * read. It never goes back by less than TIMELINE_LATE_MOST; by more, a new timeline begins. Only events move
 * it: what the stamps of other lines say does not come here. All times are nanoseconds since the Unix epoch.
 * Nothing here reads a clock: the caller says what the machine's clocks show. */
#ifndef WATCH_CLOCK_H
#define WATCH_CLOCK_H

#include "base/span.h"
#include "log/prefix.h"

#define TIMELINE_LATE_MOST (300 * SECOND)   /* an older stamp than that begins a new timeline */
#define TIMELINE_LIVE_MOST (300 * SECOND)   /* a newest stamp so near to the machine's clock is a live one */
#define TIMELINE_FUTURE (86400 * SECOND)    /* a stamp further ahead than that is no time */
#define TIMELINE_FUTURE_LIVE (300 * SECOND) /* ... in a live stream */
#define TIMELINE_JITTER                                                                                      \
  (SECOND / 100) /* two clocks cannot be read at one instant, and one is disciplined                         \
                  */

typedef struct {
  int64_t now;    /* of the newest event; never goes back on one timeline */
  int64_t newest; /* stamp of this timeline; defined if is_stamped */
  int is_stamped; /* a stamp has been seen */
  int is_resumed; /* the stamps so far were those of a stored log, and a program stores what comes now: the
                     live clock counts until the first stamp */
  int is_current; /* is_stamped, and the newest stamp was within TIMELINE_LIVE_MOST of the machine's clock */
  int64_t newest_read; /* the monotonic clock when the newest stamp was read */
  moment machine;      /* the machine's clocks at present */
  int64_t live_offset; /* the live clock less the monotonic clock */
  int64_t wall_offset; /* the machine's clock less it; the same as long as the machine's clock is not set */
} timeline;

/* What the stamp of an event means. */
typedef enum {
  TIMELINE_UNSTAMPED, /* the log has none so far, and it neither: it counts at *when, on the live clock */
  TIMELINE_NO_TIME,   /* it has no time of its own: it counts at *when, the present time */
  TIMELINE_NEWEST,    /* it counts at its stamp, or at the present time if that is later */
  TIMELINE_LATE,      /* its stamp is a little older than the newest: it counts at the present time */
  TIMELINE_FIRST,     /* the first stamp of the log: what counted on the live clock is of another time */
  TIMELINE_BACK       /* a new timeline begins at *when */
} timeline_verdict;

/* Starts without a stamp. */
extern void timeline_start(timeline *t, moment machine);

/* Tells what the machine's clocks show. */
extern void timeline_machine(timeline *t, moment machine);

/* Judges the stamp of an event. Changes nothing. */
extern timeline_verdict timeline_judge(timeline const *t, stamp const *s, int64_t *when);

/* Goes to when for an event with stamp s that was judged so. */
extern void timeline_go(timeline *t, stamp const *s, int64_t when, timeline_verdict verdict);

/* The lines so far were those of a stored log. With program, what comes now is live: the clock goes on from
 * the later of the machine's and the newest stamp, until the first stamp. Without, it stays at the newest
 * stamp, and if that is of a live stream, the machine's clock says what has passed since. */
extern void timeline_resume(timeline *t, int program);

/* Goes on to when, not before the present time, since the clock of a live log has reached it. A stored log
 * that was resumed goes on by itself, and so that the first stamp can set it. */
extern void timeline_tick(timeline *t, int64_t when);

/* Is the log live, so that a timer is to end episodes? If so *now is its time at present. */
extern int timeline_live(timeline const *t, int64_t *now);

/* What time it is: that of the newest event, or of a log without stamps the live clock. */
extern int64_t timeline_present(timeline const *t);

/* What the label of the instant when is to say: for a log without stamps the machine's clock as it is now. */
extern int64_t timeline_label(timeline const *t, int64_t when);

/* The same for the present. */
extern int64_t timeline_label_now(timeline const *t);

#endif
