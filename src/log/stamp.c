#include "log/stamp.h"

#include "base/label.h"
#include "base/scan.h"
#include "log/civil.h"
#include "log/header.h"
#include "log/level.h"

#define BILLION 1000000000

typedef enum { OTHER_PIECE, TIME_PIECE, NUMBER_PIECE } piece_kind;

/* What a form finds: one piece of a prefix. */
typedef struct {
  local_hints const *hints;
  piece_kind kind; /* is it a stamp, or even a number? */
  int timed;       /* it has a time, which may be out of bounds */
  local_time time;
  span host;
  span number; /* of NUMBER_PIECE */
  int more;    /* and a '+' stands behind it */
} piece;

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
  is_time(p, TIME_PIECE);
  return len && header_blanks(in);
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
  is_time(p, NUMBER_PIECE);
  p->time.seconds = seconds > INT64_MAX ? INT64_MAX : (int64_t)seconds;
  return p->more || header_blanks(in);
}

/* 2026-11-23 12:44:00.123456789, by the local clock. */
static int read_local(piece *p, span *in)
{
  size_t len = local_scan(&p->time, *in, p->hints);
  scan_skip(in, len);
  is_time(p, TIME_PIECE);
  return len && header_blanks(in);
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

/* 2026-11-23T12:44:00.12345 (T or _), and with T perhaps a zone, which *zoned says; in UTC without one. */
static int read_iso(piece *p, span *in, int *zoned)
{
  char const *start = in->s;
  int64_t east = 0;
  int64_t shown;
  size_t len = civil_instant(&shown, *in);
  if (!len || (start[10] != 'T' && start[10] != '_'))
    return 0;
  scan_skip(in, len);
  scan_skip(in, civil_fraction(&p->time.nano, *in));
  *zoned = start[10] == 'T' && read_zone(&east, in);
  p->time.seconds = shown - east;
  p->timed = 1;
  return 1;
}

/* A date of that kind, and what makes it the beginning of a header if it is one. */
static int read_date(piece *p, span *in)
{
  int zoned;
  if (!read_iso(p, in, &zoned) || !header_blanks(in))
    return 0;
  if (!zoned || !header_names(&p->host, in, 1))
    is_time(p, TIME_PIECE);
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
    return read_iso(p, in, &zoned) && scan_lit(in, " ") && header_structured(&p->host, in);
  return read_iso(p, in, &zoned) && zoned && header_blanks(in) && header_names(&p->host, in, 1);
}

/* Container logs: which stream, and whether this is the full line. */
static int read_stream(span *in)
{
  if (!scan_lit(in, "stdout ") && !scan_lit(in, "stderr "))
    return 0;
  return (scan_lit(in, "F") || scan_lit(in, "P")) && header_blanks(in);
}

static int read_level(span *in)
{
  size_t len = level_scan(*in);
  scan_skip(in, len);
  return len && scan_lit(in, ":") && header_blanks(in);
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
  return (before >= TIME_PIECE && read_stream(in)) || read_level(in);
}

static void clear(piece *p, span in)
{
  p->kind = OTHER_PIECE;
  p->timed = 0;
  p->host.len = 0;
  p->number = (span){in.s, 0};
  p->more = 0;
}

/* Takes the next piece; *p is the one before it. Returns 0 if the text begins here. */
static int next_piece(piece *p, span *in)
{
  piece_kind before = p->kind;
  span rest = *in;
  clear(p, rest);
  if (!read_piece(p, &rest, before)) {
    if (before != NUMBER_PIECE)
      return 0;
    rest = *in;
    clear(p, rest);
    if (!header_journal(&p->host, &rest))
      return 0;
  }
  *in = rest;
  return 1;
}

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
  for (int n = 0; n < STAMP_PIECES && !p.more && next_piece(&p, &rest); n++) {
    if (p.timed)
      take_time(st, &p.time);
    if (p.host.len)
      st->host = p.host;
    st->number = p.number;
    st->more = p.more;
  }
  st->len = line.len - rest.len;
}
