/* civil.h - dates and times of day as people write them, in no particular time zone.
 *
 * Gregorian calendar for all years, 1 to 9999. Seconds are counted since 1970-01-01 00:00:00 of the same
 * unnamed zone. */

/* local.h - moments written in the local time of the process (its TZ), turned into instants.
 *
 * The zone is asked for the first line of each minute only: the last minute is remembered by its text. Zones
 * change their offset between minutes, never inside one, so this is exact on the days of a change too. TZ
 * must not change while the process runs. */

/* iso.h - dates as ISO 8601 has them, and svlogd(8): 2026-11-23T12:44:00.12345+01:00,
 * 2026-11-23_12:44:00.12345.
 */
#ifndef LOG_DATE_H
#define LOG_DATE_H

#include "base/span.h"
#include <stdint.h>

typedef struct {
  int year, month, day;     /* from 1 */
  int hour, minute, second; /* second may be 60, a leap second */
} civil;

/* Seconds since the epoch; a leap second is the same as the one after it. */
extern int64_t civil_seconds(civil const *c);

/* Reads two digits. Returns their value, -1 if they are none. */
extern int civil_pair(char const *s);

/* Reads a digit. Returns its value, -1 if it is none. */
__attribute__((always_inline)) static inline int civil_digit(char c)
{
  return c >= '0' && c <= '9' ? c - '0' : -1;
}

/* Reads three letters, as Nov. Returns the month, from 1; 0 if they are none. */
extern int civil_month(char const *s);

/* Reads HH:MM:SS, 8 bytes. Returns 8, or 0 if it is none. */
extern size_t civil_clock(civil *c, span in);

/* Reads YYYY-MM-DD, any one byte, HH:MM:SS. Returns 19, or 0 if there is no such moment in the calendar. */
extern size_t civil_scan(civil *c, span in);

/* The same, as civil_seconds has it; cheap while the minute stays the same. */
extern size_t civil_instant(int64_t *seconds, span in);

/* Does the month have that day? Year 0 stands for a year that is not known: February then has 29. */
extern int civil_exists(int year, int month, int day);

/* Reads a '.' or ',' and 1 to 9 digits into *nano. Returns how many bytes that is; 0 with *nano 0 if there is
 * no fraction. */
extern size_t civil_fraction(uint32_t *nano, span in);

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

/* Takes a date off the start of *in: with T or _ before the time of day, perhaps a fraction, and behind T
 * perhaps a zone, which *zoned says; without one it is UTC. Returns 1, or 0 with *t, *in and *zoned
 * undefined. */
extern int iso_take(local_time *t, span *in, int *zoned);

#endif
