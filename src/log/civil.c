#include "log/civil.h"

#include "base/eight.h"

#define MINUTE 16 /* bytes of YYYY-MM-DD HH:MM */

static int leap(int year)
{
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int civil_exists(int year, int month, int day)
{
  static signed char const days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1)
    return 0;
  return day <= days[month - 1] + (month == 2 && leap(year));
}

int64_t civil_seconds(civil const *c)
{
  static short const before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  int past = c->year - 1;
  int64_t days =
      365 * past + past / 4 - past / 100 + past / 400 - 719162; /* 719162: from 0001-01-01 to 1970-01-01 */
  days += before[c->month - 1] + (c->month > 2 && leap(c->year)) + c->day - 1;
  return days * 86400 + c->hour * 3600 + c->minute * 60 + c->second;
}

int civil_pair(char const *s)
{
  unsigned tens = (unsigned char)s[0] - (unsigned)'0', ones = (unsigned char)s[1] - (unsigned)'0';
  return tens > 9 || ones > 9 ? -1 : (int)(tens * 10 + ones);
}

int civil_month(char const *s)
{
  static char const names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (int i = 0; i < 12; i++)
    if (!memcmp(s, names + i * 3, 3))
      return i + 1;
  return 0;
}

size_t civil_clock(civil *c, span in)
{
  if (in.len < 8 || in.s[2] != ':' || in.s[5] != ':')
    return 0;
  c->hour = civil_pair(in.s);
  c->minute = civil_pair(in.s + 3);
  c->second = civil_pair(in.s + 6);
  if (c->hour < 0 || c->hour > 23 || c->minute < 0 || c->minute > 59 || c->second < 0 || c->second > 60)
    return 0;
  return 8;
}

size_t civil_scan(civil *c, span in)
{
  int century, year;
  if (in.len < 19 || in.s[4] != '-' || in.s[7] != '-')
    return 0;
  century = civil_pair(in.s);
  year = civil_pair(in.s + 2);
  if (century < 0 || year < 0 || century + year == 0)
    return 0;
  c->year = century * 100 + year;
  c->month = civil_pair(in.s + 5);
  c->day = civil_pair(in.s + 8);
  if (!civil_exists(c->year, c->month, c->day) || !civil_clock(c, (span){in.s + 11, in.len - 11}))
    return 0;
  return 19;
}

size_t civil_instant(int64_t *seconds, span in)
{
  static char known[MINUTE]; /* of the last minute, for lines come in their order */
  static int64_t minute;
  int second;
  civil c;
  if (in.len < 19 || in.s[MINUTE] != ':')
    return 0;
  second = civil_pair(in.s + MINUTE + 1);
  if (second < 0 || second > 60)
    return 0;
  if (!known[0] || memcmp(in.s, known, MINUTE)) {
    if (!civil_scan(&c, in))
      return 0;
    c.second = 0;
    minute = civil_seconds(&c);
    memcpy(known, in.s, MINUTE);
  }
  *seconds = minute + second;
  return 19;
}

size_t civil_fraction(uint32_t *nano, span in)
{
  uint64_t x, others;
  unsigned digits = 8;
  *nano = 0;
  if (in.len < 2 || (in.s[0] != '.' && in.s[0] != ','))
    return 0;
  x = eight_first(in.s + 1, in.len - 1);
  others = eight_outside(x, '0', '9');
  x &= EIGHT(15u);
  if (others) {
    digits = eight_before(others);
    x &= (UINT64_C(1) << 8 * digits) - 1;
  }
  *nano = eight_decimal(x) * 10;
  if (digits == 8 && in.len > 9 && civil_digit(in.s[9]) >= 0) {
    *nano += (uint32_t)civil_digit(in.s[9]);
    digits = 9;
  }
  return digits ? digits + 1 : 0;
}
