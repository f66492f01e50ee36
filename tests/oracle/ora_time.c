/* ora_time.c - the stamp, or none, at the start of a line.
 *
 * A stamp that has the right form but no instant that can be used (beyond the years 1678 to 2261) is still
 * cut off. */
#include "ora.h"

static void take(ora_stamp *st, ora_wide when, ora_str rest)
{
  st->known = ora_in_range(when);
  st->when = st->known ? (int64_t)when : 0;
  st->text = rest;
}

static int local(ora_str line, ora_stamp *st)
{
  ora_date d;

  if (!ora_date_eat(&line, ' ', &d) || !ora_eat(&line, " "))
    return 0;
  ora_eat(&line, " ");
  take(st, ora_date_local(&d), line);
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

/* The label's instant is the one that counts, also where the local time follows it. */
static int tai64n(ora_str line, ora_stamp *st)
{
  uint64_t second, nano;
  ora_stamp again;

  if (!ora_eat(&line, "@") || !hex(&line, 16, &second) || !hex(&line, 8, &nano) || nano >= 1000000000 ||
      !ora_eat(&line, " "))
    return 0;
  take(st, ((ora_wide)second - ((ora_wide)1 << 62) - 10) * ORA_SECOND + (ora_wide)nano, line);
  if (second >> 63)
    st->known = 0;
  if (local(line, &again))
    st->text = again.text;
  return 1;
}

static int svlogd(ora_str line, ora_stamp *st)
{
  ora_date d;

  if (!ora_date_eat(&line, '_', &d) && !ora_date_eat(&line, 'T', &d))
    return 0;
  if (!ora_eat(&line, " "))
    return 0;
  take(st, ora_date_utc(&d), line);
  return 1;
}

/* Seconds of 2^64 and more are no number. */
static int accustamp(ora_str line, ora_stamp *st)
{
  uint64_t second;
  unsigned nano;
  ora_str rest = line;

  if (!ora_eat_number(&rest, &second))
    return 0;
  line = rest;
  if (!ora_fraction_eat(&rest, 6, 9, &nano) || (line.n - rest.n != 7 && line.n - rest.n != 10))
    return 0;
  if (!ora_eat(&rest, " "))
    return 0;
  take(st, (ora_wide)second * ORA_SECOND + nano, rest);
  return 1;
}

/* Behind the time of a syslog line: " host ident: ". */
static int header(ora_str line, ora_stamp *st)
{
  ora_str ident;

  if (!ora_eat(&line, " ") || !ora_eat_word(&line, &st->host) || !ora_eat(&line, " ") ||
      !ora_eat_word(&line, &ident) || !ora_eat(&line, " "))
    return 0;
  if (ident.n < 2 || ident.p[ident.n - 1] != ':')
    return 0;
  st->text = line;
  return 1;
}

static int syslog_old(ora_str line, ora_stamp *st)
{
  static char const *const months[] = {"Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ",
                                       "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "};
  static unsigned const most[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  ora_date d;
  unsigned day = 0, m = 0;

  while (m < 12 && !ora_eat(&line, months[m]))
    m++;
  if (m == 12 || !(ora_eat(&line, " ") ? ora_eat_digits(&line, 1, &day) : ora_eat_digits(&line, 2, &day)))
    return 0;
  if (day < 1 || day > most[m] || !ora_eat(&line, " ") || !ora_clock_eat(&line, &d) || !header(line, st))
    return 0;
  st->known = 0;
  accustamp(st->text, st);
  return 1;
}

static int zone(ora_str *s, int *seconds)
{
  unsigned hours, minutes;
  int sign;

  *seconds = 0;
  if (ora_eat(s, "Z"))
    return 1;
  sign = ora_eat(s, "+") ? 1 : ora_eat(s, "-") ? -1 : 0;
  if (!sign || !ora_eat_digits(s, 2, &hours))
    return 0;
  ora_eat(s, ":");
  if (!ora_eat_digits(s, 2, &minutes) || hours > 23 || minutes > 59)
    return 0;
  *seconds = sign * (int)(3600 * hours + 60 * minutes);
  return 1;
}

static int syslog_iso(ora_str line, ora_stamp *st)
{
  ora_date d;
  int east;

  if (!ora_date_eat(&line, 'T', &d) || !zone(&line, &east) || !header(line, st))
    return 0;
  take(st, ora_date_utc(&d) - east * ORA_SECOND, st->text);
  accustamp(st->text, st);
  return 1;
}

void ora_stamp_read(ora_str line, ora_stamp *st)
{
  static ora_str const nobody = {"", 0};

  st->host = nobody;
  if (tai64n(line, st) || local(line, st) || svlogd(line, st) || accustamp(line, st) ||
      syslog_old(line, st) || syslog_iso(line, st))
    return;
  st->known = 0;
  st->when = 0;
  st->host = nobody;
  st->text = line;
}
