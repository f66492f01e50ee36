#include "log/date.h"
#include "base/scan.h"
#include <time.h>

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

#define MINUTE 16 /* bytes of YYYY-MM-DD HH:MM */
#define DAY INT64_C(86400)
#define BILLION 1000000000
#define LATE INT64_C(300) /* seconds; so far a line may be behind the newest stamp */
#define NEVER LOCAL_NEVER

/* The instants at which a minute of the local clock begins; the same twice if the clock shows it once. */
typedef struct {
  int64_t first, second;
} passages;

/* How far local clocks are ahead of UTC at that instant. */
static int64_t offset_at(int64_t when)
{
  time_t t = (time_t)when;
  struct tm tm;
  if (!localtime_r(&t, &tm))
    return 0;
  return civil_seconds(
             &(civil){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec}) -
         when;
}

/* mktime(3) answers a moment that comes twice by what it was asked before; here it must be the same every
 * time. No offset exceeds a day, so the zone changes at most once between a day before and a day after. */
static passages instants(civil const *minute)
{
  int64_t shown = civil_seconds(minute);
  int64_t before = offset_at(shown - DAY), after = offset_at(shown + DAY);
  int64_t first = shown - before, second = shown - after;
  int is_first = offset_at(first) == before, is_second = offset_at(second) == after;
  if (is_first && is_second && first < second)
    return (passages){first, second};
  return is_second && !is_first ? (passages){second, second} : (passages){first, first};
}

/* Is that moment of a minute later than limit, which is in nanoseconds? */
static int is_later(int64_t minute, local_time const *t, int64_t limit)
{
  static int64_t known, seconds; /* the last limit: it seldom changes, and a division is dear */
  int64_t at = minute + t->seconds;
  if (limit != known) {
    seconds = limit / BILLION - (limit % BILLION < 0);
    known = limit;
  }
  return at > seconds || (at == seconds && t->nano > limit - seconds * BILLION);
}

/* Turns t from a moment of the minute into an instant. */
static void choose(local_time *t, passages const *p, local_hints const *hints)
{
  int again = p->first != p->second && hints->newest != INT64_MIN &&
              !is_later(p->first, t, hints->newest - LATE * BILLION - 1);
  t->seconds += again ? p->second : p->first;
}

/* Reads ":SS" and a fraction; t becomes a moment of a minute. Returns the bytes, or 0. */
static size_t rest_of_minute(local_time *t, span in)
{
  int second = in.len >= 3 && in.s[0] == ':' ? civil_pair(in.s + 1) : -1;
  if (second < 0 || second > 60)
    return 0;
  t->seconds = second;
  return 3 + civil_fraction(&t->nano, (span){in.s + 3, in.len - 3});
}

size_t local_scan(local_time *t, span in, local_hints const *hints)
{
  static char known[MINUTE]; /* one process, one zone: the answer is the same whoever asks */
  static passages minute;
  size_t rest = in.len > MINUTE ? rest_of_minute(t, (span){in.s + MINUTE, in.len - MINUTE}) : 0;
  civil c;
  if (!rest)
    return 0;
  if (!known[0] || memcmp(in.s, known, MINUTE)) {
    if (in.s[10] != ' ' || !civil_scan(&c, in))
      return 0;
    tzset(); /* POSIX lets localtime_r leave this to the caller */
    c.second = 0;
    minute = instants(&c);
    memcpy(known, in.s, MINUTE);
  }
  choose(t, &minute, hints);
  return MINUTE + rest;
}

/* A minute of a day that is known, but for its year. */
typedef struct {
  char text[MINUTE];
  size_t len;
  passages minute; /* in the year that was chosen */
  int64_t next;    /* when it begins in the next year in which there is such a day */
} yearless;        /* len 0: nothing is known */

/* Reads "Nov 23 12:44" into k, without a year. */
static int read_yearless(yearless *k, civil *c, span in)
{
  size_t day = in.len > 5 && in.s[5] == ' ' ? 1 : 2;
  char const *s = in.s + 4 + day;
  k->len = 4 + day + 6;
  if (in.len < k->len || in.s[3] != ' ' || s[0] != ' ' || s[3] != ':')
    return 0;
  c->month = civil_month(in.s);
  c->day = day == 1 ? civil_digit(in.s[4]) : civil_pair(in.s + 4);
  if (day == 2 && in.s[4] == ' ')
    c->day = civil_digit(in.s[5]);
  c->hour = civil_pair(s + 1);
  c->minute = civil_pair(s + 4);
  c->second = 0;
  memcpy(k->text, in.s, k->len);
  return civil_exists(0, c->month, c->day) && c->hour >= 0 && c->hour <= 23 && c->minute >= 0 &&
         c->minute <= 59;
}

static passages in_year(civil *c, int year)
{
  c->year = year;
  return civil_exists(year, c->month, c->day) ? instants(c) : (passages){NEVER, NEVER};
}

/* Finds the year: leap days are up to 8 years apart. Returns 0 if there is none, as before the year 1. */
static int find_year(yearless *k, civil *c, local_time const *t, int64_t latest)
{
  time_t last = (time_t)(latest / BILLION);
  int apart = c->month == 2 && c->day == 29 ? 8 : 1, this_year;
  struct tm tm;
  tzset();
  if (!localtime_r(&last, &tm))
    return 0;
  this_year = tm.tm_year + 1900;
  k->next = NEVER;
  for (int year = this_year + apart; year >= this_year - apart && year > 0; year--) {
    k->minute = in_year(c, year);
    if (k->minute.first == NEVER)
      continue;
    if (!is_later(k->minute.first, t, latest))
      return 1;
    k->next = k->minute.first;
  }
  return 0;
}

size_t local_named(local_time *t, span in, local_hints const *hints)
{
  static yearless known;
  int64_t latest = hints->machine + DAY * BILLION;
  int is_known = known.len && in.len > known.len && !memcmp(in.s, known.text, known.len);
  yearless k;
  civil c;
  size_t len, rest;
  if (!is_known && !read_yearless(&k, &c, in))
    return 0;
  len = is_known ? known.len : k.len;
  rest = rest_of_minute(t, (span){in.s + len, in.len - len});
  if (!rest)
    return 0;
  if (!is_known || is_later(known.minute.first, t, latest) || !is_later(known.next, t, latest)) {
    if (!read_yearless(&known, &c, in) || !find_year(&known, &c, t, latest)) {
      known.len = 0;
      t->seconds = LOCAL_NEVER;
      return len + rest;
    }
  }
  choose(t, &known.minute, hints);
  return len + rest;
}

/* "Z", "+01:00", "-0330" into *east, seconds ahead of UTC. */
static int read_zone(int64_t *east, span *in)
{
  int hours, minutes;
  size_t colon;
  if (scan_lit(in, "Z")) {
    *east = 0;
    return 1;
  }
  if (in->len < 5 || (in->s[0] != '+' && in->s[0] != '-'))
    return 0;
  colon = in->s[3] == ':';
  if (in->len < 5 + colon)
    return 0;
  hours = civil_pair(in->s + 1);
  minutes = civil_pair(in->s + 3 + colon);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
    return 0;
  *east = (hours * 60 + minutes) * (in->s[0] == '-' ? -60 : 60);
  scan_skip(in, 5 + colon);
  return 1;
}

int iso_take(local_time *t, span *in, int *zoned)
{
  char const *start = in->s;
  int64_t east = 0;
  int64_t shown;
  size_t len = civil_instant(&shown, *in);
  if (!len || (start[10] != 'T' && start[10] != '_'))
    return 0;
  scan_skip(in, len);
  scan_skip(in, civil_fraction(&t->nano, *in));
  *zoned = start[10] == 'T' && read_zone(&east, in);
  t->seconds = shown - east;
  return 1;
}
