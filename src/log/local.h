/* local.h - moments written in the local time of the process (its TZ), turned into instants.
 *
 * The zone is asked for the first line of each minute only: the last minute is remembered by its text. Zones
 * change their offset between minutes, never inside one, so this is exact on the days of a change too. TZ
 * must not change while the process runs. */
#ifndef LOG_LOCAL_H
#define LOG_LOCAL_H

#include "base/span.h"
#include <stdint.h>

/* What tells apart the instants that one text may mean. Nanoseconds since the Unix epoch. */
typedef struct {
  int64_t machine; /* the machine's clock: a date without a year is not more than a day ahead of it */
  int64_t newest;  /* the newest stamp so far, INT64_MIN without one */
} local_hints;

#define LOCAL_NEVER (INT64_MAX / 2) /* seconds of an instant that is in no year */

/* An instant; nano is below 10^9. */
typedef struct {
  int64_t seconds; /* since the Unix epoch */
  uint32_t nano;
} local_time;

/* Reads YYYY-MM-DD, a blank, HH:MM:SS and perhaps a fraction.
 * A moment that the local clock shows twice is the first of the two, or the second if the first would be more
 * than 5 minutes before the newest stamp; one that it skips is read as if the clock had not been put forward
 * yet. Returns the bytes read, or 0 if there is no such moment in the calendar. */
extern size_t local_scan(local_time *t, span in, local_hints const *hints);

/* Reads "Nov 23 12:44:00" (a day below 10 with a blank, a zero or nothing before it) and perhaps a fraction:
 * in the latest year in which that day exists and it is not more than a day ahead of the machine's clock.
 * Returns the bytes read, or 0 if there is no such moment in the calendar. A clock that shows no year
 * after Christ makes it LOCAL_NEVER. */
extern size_t local_named(local_time *t, span in, local_hints const *hints);

#endif
