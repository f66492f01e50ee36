#include "log/iso.h"

#include "base/scan.h"
#include "log/civil.h"

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
