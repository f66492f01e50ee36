/* ora_time.c - the pieces of a prefix that are a time and no more.
 *
 * A time of the right form but without an instant that can be used (beyond the years 1679 to 2260) is a piece
 * all the same; it has no time. */
#include "ora.h"

static int take(ora_piece *p, ora_piece_kind kind, ora_wide when, ora_str *s, ora_str rest)
{
  p->kind = kind;
  p->timed = ora_in_range(when);
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

static int local(ora_str *s, ora_now const *now, ora_piece *p)
{
  ora_str r = *s;
  ora_date d;

  return ora_date_eat(&r, ' ', &d) && take(p, ORA_TIME, ora_date_local(&d, now), s, r);
}

static int zone(ora_str *s, int *seconds)
{
  ora_str r = *s;
  unsigned hours, minutes;
  int sign;

  *seconds = 0;
  if (ora_eat(s, "Z"))
    return 1;
  sign = ora_eat(&r, "+") ? 1 : ora_eat(&r, "-") ? -1 : 0;
  if (!sign || !ora_eat_digits(&r, 2, &hours))
    return 0;
  ora_eat(&r, ":");
  if (!ora_eat_digits(&r, 2, &minutes) || hours > 23 || minutes > 59)
    return 0;
  *seconds = sign * (int)(3600 * hours + 60 * minutes);
  *s = r;
  return 1;
}

int ora_iso_zoned(ora_str *s, ora_wide *when)
{
  ora_str r = *s;
  ora_date d;
  int east;

  if (!ora_date_eat(&r, 'T', &d) || !zone(&r, &east))
    return 0;
  *when = ora_date_utc(&d) - east * ORA_SECOND;
  *s = r;
  return 1;
}

static int iso(ora_str *s, ora_piece *p)
{
  ora_str r = *s;
  ora_wide when;
  ora_date d;

  if (ora_iso_zoned(&r, &when))
    return take(p, ORA_TIME, when, s, r);
  if (!ora_date_eat(&r, '_', &d) && !ora_date_eat(&r, 'T', &d))
    return 0;
  return take(p, ORA_TIME, ora_date_utc(&d), s, r);
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
  return label(s, p) || local(s, now, p) || iso(s, p) || number(s, p);
}
