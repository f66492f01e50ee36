#include "log/header.h"

#include "base/scan.h"
#include "log/civil.h"

static int month_of(char const *s)
{
  static char const names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (int i = 0; i < 12; i++)
    if (!memcmp(s, names + i * 3, 3))
      return i + 1;
  return 0;
}

size_t header_date(span in)
{
  civil c;
  char day[2];
  if (in.len < 16 || in.s[3] != ' ' || in.s[6] != ' ' || in.s[15] != ' ')
    return 0;
  day[0] = in.s[4] == ' ' ? '0' : in.s[4];
  day[1] = in.s[5];
  if (!civil_exists(0, month_of(in.s), civil_pair(day)) || !civil_clock(&c, (span){in.s + 7, 8}))
    return 0;
  return 16;
}

size_t header_zone(int64_t *east, span in)
{
  int hours, minutes;
  size_t colon;
  if (in.len && in.s[0] == 'Z') {
    *east = 0;
    return 1;
  }
  if (in.len < 6 || (in.s[0] != '+' && in.s[0] != '-')) /* 6: a zone is never the end of a header */
    return 0;
  colon = in.s[3] == ':';
  hours = civil_pair(in.s + 1);
  minutes = civil_pair(in.s + 3 + colon);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
    return 0;
  *east = (hours * 60 + minutes) * (in.s[0] == '-' ? -60 : 60);
  return 5 + colon;
}

size_t header_names(span *host, span in)
{
  char const *start = in.s;
  span ident;
  *host = scan_word(&in);
  if (!host->len || !scan_lit(&in, " ") || !scan_label(&in, &ident))
    return 0;
  return (size_t)(in.s - start);
}
