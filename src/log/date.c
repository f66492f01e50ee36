#include "log/date.h"
#include "base/scan.h"
#include <stdio.h>
#include <time.h>

#define DAY_S INT64_C(86400)
#define LATE_S 300 /* a line may be so much older than the newest stamp */

static int is_leap(int year)
{
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Year 0: it is not known, and February has 29 days. */
static int exists(int year, int month, int day)
{
  static signed char const days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (month == 2 && is_leap(year));
}

static int64_t as_utc(date_fields const *f)
{
  static short const before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  int past = f->year - 1;
  int64_t days =
      365 * past + past / 4 - past / 100 + past / 400 - 719162; /* 719162: from 0001-01-01 to 1970-01-01 */
  days += before[f->month - 1] + (f->month > 2 && is_leap(f->year)) + f->day - 1;
  return days * DAY_S + f->hour * 3600 + f->minute * 60;
}

/* Takes exactly count digits. Returns their value, -1 if they are none. */
static int take_digits(span *in, int count)
{
  int value = 0;
  if (in->len < (size_t)count)
    return -1;
  for (int i = 0; i < count; i++) {
    int digit = date_digit(in->s[i]);
    if (digit < 0)
      return -1;
    value = value * 10 + digit;
  }
  scan_skip(in, (size_t)count);
  return value;
}

/* Takes one of the names, three letters each. Returns its number, from 1; 0 if it is none of them. */
static int take_name(span *in, char const *names)
{
  for (int i = 0; in->len >= 3 && names[3 * i]; i++)
    if (!memcmp(in->s, names + 3 * i, 3)) {
      scan_skip(in, 3);
      return i + 1;
    }
  return 0;
}

/* A day below 10 may have a blank, or nothing, in place of its zero. */
static int take_loose_day(span *in)
{
  if (scan_lit(in, " "))
    return take_digits(in, 1);
  return in->len > 1 && date_digit(in->s[1]) >= 0 ? take_digits(in, 2) : take_digits(in, 1);
}

/* y: four digits; m, d: two; b: the name of a month; D: a loose day; all else is itself. */
static int take_day(date_fields *f, span *in, char const *form)
{
  *f = (date_fields){0};
  for (; *form; form++)
    switch (*form) {
    case 'y':
      f->year = take_digits(in, 4);
      if (f->year < 1)
        return 0;
      break;
    case 'm': f->month = take_digits(in, 2); break;
    case 'd': f->day = take_digits(in, 2); break;
    case 'D': f->day = take_loose_day(in); break;
    case 'b': f->month = take_name(in, "JanFebMarAprMayJunJulAugSepOctNovDec"); break;
    default:
      if (!in->len || *in->s != *form)
        return 0;
      scan_skip(in, 1);
    }
  return exists(f->year, f->month, f->day);
}

static int take_separator(date_reader *r, span *in, char const *form)
{
  r->separator = in->len ? *in->s : 0;
  if (!r->separator || !strchr(r->fields.year ? " T_:" : " ", r->separator))
    return 0;
  scan_skip(in, 1);
  return r->separator != ':' || !strcmp(form, "d/b/y");
}

static int take_time_of_day(date_fields *f, span *in)
{
  f->hour = take_digits(in, 2);
  if (!scan_lit(in, ":"))
    return 0;
  f->minute = take_digits(in, 2);
  return f->hour >= 0 && f->hour < 24 && f->minute >= 0 && f->minute < 60;
}

/* Takes all before the seconds. */
static int take_minute(date_reader *r, span *in)
{
  static char const *const forms[] = {"y-m-d", "y/m/d", "b D y", "b D", "d-b-y", "d/b/y"};

  if (r->len && in->len > r->len && !memcmp(in->s, r->text, r->len)) {
    scan_skip(in, r->len);
    return 1;
  }
  r->len = 0;
  r->has_local = r->has_names = 0;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    span rest = *in;
    if (!take_day(&r->fields, &rest, forms[i]) || !take_separator(r, &rest, forms[i]) ||
        !take_time_of_day(&r->fields, &rest))
      continue;
    r->is_named = *forms[i] == 'b';
    r->is_iso = i == 0;
    r->shown = r->fields.year ? as_utc(&r->fields) : 0;
    r->len = (size_t)(rest.s - in->s);
    memcpy(r->text, in->s, r->len);
    *in = rest;
    return 1;
  }
  return 0;
}

size_t date_fraction(uint32_t *nano, span in)
{
  size_t n = 1;
  uint32_t unit = SECOND;

  *nano = 0;
  if (in.len < 2 || (in.s[0] != '.' && in.s[0] != ','))
    return 0;
  for (; n < in.len && n <= 9 && date_digit(in.s[n]) >= 0; n++) {
    unit /= 10;
    *nano += unit * (uint32_t)date_digit(in.s[n]);
  }
  return n > 1 ? n : 0;
}

/* How far local clocks are ahead of UTC at that instant. */
static int64_t offset_at(int64_t when)
{
  time_t t = (time_t)when;
  struct tm tm;
  date_fields f;

  if (!localtime_r(&t, &tm))
    return 0;
  f = (date_fields){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min};
  return as_utc(&f) + tm.tm_sec - when;
}

/* What mktime(3) answers for a local time that comes twice depends on what it was asked before; here the
 * answer must be the same every time. No offset exceeds a day, so the zone changes at most once between a day
 * before and a day after. */
static void find_passages(int64_t shown, int64_t *first, int64_t *second)
{
  int64_t before = offset_at(shown - DAY_S), after = offset_at(shown + DAY_S);
  int is_first, is_second;

  *first = shown - before;
  *second = shown - after;
  is_first = offset_at(*first) == before;
  is_second = offset_at(*second) == after;
  if (is_first && is_second && *first < *second)
    return;
  if (is_second && !is_first)
    *first = *second;
  else
    *second = *first;
}

/* Is that instant, so long after the beginning of its minute, later than limit (ns)? */
static int is_later(int64_t minute, instant const *rest, int64_t limit)
{
  int64_t seconds = limit / SECOND - (limit % SECOND < 0), at = minute + rest->seconds;
  return at > seconds || (at == seconds && rest->nano > limit - seconds * SECOND);
}

/* Finds the year: leap days are up to 8 years apart. */
static void find_year(date_reader *r, instant const *rest, int64_t latest)
{
  time_t last = (time_t)(latest / SECOND);
  date_fields f = r->fields;
  int apart = f.month == 2 && f.day == 29 ? 8 : 1, this_year;
  struct tm tm;

  r->first = r->second = r->next = DATE_NEVER;
  if (!localtime_r(&last, &tm))
    return;
  this_year = tm.tm_year + 1900;
  for (f.year = this_year + apart; f.year >= this_year - apart && f.year > 0; f.year--) {
    if (!exists(f.year, f.month, f.day))
      continue;
    find_passages(as_utc(&f), &r->first, &r->second);
    if (!is_later(r->first, rest, latest))
      return;
    r->next = r->first;
  }
  r->first = r->second = DATE_NEVER;
}

/* Turns the rest of a minute into an instant of the local clock. */
static void to_local(instant *at, date_reader *r)
{
  int64_t latest = r->machine > INT64_MAX - DAY_S * SECOND ? INT64_MAX : r->machine + DAY_S * SECOND;
  int is_second;

  if (!r->has_local)
    tzset(); /* POSIX lets localtime_r leave this to the caller */
  if (r->fields.year) {
    if (!r->has_local)
      find_passages(r->shown, &r->first, &r->second);
  } else if (!r->has_local || is_later(r->first, at, latest) || !is_later(r->next, at, latest))
    find_year(r, at, latest);
  r->has_local = 1;
  if (r->first == DATE_NEVER) {
    at->seconds = DATE_NEVER;
    return;
  }
  is_second = r->first != r->second && r->newest > INT64_MIN + LATE_S * SECOND &&
              !is_later(r->first, at, r->newest - LATE_S * SECOND - 1);
  at->seconds += is_second ? r->second : r->first;
}

/* The abbreviations that the local zone uses in the year of the date, in winter and in summer. */
static void find_names(date_reader *r)
{
  date_fields f = {.year = r->fields.year, .day = 1};

  tzset();
  for (int i = 0; i < 2; i++) {
    time_t t;
    struct tm tm;
    f.month = i ? 7 : 1;
    t = (time_t)as_utc(&f);
    r->name[i][0] = 0;
    if (localtime_r(&t, &tm) && tm.tm_zone)
      snprintf(r->name[i], sizeof r->name[i], "%s", tm.tm_zone);
  }
  r->has_names = 1;
}

typedef enum { ZONE_NONE, ZONE_UTC, ZONE_LOCAL } zone_kind;

/* +HH, +HHMM or +HH:MM, at most 14:59 */
static int take_offset(int64_t *east, span *in)
{
  int sign = in->len && *in->s == '-' ? -1 : 1, hours, minutes;
  span rest;

  if (!in->len || (*in->s != '+' && *in->s != '-'))
    return 0;
  scan_skip(in, 1);
  hours = take_digits(in, 2);
  rest = *in;
  scan_lit(&rest, ":");
  minutes = take_digits(&rest, 2);
  if (minutes >= 0)
    *in = rest;
  if (hours < 0 || hours > 14 || minutes > 59)
    return 0;
  *east = sign * (hours * 3600 + (minutes > 0 ? minutes : 0) * 60);
  return 1;
}

static int is_letter(char c)
{
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The local zone by its abbreviation, or within brackets any zone by its name. */
static int take_local_name(date_reader *r, span *in, int in_brackets)
{
  size_t n = 0, letters = 0;
  int is_area = 0;
  span name;

  for (; n < in->len && in->s[n]; n++) {
    int is_slash = in->s[n] == '/' && n && in->s[n - 1] != '/';
    if (!is_slash && !is_letter(in->s[n]) && !strchr("0123456789_+-", in->s[n]))
      break;
    is_area |= is_slash;
    letters += letters == n && is_letter(in->s[n]);
  }
  name = (span){in->s, n};
  if (in_brackets && is_area && letters && in->s[n - 1] != '/') {
    scan_skip(in, n);
    return 1;
  }
  name.len = letters;
  if (!letters)
    return 0;
  if (!r->has_names)
    find_names(r);
  if (!span_equal(name, span_of(r->name[0])) && !span_equal(name, span_of(r->name[1])))
    return 0;
  scan_skip(in, letters);
  return 1;
}

/* A zone after a blank ends where a word does: the text may begin with a letter or a sign. */
static zone_kind take_zone(date_reader *r, span *in, int in_brackets, int64_t *east)
{
  span rest = *in;
  int blank = scan_lit(&rest, " ");
  zone_kind kind = ZONE_UTC;
  int64_t found = 0;

  if (!scan_lit(&rest, "Z") && !scan_lit(&rest, "UTC") && !scan_lit(&rest, "GMT")) {
    span offset = rest;
    if (take_offset(&found, &offset))
      rest = offset;
    else if (take_local_name(r, &rest, in_brackets))
      kind = ZONE_LOCAL;
    else
      return ZONE_NONE;
  }
  if (blank && rest.len && !memchr(" ]:", *rest.s, 3))
    return ZONE_NONE;
  *east = found;
  *in = rest;
  return kind;
}

int date_take(date *d, span *in, date_reader *r)
{
  span rest = *in;
  int in_brackets = scan_lit(&rest, "["), weekday, second;
  zone_kind zone = ZONE_NONE;
  int64_t east = 0;

  weekday = rest.len > 3 && rest.s[3] == ' ' && take_name(&rest, "MonTueWedThuFriSatSun");
  if (weekday)
    scan_skip(&rest, 1);
  if (!take_minute(r, &rest) || !scan_lit(&rest, ":"))
    return 0;
  second = take_digits(&rest, 2);
  if (second < 0 || second > 60) /* 60: a leap second */
    return 0;
  d->has_year = r->fields.year != 0;
  d->separator = r->separator;
  d->is_named = r->is_named;
  d->is_iso = r->is_iso;
  d->at.seconds = second;
  scan_skip(&rest, date_fraction(&d->at.nano, rest));
  if (d->has_year) {
    zone = take_zone(r, &rest, in_brackets, &east);
    if (in_brackets && !scan_lit(&rest, "]"))
      return 0;
    scan_lit(&rest, ":");
  } else if (in_brackets || weekday)
    return 0;
  d->has_zone = zone != ZONE_NONE;
  d->is_absolute = zone == ZONE_UTC || d->separator == 'T' || d->separator == '_';
  if (zone == ZONE_UTC || (zone == ZONE_NONE && d->is_absolute))
    d->at.seconds += r->shown - east;
  else
    to_local(&d->at, r);
  *in = rest;
  return 1;
}
