/* civil.h - dates and times of day as people write them, in no particular time zone.
 *
 * Gregorian calendar for all years, 1 to 9999. Seconds are counted since 1970-01-01 00:00:00 of the same
 * unnamed zone. */
#ifndef LOG_CIVIL_H
#define LOG_CIVIL_H

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

#endif
