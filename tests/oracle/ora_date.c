/* ora_date.c - calendar dates in stamps, and the instants they mean. */
#include <string.h>
#include <time.h>

#include "ora.h"

int ora_in_range(ora_wide when)
{
  struct tm first = {.tm_year = 1679 - 1900, .tm_mday = 1};
  struct tm past = {.tm_year = 2261 - 1900, .tm_mday = 1};

  return when >= (ora_wide)timegm(&first) * ORA_SECOND && when < (ora_wide)timegm(&past) * ORA_SECOND;
}

static unsigned days_in(unsigned year, unsigned month)
{
  static unsigned const days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

  return month == 2 && leap ? 29 : days[month - 1];
}

/* HH:MM:SS, where a leap second may be shown as 60. */
int ora_clock_eat(ora_str *s, ora_date *d)
{
  ora_str r = *s;

  if (!ora_eat_digits(&r, 2, &d->hour) || !ora_eat(&r, ":") || !ora_eat_digits(&r, 2, &d->minute) ||
      !ora_eat(&r, ":") || !ora_eat_digits(&r, 2, &d->second))
    return 0;
  if (d->hour > 23 || d->minute > 59 || d->second > 60)
    return 0;
  *s = r;
  return 1;
}

int ora_fraction_eat(ora_str *s, unsigned *nano)
{
  ora_str r = *s;
  unsigned digits = 0, digit = 0;

  *nano = 0;
  if (!ora_eat(&r, ".") && !ora_eat(&r, ","))
    return 1;
  while (ora_eat_digits(&r, 1, &digit)) {
    if (++digits > 9)
      return 0;
    *nano = 10 * *nano + digit;
  }
  if (!digits)
    return 0;
  for (; digits < 9; digits++)
    *nano *= 10;
  *s = r;
  return 1;
}

/* A day that the calendar has. */
int ora_day_exists(ora_date const *d)
{
  return d->year >= 1 && d->month >= 1 && d->month <= 12 && d->day >= 1 &&
         d->day <= days_in(d->year, d->month);
}

static struct tm fields(ora_date const *d)
{
  struct tm tm;

  memset(&tm, 0, sizeof tm);
  tm.tm_year = (int)d->year - 1900;
  tm.tm_mon = (int)d->month - 1;
  tm.tm_mday = (int)d->day;
  tm.tm_hour = (int)d->hour;
  tm.tm_min = (int)d->minute;
  tm.tm_sec = (int)d->second;
  return tm;
}

ora_wide ora_date_utc(ora_date const *d)
{
  struct tm tm = fields(d);

  return (ora_wide)timegm(&tm) * ORA_SECOND + d->nano;
}

static time_t offset_at(time_t when)
{
  struct tm tm;

  return localtime_r(&when, &tm) ? tm.tm_gmtoff : 0;
}

/* An hour that autumn repeats means its first passage, or the second if that would be more than five minutes
 * before the newest stamp; one that spring skips means the clock as it was before: mktime(3) would let the
 * answer depend on the call before. */
ora_wide ora_date_local(ora_date const *d, ora_now const *now)
{
  struct tm tm = fields(d);
  time_t as_utc = timegm(&tm);
  time_t first = as_utc - offset_at(as_utc - 86400), second = as_utc - offset_at(as_utc + 86400);
  int is_first = first + offset_at(first) == as_utc, is_second = second + offset_at(second) == as_utc;
  ora_wide when = (ora_wide)first * ORA_SECOND + d->nano;

  if ((!is_first && is_second) ||
      (is_first && is_second && first < second && now->stamped && now->newest - when > ORA_MINUTES5))
    when = (ora_wide)second * ORA_SECOND + d->nano;
  return when;
}

/* The latest year in which the day exists and is not more than a day ahead. */
int ora_date_yearless(ora_date *d, ora_now const *now, ora_wide *when)
{
  time_t wall = (time_t)(now->wall / ORA_SECOND);
  struct tm tm;

  if (!localtime_r(&wall, &tm))
    return 0;
  d->year = (unsigned)tm.tm_year + 1902;
  for (unsigned tries = 0; tries < 12; tries++) {
    d->year--;
    if (d->day > days_in(d->year, d->month))
      continue;
    *when = ora_date_local(d, now);
    if (*when - now->wall <= ORA_DAY)
      return 1;
  }
  return 0;
}
