/* date.h - a date with the time of day, as loggers and people write it: one grammar for all of them.
 *
 *   [Mon ]DAY SEPARATOR HH:MM:SS[.FRACTION][ZONE], all of it perhaps in brackets, perhaps a ':' after it
 *
 *   DAY        2026-11-23, 2026/11/23, 23-Nov-2026, 23/Nov/2026, Nov 23 2026, and Nov 23 with no year
 *   SEPARATOR  a blank, 'T' or '_'; ':' after 23/Nov/2026
 *   ZONE       with or without a blank before it: Z, UTC, GMT, +HH, +HHMM, +HH:MM; an abbreviation that the
 *              local zone uses, or within brackets an Area/City name, which both mean the local time
 *
 * Without a zone a date is in UTC after 'T' and '_', else in the local time of the process (its TZ, which
 * must not change while it runs). Gregorian calendar for all years, 1 to 9999. Nothing here reads the
 * machine's clock. */
#ifndef LOG_DATE_H
#define LOG_DATE_H

#include "base/span.h"
#include <stdint.h>

typedef struct {
  int64_t seconds; /* since the Unix epoch */
  uint32_t nano;   /* below 10^9 */
} instant;

#define DATE_NEVER (INT64_MAX / 2) /* seconds of an instant that is in no year */

typedef struct {
  instant at;
  int is_absolute; /* means the same in every zone */
  int has_year, has_zone;
  int is_named; /* its month is a name, before the day */
  int is_iso;   /* 2026-11-23 */
  char separator;
} date;

typedef struct {
  int year, month, day, hour, minute; /* month and day from 1; year 0: not known */
} date_fields;

/* What dates are read with; all zero but for the first two at the start. */
typedef struct {
  int64_t machine; /* the machine's clock, ns: a date without a year is not more than a day ahead of it */
  int64_t newest;  /* the newest stamp so far, ns; INT64_MIN without one */

  /* The minute that was read last: the next line is mostly of the same one, and to ask for the zone's rules
   * takes long. Zones change their offset between minutes, never inside one. */
  char text[32]; /* from the first byte of DAY to the last one of HH:MM */
  size_t len;    /* of text; 0: nothing is known */
  date_fields fields;
  int is_named, is_iso;
  char separator;
  int64_t shown;         /* the minute as if it were UTC; defined if there is a year */
  int has_local;         /* what follows is defined */
  int64_t first, second; /* when local clocks show it; the same twice if they show it once */
  int64_t next;          /* without a year: first, in the next year that has such a day */
  int has_names;
  char name[2][16]; /* abbreviations of the local zone in that year */
} date_reader;

/* Takes a date off the start of *in. A local time that comes twice is the first of the two, or the second if
 * the first would be more than 5 minutes before the newest stamp; one that the clock skips is read as if the
 * clock had not been put forward yet. A date with no year, no brackets and no weekday is in the latest year
 * that has such a day and is not more than a day ahead of the machine's clock; it takes neither a zone nor a
 * ':'. Returns 1, or 0 with *in unchanged and *d undefined. */
extern int date_take(date *d, span *in, date_reader *r);

/* Reads a '.' or ',' and 1 to 9 digits into *nano. Returns how many bytes that is; 0 with *nano 0 if there is
 * no fraction. */
extern size_t date_fraction(uint32_t *nano, span in);

static inline int date_digit(char c)
{
  return c >= '0' && c <= '9' ? c - '0' : -1;
}

#endif
