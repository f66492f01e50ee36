#include "log/prefix.h"
#include "base/scan.h"
#include "base/tai64n.h"
#include "log/header.h"

#define PIECES_MAX 8

typedef enum { PIECE_OTHER, PIECE_TIME, PIECE_NUMBER } piece_kind;

typedef struct {
  piece_kind kind; /* is it a stamp alone, or even a number? */
  int timed;       /* it has a time, which may be out of bounds */
  int is_absolute;
  instant time; /* defined if timed */
  span host;    /* empty without one */
  span number;  /* of PIECE_NUMBER; else empty */
  int more;     /* and a '+' comes after it */
} piece;

/* Each form takes a piece, and the blanks after it, off the start of *in, and returns 1; else it returns 0,
 * with *p and *in undefined. */

static int take_label(piece *p, span *in)
{
  size_t len = label_scan(&p->time.seconds, &p->time.nano, *in);

  scan_skip(in, len);
  p->kind = PIECE_TIME;
  p->timed = p->is_absolute = 1;
  return len && blanks_take(in);
}

/* The number of accustamp, tai64nunix, multilog T and splogger. */
static int take_number(piece *p, span *in)
{
  char const *start = in->s;
  uint64_t seconds;
  size_t digits;

  if (!scan_num(in, &seconds))
    return 0;
  digits = date_fraction(&p->time.nano, *in);
  if (digits != 1 + 6 && digits != 1 + 9)
    return 0;
  if (*in->s != '.')
    return 0;
  scan_skip(in, digits);
  p->number = (span){start, (size_t)(in->s - start)};
  p->more = scan_lit(in, "+");
  p->kind = PIECE_NUMBER;
  p->timed = p->is_absolute = 1;
  p->time.seconds = seconds > INT64_MAX ? INT64_MAX : (int64_t)seconds;
  return p->more || blanks_take(in);
}

/* A date, which is a stamp by itself, or the beginning of a header. */
static int take_dated(piece *p, span *in, date_reader *dates)
{
  int has_priority = header_priority(in), is_rfc5424 = has_priority && scan_lit(in, "1 ");
  date d;

  if (!date_take(&d, in, dates))
    return 0;
  p->timed = 1;
  p->time = d.at;
  p->is_absolute = d.is_absolute;
  if (is_rfc5424)
    return d.is_iso && d.separator == 'T' && scan_lit(in, " ") && header_structured(&p->host, in);
  if (!d.has_year)
    return scan_lit(in, " ") && header_names(&p->host, in, 0);
  if (!blanks_take(in))
    return 0;
  if ((d.is_named || (d.is_iso && d.has_zone)) && d.separator != '_' && header_names(&p->host, in, 1))
    return 1;
  p->kind = PIECE_TIME;
  return !has_priority;
}

/* Container logs: which stream, and whether this is the full line. */
static int take_stream(span *in)
{
  if (!scan_lit(in, "stdout ") && !scan_lit(in, "stderr "))
    return 0;
  return (scan_lit(in, "F") || scan_lit(in, "P")) && blanks_take(in);
}

/* Tries the forms that begin as *in does; a stream needs a time before it. */
static int take_form(piece *p, span *in, date_reader *dates, piece_kind before)
{
  char c = in->len ? *in->s : 0;
  span rest = *in;

  if (c == '@')
    return take_label(p, in);
  if (c == '<' || c == '[' || (c >= 'A' && c <= 'W')) /* Apr to Wed */
    return take_dated(p, in, dates);
  if (c >= '0' && c <= '9') {
    if (take_number(p, &rest)) {
      *in = rest;
      return 1;
    }
    *p = (piece){0};
    return take_dated(p, in, dates);
  }
  if (c < 'a' || c > 'u')
    return 0;
  if (before >= PIECE_TIME && take_stream(&rest)) {
    *in = rest;
    return 1;
  }
  return header_level(in);
}

/* Takes the next piece; *p is the one before it. Returns 0 if the text begins here. */
static int take_piece(piece *p, span *in, date_reader *dates)
{
  piece_kind before = p->kind;
  span rest = *in;

  *p = (piece){0};
  if (take_form(p, &rest, dates, before)) {
    *in = rest;
    return 1;
  }
  if (before != PIECE_NUMBER)
    return 0;
  *p = (piece){0};
  return header_journal(&p->host, in);
}

void prefix_read(stamp *st, span line, date_reader *dates)
{
  int is_absolute = 0;
  span rest = line;
  piece p = {0};

  *st = (stamp){.host = {line.s, 0}, .number = {line.s, 0}};
  for (int n = 0; n < PIECES_MAX && !p.more && take_piece(&p, &rest, dates); n++) {
    if (p.timed && (p.is_absolute || !is_absolute) && p.time.seconds >= STAMP_MIN / SECOND &&
        p.time.seconds <= STAMP_MAX / SECOND) {
      st->timed = 1;
      st->when = p.time.seconds * SECOND + p.time.nano;
      is_absolute = p.is_absolute;
    }
    if (p.host.len)
      st->host = p.host;
    st->number = p.number;
    st->more = p.more;
  }
  st->len = line.len - rest.len;
}
