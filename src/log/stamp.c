#include "log/stamp.h"

#include "base/label.h"
#include "base/scan.h"
#include "log/civil.h"
#include "log/header.h"
#include "log/local.h"

#define BILLION 1000000000

static void set_time(stamp *st, int64_t seconds, uint32_t nano)
{
  st->timed = seconds >= STAMP_MIN / BILLION && seconds <= STAMP_MAX / BILLION;
  if (st->timed)
    st->when = seconds * BILLION + nano;
}

/* The number of accustamp, tai64nunix, multilog T and splogger. Returns the bytes it takes with its blank, or
 * 0. */
static size_t read_number(stamp *st, span in)
{
  span rest = in;
  uint64_t seconds;
  uint32_t nano;
  size_t digits;
  if (!scan_num(&rest, &seconds))
    return 0;
  digits = civil_fraction(&nano, rest);
  if (digits != 1 + 6 && digits != 1 + 9)
    return 0;
  scan_skip(&rest, digits);
  if (!scan_lit(&rest, " "))
    return 0;
  set_time(st, seconds > INT64_MAX ? INT64_MAX : (int64_t)seconds, nano);
  return (size_t)(rest.s - in.s);
}

/* What follows the date of a syslog header: the names, and perhaps splogger's number, which beats the
 * header's own time. Begins at byte at of the line. */
static void read_syslog(stamp *st, span line, size_t at)
{
  span rest = {line.s + at, line.len - at}, host;
  size_t names = header_names(&host, rest);
  if (!names) {
    st->timed = 0;
    return;
  }
  scan_skip(&rest, names);
  st->host = host;
  st->len = at + names + read_number(st, rest);
}

/* 2026-11-23 12:44:00.123456789, by the local clock. Returns the bytes it takes with its blanks, or 0. */
static size_t read_local(stamp *st, span in)
{
  span rest = in;
  int64_t seconds;
  uint32_t nano;
  if (in.len <= 19 || in.s[10] != ' ' || !local_scan(&seconds, in))
    return 0;
  scan_skip(&rest, 19);
  scan_skip(&rest, civil_fraction(&nano, rest));
  if (!scan_lit(&rest, " "))
    return 0;
  scan_lit(&rest, " ");
  set_time(st, seconds, nano);
  return (size_t)(rest.s - in.s);
}

/* 2026-11-23T12:44:00.12345 in UTC (svlogd, T or _), or the start of a syslog header if a zone follows. */
static void read_iso(stamp *st, span line)
{
  span rest = line;
  civil c;
  int64_t east = 0;
  uint32_t nano;
  size_t zone = 0;
  if (!civil_scan(&c, line))
    return;
  scan_skip(&rest, 19);
  scan_skip(&rest, civil_fraction(&nano, rest));
  if (line.s[10] == 'T')
    zone = header_zone(&east, rest);
  scan_skip(&rest, zone);
  if (!scan_lit(&rest, " "))
    return;
  set_time(st, civil_seconds(&c) - east, nano);
  if (zone)
    read_syslog(st, line, line.len - rest.len);
  else
    st->len = line.len - rest.len;
}

static void read_digits(stamp *st, span line)
{
  if (line.len < 20 || line.s[4] != '-')
    st->len = read_number(st, line);
  else if (line.s[10] == ' ')
    st->len = read_local(st, line);
  else if (line.s[10] == 'T' || line.s[10] == '_')
    read_iso(st, line);
}

static void read_label(stamp *st, span line)
{
  int64_t seconds;
  uint32_t nano;
  size_t len = label_scan(&seconds, &nano, line);
  stamp second;
  if (!len || line.len == len || line.s[len] != ' ')
    return;
  st->len = len + 1;
  set_time(st, seconds, nano);
  if (line.len > st->len && line.s[st->len] >= '0' && line.s[st->len] <= '9')
    st->len += read_local(&second, (span){line.s + st->len, line.len - st->len}); /* s6-log t T writes both */
}

void stamp_read(stamp *st, span line)
{
  char first = line.len ? line.s[0] : 0;
  *st = (stamp){.host = {line.s, 0}};
  if (first == '@')
    read_label(st, line);
  else if (first >= '0' && first <= '9')
    read_digits(st, line);
  else if (first >= 'A' && first <= 'S') { /* Apr to Sep */
    size_t date = header_date(line);
    if (date)
      read_syslog(st, line, date);
  }
}
