#include "log/prefix.h"
#include "base/tai64n.h"
#include "base/scan.h"
#include "log/date.h"
#include "log/header.h"

/* Each form takes a piece, and the blanks behind it, off the start of *in, and returns 1; else it returns 0,
 * with *p, but for the host, and *in undefined. */

/* A stamp alone. */
static void is_time(piece *p, piece_kind kind)
{
  p->kind = kind;
  p->timed = 1;
}

static int read_label(piece *p, span *in)
{
  size_t len = label_scan(&p->time.seconds, &p->time.nano, *in);
  scan_skip(in, len);
  is_time(p, PIECE_TIME);
  return len && blanks_take(in);
}

/* The number of accustamp, tai64nunix, multilog T and splogger. */
static int read_number(piece *p, span *in)
{
  char const *start = in->s;
  uint64_t seconds;
  size_t digits;
  if (!scan_num(in, &seconds) || !in->len || *in->s != '.')
    return 0;
  digits = civil_fraction(&p->time.nano, *in);
  if (digits != 1 + 6 && digits != 1 + 9)
    return 0;
  scan_skip(in, digits);
  p->number = (span){start, (size_t)(in->s - start)};
  p->more = scan_lit(in, "+");
  is_time(p, PIECE_NUMBER);
  p->time.seconds = seconds > INT64_MAX ? INT64_MAX : (int64_t)seconds;
  return p->more || blanks_take(in);
}

/* 2026-11-23 12:44:00.123456789, by the local clock. */
static int read_local(piece *p, span *in)
{
  size_t len = local_scan(&p->time, *in, p->hints);
  scan_skip(in, len);
  is_time(p, PIECE_TIME);
  return len && blanks_take(in);
}

/* A date with T or _, and what makes it the beginning of a header if it is one. */
static int read_date(piece *p, span *in)
{
  int zoned;
  if (!iso_take(&p->time, in, &zoned) || !blanks_take(in))
    return 0;
  p->timed = 1;
  if (!zoned || !header_names(&p->host, in, 1))
    is_time(p, PIECE_TIME);
  return 1;
}

/* A header that begins with a priority or the name of a month. */
static int read_header(piece *p, span *in)
{
  int zoned, priority = header_priority(in);
  size_t len = local_named(&p->time, *in, p->hints);
  scan_skip(in, len);
  p->timed = 1;
  if (len)
    return scan_lit(in, " ") && header_names(&p->host, in, 0);
  if (!priority)
    return 0;
  if (scan_lit(in, "1 "))
    return iso_take(&p->time, in, &zoned) && scan_lit(in, " ") && structured_take(&p->host, in);
  return iso_take(&p->time, in, &zoned) && zoned && blanks_take(in) && header_names(&p->host, in, 1);
}

/* Container logs: which stream, and whether this is the full line. */
static int read_stream(span *in)
{
  if (!scan_lit(in, "stdout ") && !scan_lit(in, "stderr "))
    return 0;
  return (scan_lit(in, "F") || scan_lit(in, "P")) && blanks_take(in);
}

static int read_level(span *in)
{
  size_t len = level_scan(*in);
  scan_skip(in, len);
  return len && scan_lit(in, ":") && blanks_take(in);
}

/* Those that begin with a digit tell themselves apart by what stands where a date has its first '-'. */
static int read_digits(piece *p, span *in)
{
  if (in->len < 11 || in->s[4] != '-')
    return read_number(p, in);
  return in->s[10] == ' ' ? read_local(p, in) : read_date(p, in);
}

/* Tries the forms that begin as *in does; a stream needs a time before it. */
static int read_piece(piece *p, span *in, piece_kind before)
{
  char c = in->len ? in->s[0] : 0;
  if (c >= '0' && c <= '9')
    return read_digits(p, in);
  if (c == '@')
    return read_label(p, in);
  if (c == '<' || (c >= 'A' && c <= 'S')) /* Apr to Sep */
    return read_header(p, in);
  if (c < 'a' || c > 'u')
    return 0;
  return (before >= PIECE_TIME && read_stream(in)) || read_level(in);
}

static void clear(piece *p, span in)
{
  p->kind = PIECE_OTHER;
  p->timed = 0;
  p->host.len = 0;
  p->number = (span){in.s, 0};
  p->more = 0;
}

int piece_next(piece *p, span *in)
{
  piece_kind before = p->kind;
  span rest = *in;
  clear(p, rest);
  if (!read_piece(p, &rest, before)) {
    if (before != PIECE_NUMBER)
      return 0;
    rest = *in;
    clear(p, rest);
    if (!header_journal(&p->host, &rest))
      return 0;
  }
  *in = rest;
  return 1;
}

#define BILLION 1000000000

static void take_time(stamp *st, local_time const *t)
{
  if (t->seconds < STAMP_MIN / BILLION || t->seconds > STAMP_MAX / BILLION)
    return;
  st->timed = 1;
  st->when = t->seconds * BILLION + t->nano;
}

void stamp_read(stamp *st, span line, local_hints const *hints)
{
  span rest = line;
  piece p = {.hints = hints};
  *st = (stamp){.host = {line.s, 0}, .number = {line.s, 0}};
  for (int n = 0; n < STAMP_PIECES && !p.more && piece_next(&p, &rest); n++) {
    if (p.timed)
      take_time(st, &p.time);
    if (p.host.len)
      st->host = p.host;
    st->number = p.number;
    st->more = p.more;
  }
  st->len = line.len - rest.len;
}
