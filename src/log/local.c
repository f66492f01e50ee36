#include "log/local.h"

#include "log/civil.h"
#include <time.h>

#define MINUTE 16 /* bytes of YYYY-MM-DD HH:MM */
#define DAY 86400

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
static int64_t instant(int64_t shown)
{
  int64_t before = offset_at(shown - DAY), after = offset_at(shown + DAY);
  if (before == after || offset_at(shown - before) == before)
    return shown - before;
  return offset_at(shown - after) == after ? shown - after : shown - before;
}

size_t local_scan(int64_t *seconds, span in)
{
  static char known[MINUTE]; /* one process, one zone: the answer is the same whoever asks */
  static int64_t start;      /* the instant at which the known minute begins */
  civil c;
  if (known[0] && in.len >= 19 && !memcmp(in.s, known, MINUTE) && in.s[16] == ':') {
    int second = civil_pair(in.s + 17);
    *seconds = start + second;
    return second < 0 || second > 60 ? 0 : 19;
  }
  if (!civil_scan(&c, in))
    return 0;
  tzset(); /* POSIX lets localtime_r leave this to the caller */
  *seconds = c.second;
  c.second = 0;
  start = instant(civil_seconds(&c));
  memcpy(known, in.s, MINUTE);
  *seconds += start;
  return 19;
}
