/* ora_time.c - the pieces of a prefix that are a time and no more: labels, numbers, and dates of every form.
 *
 * A time of the right form but without an instant that can be used (outside of the years 1679 to 2260) is a
 * piece all the same; it has no time. */
#include <string.h>
#include <time.h>

#include "ora.h"

static int take(ora_piece *p, ora_piece_kind kind, ora_wide when, ora_str *s, ora_str rest)
{
  p->kind = kind;
  p->timed = ora_in_range(when);
  p->absolute = 1;
  p->when = when;
  *s = rest;
  return 1;
}

static int hex(ora_str *s, unsigned digits, uint64_t *n)
{
  *n = 0;
  if (s->n < digits)
    return 0;
  for (unsigned i = 0; i < digits; i++) {
    char c = s->p[i];
    if (c >= '0' && c <= '9')
      *n = 16 * *n + (uint64_t)(c - '0');
    else if (c >= 'a' && c <= 'f')
      *n = 16 * *n + (uint64_t)(c - 'a' + 10);
    else
      return 0;
  }
  s->p += digits;
  s->n -= digits;
  return 1;
}

static int label(ora_str *s, ora_piece *p)
{
  uint64_t second, nano;
  ora_str r = *s;

  if (!ora_eat(&r, "@") || !hex(&r, 16, &second) || !hex(&r, 8, &nano) || nano >= 1000000000)
    return 0;
  take(p, ORA_TIME, ((ora_wide)second - ((ora_wide)1 << 62) - 10) * ORA_SECOND + (ora_wide)nano, s, r);
  if (second >> 63)
    p->timed = 0;
  return 1;
}

/* Eats the one of the names that s begins with, and returns its number, counted from 1, or 0. */
static unsigned one_of(ora_str *s, char const *const *names, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    if (ora_eat(s, names[i]))
      return i + 1;
  return 0;
}

static unsigned month(ora_str *s)
{
  static char const *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

  return one_of(s, names, 12);
}

/* "Nov 23": a day below 10 has a blank, a zero or nothing before it. */
int ora_month_and_day(ora_str *s, ora_date *d)
{
  ora_str r = *s;

  d->month = month(&r);
  if (!d->month || !ora_eat(&r, " "))
    return 0;
  if (ora_eat(&r, " ") ? !ora_eat_digits(&r, 1, &d->day)
                       : !ora_eat_digits(&r, 2, &d->day) && !ora_eat_digits(&r, 1, &d->day))
    return 0;
  *s = r;
  return 1;
}

static int numbers(ora_str *s, char const *sep, ora_date *d)
{
  return ora_eat_digits(s, 4, &d->year) && ora_eat(s, sep) && ora_eat_digits(s, 2, &d->month) &&
         ora_eat(s, sep) && ora_eat_digits(s, 2, &d->day);
}

static int named(ora_str *s, char const *sep, ora_date *d)
{
  return ora_eat_digits(s, 2, &d->day) && ora_eat(s, sep) && (d->month = month(s)) != 0 && ora_eat(s, sep) &&
         ora_eat_digits(s, 4, &d->year);
}

static int month_first(ora_str *s, ora_date *d)
{
  return ora_month_and_day(s, d) && ora_eat(s, " ") && ora_eat_digits(s, 4, &d->year);
}

/* 2026-11-23, 2026/11/23, 23-Nov-2026, 23/Nov/2026 or Nov 23 2026 */
static ora_day_form day(ora_str *s, ora_date *d)
{
  ora_str from = *s;

  if (numbers(s, "-", d))
    return ORA_ISO_DAY;
  *s = from;
  if (numbers(s, "/", d))
    return ORA_OTHER_DAY;
  *s = from;
  if (named(s, "-", d))
    return ORA_OTHER_DAY;
  *s = from;
  if (named(s, "/", d))
    return ORA_SLASH_DAY;
  *s = from;
  return month_first(s, d) ? ORA_MONTH_DAY : ORA_NO_DAY;
}

/* +HH, +HHMM or +HH:MM, likewise with '-'. */
static int offset(ora_str *s, int *seconds)
{
  ora_str r = *s, longer;
  unsigned hours, minutes = 0;
  int sign = ora_eat(&r, "+") ? 1 : ora_eat(&r, "-") ? -1 : 0;

  if (!sign || !ora_eat_digits(&r, 2, &hours))
    return 0;
  longer = r;
  ora_eat(&longer, ":");
  if (ora_eat_digits(&longer, 2, &minutes))
    r = longer;
  if (hours > 14 || minutes > 59)
    return 0;
  *seconds = sign * (int)(3600 * hours + 60 * minutes);
  *s = r;
  return 1;
}

/* Area/City, as PHP writes it. */
static int city(ora_str *s)
{
  size_t n = 0;
  int slash = 0;

  for (; n < s->n; n++) {
    char c = s->p[n];
    int letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (c == '/' && n && s->p[n - 1] != '/')
      slash = 1;
    else if (!letter && (!n || !memchr("0123456789_+-", c, 13)))
      break;
  }
  if (!slash || s->p[n - 1] == '/')
    return 0;
  s->p += n;
  s->n -= n;
  return 1;
}

/* The end of the line is as good as a blank. */
static int ends_zone(ora_str s)
{
  return !s.n || *s.p == ' ' || *s.p == ']' || *s.p == ':';
}

/* An abbreviation that the local zone uses in that year, in winter or in summer. */
static int abbreviation(ora_str *s, unsigned year)
{
  for (unsigned month = 1; month <= 7; month += 6) {
    time_t t = (time_t)(ora_date_utc(&(ora_date){.year = year, .month = month, .day = 1}) / ORA_SECOND);
    ora_str r = *s;
    struct tm tm;
    tzset();
    if (!localtime_r(&t, &tm) || !*tm.tm_zone || !ora_eat(&r, tm.tm_zone) || !ends_zone(r))
      continue;
    *s = r;
    return 1;
  }
  return 0;
}

static int zone(ora_str *s, int brackets, ora_dated *d)
{
  static char const *const utc[] = {"Z", "UTC", "GMT"};
  ora_str r = *s, from;

  ora_eat(&r, " ");
  from = r;
  d->zone = ORA_OFFSET;
  d->east = 0;
  if ((offset(&r, &d->east) || one_of(&r, utc, 3)) && ends_zone(r)) {
    *s = r;
    return 1;
  }
  d->zone = ORA_LOCAL_NAME;
  r = from;
  if (abbreviation(&r, d->date.year) || (brackets && city(&r) && ends_zone(r))) {
    *s = r;
    return 1;
  }
  d->zone = ORA_NO_ZONE;
  d->east = 0;
  return 0;
}

/* A DATE with its year, perhaps in brackets, and perhaps with a ':' after it. */
int ora_dated_eat(ora_str *s, ora_dated *d)
{
  static char const *const weekdays[] = {"Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun "};
  ora_str r = *s;
  int brackets = ora_eat(&r, "[");

  memset(d, 0, sizeof *d);
  one_of(&r, weekdays, 7);
  d->form = day(&r, &d->date);
  if (d->form == ORA_NO_DAY || !ora_day_exists(&d->date) || !r.n ||
      !memchr(" T_:", *r.p, d->form == ORA_SLASH_DAY ? 4 : 3))
    return 0;
  d->between = *r.p++;
  r.n--;
  if (!ora_clock_eat(&r, &d->date) || !ora_fraction_eat(&r, &d->date.nano))
    return 0;
  zone(&r, brackets, d);
  if (brackets && !ora_eat(&r, "]"))
    return 0;
  ora_eat(&r, ":");
  *s = r;
  return 1;
}

/* Says what the date means: certain with an offset, and with 'T' or '_' whatever its zone. */
void ora_dated_mean(ora_dated const *d, ora_now const *now, ora_piece *p)
{
  int letter = d->between == 'T' || d->between == '_';

  p->absolute = d->zone == ORA_OFFSET || letter;
  if (d->zone == ORA_LOCAL_NAME || (d->zone == ORA_NO_ZONE && !letter))
    p->when = ora_date_local(&d->date, now);
  else
    p->when = ora_date_utc(&d->date) - d->east * ORA_SECOND;
  p->timed = ora_in_range(p->when);
}

static int date(ora_str *s, ora_now const *now, ora_piece *p)
{
  ora_dated d;

  if (!ora_dated_eat(s, &d))
    return 0;
  p->kind = ORA_TIME;
  ora_dated_mean(&d, now, p);
  return 1;
}

/* Seconds of 2^64 and more are no number. */
static int number(ora_str *s, ora_piece *p)
{
  uint64_t second;
  unsigned nano;
  ora_str r = *s;
  size_t before;

  if (!ora_eat_number(&r, &second) || !r.n || *r.p != '.')
    return 0;
  before = r.n;
  if (!ora_fraction_eat(&r, &nano) || (before - r.n != 7 && before - r.n != 10))
    return 0;
  return take(p, ORA_NUMBER, (ora_wide)second * ORA_SECOND + nano, s, r);
}

int ora_time_read(ora_str *s, ora_now const *now, ora_piece *p)
{
  return label(s, p) || date(s, now, p) || number(s, p);
}
