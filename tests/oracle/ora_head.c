/* ora_head.c - the pieces of a prefix that say where a line comes from: headers of syslog and journal, and
 * the marks of containers and socklog.
 *
 * Decided here: one blank stands between the parts of a header, one or two after a date with a year; a host
 * does not end with a ':'; a pid is a number; a host of RFC 5424 that is '-' is none. */
#include "ora.h"

static int listed(ora_str s, char const *const *names)
{
  for (; *names; names++)
    if (ora_same(s, ora_lit(*names)))
      return 1;
  return 0;
}

/* facility.level, of syslog's names */
static int facility_level(ora_str s)
{
  static char const *const facilities[] = {
      "auth",     "authpriv", "cron",   "daemon", "ftp",     "kern",   "lpr",    "mail",   "news",
      "security", "syslog",   "user",   "uucp",   "local0",  "local1", "local2", "local3", "local4",
      "local5",   "local6",   "local7", "audit",  "console", "ntp",    0};
  static char const *const levels[] = {"emerg",   "panic", "alert",  "crit", "err",   "error",
                                       "warning", "warn",  "notice", "info", "debug", 0};
  size_t dot;

  return ora_find(s, ora_lit("."), &dot) && listed((ora_str){s.p, dot}, facilities) &&
         listed((ora_str){s.p + dot + 1, s.n - dot - 1}, levels);
}

/* [NUMBER] at the end of a word that ends with ':'. */
static int has_pid(ora_str word, size_t *ident)
{
  uint64_t n;
  ora_str r;

  for (*ident = 0; *ident < word.n; ++*ident) {
    r = (ora_str){word.p + *ident, word.n - *ident};
    if (ora_eat(&r, "[") && ora_eat_number(&r, &n) && ora_eat(&r, "]:") && !r.n)
      return 1;
  }
  *ident = word.n - 1;
  return 0;
}

/* ident: or ident[pid]: or ident [pid]: */
static int ident(ora_str *s, int *pid)
{
  ora_str r = *s, word, next;
  size_t n;

  if (!ora_eat_word(&r, &word) || (*word.p >= '0' && *word.p <= '9'))
    return 0;
  if (word.p[word.n - 1] == ':') {
    *pid = has_pid(word, &n);
    if (!n)
      return 0;
  } else if (ora_eat(&r, " ") && ora_eat_word(&r, &next) && has_pid(next, &n) && !n) {
    *pid = 1;
  } else {
    return 0;
  }
  *s = r;
  return 1;
}

/* What could begin a piece of its own is no host after what can be a piece alone. */
static int is_stamp(ora_str s, ora_now const *now)
{
  ora_piece p;

  return *s.p == '@' || *s.p == '<' || (ora_time_read(&s, now, &p) && ora_eat(&s, " "));
}

/* facility.level, or their numbers, between two marks */
static void skip_level(ora_str *s, char const *before, char const *after)
{
  ora_str r = *s, word;
  size_t n = 0;
  uint64_t number;

  if (!ora_eat(&r, before))
    return;
  while (n < r.n && r.p[n] != *after)
    n++;
  word = (ora_str){r.p, n};
  r = (ora_str){r.p + n, r.n - n};
  if (!facility_level(word) && !(*before && ora_eat_number(&word, &number) && ora_eat(&word, ".") &&
                                 ora_eat_number(&word, &number) && !word.n))
    return;
  if (ora_eat(&r, after))
    *s = r;
}

static int host_and_ident(ora_str *s, ora_now const *now, int alone, ora_str *host, int *pid)
{
  ora_str r = *s;

  *host = (ora_str){"", 0};
  if (ident(s, pid))
    return 1;
  if (!r.n || (alone && is_stamp(r, now)) || !ora_eat_word(&r, host) || host->p[host->n - 1] == ':' ||
      !ora_eat(&r, " "))
    return 0;
  skip_level(&r, "", " ");
  if (!ident(&r, pid))
    return 0;
  *s = r;
  return 1;
}

static int priority(ora_str *s)
{
  ora_str r = *s;
  uint64_t n;

  if (!ora_eat(&r, "<") || !ora_eat_number(&r, &n) || s->n - r.n > 4 || !ora_eat(&r, ">"))
    return 0;
  *s = r;
  return 1;
}

/* Nov 23 12:44:00, in a month that has that day in some year */
static int old_date(ora_str *s, ora_date *d)
{
  static unsigned const most[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  ora_str r = *s;

  if (!ora_month_and_day(&r, d) || d->day < 1 || d->day > most[d->month - 1] || !ora_eat(&r, " ") ||
      !ora_clock_eat(&r, d) || !ora_fraction_eat(&r, &d->nano))
    return 0;
  *s = r;
  return 1;
}

/* With a year: Nov 23 2026 12:44:00, or the ISO form with a zone. */
static int header_date(ora_str *s, ora_now const *now, ora_piece *p, int *has_year)
{
  ora_str r = *s;
  ora_dated d;

  *has_year = ora_dated_eat(&r, &d);
  if (*has_year) {
    if (d.between == '_' || (d.form != ORA_MONTH_DAY && (d.form != ORA_ISO_DAY || d.zone == ORA_NO_ZONE)))
      return 0;
    ora_dated_mean(&d, now, p);
    *s = r;
    return 1;
  }
  p->absolute = 0;
  if (!old_date(s, &d.date))
    return 0;
  p->timed = ora_date_yearless(&d.date, now, &p->when) && ora_in_range(p->when);
  return 1;
}

/* [ID number facility.level] after "ident: " */
static void solaris(ora_str *s)
{
  ora_str r = *s, word;
  uint64_t n;

  if (!ora_eat_blanks(&r) || !ora_eat(&r, "[ID ") || !ora_eat_number(&r, &n) || !ora_eat(&r, " ") ||
      !ora_eat_word(&r, &word) || word.p[word.n - 1] != ']')
    return;
  word.n--;
  if (facility_level(word))
    *s = r;
}

static int syslog_header(ora_str *s, ora_now const *now, ora_piece *p)
{
  ora_str r = *s;
  int has_year, pid;

  priority(&r);
  if (!header_date(&r, now, p, &has_year) || !(has_year ? ora_eat_blanks(&r) : ora_eat(&r, " ")))
    return 0;
  skip_level(&r, "<", "> ");
  if (!host_and_ident(&r, now, has_year, &p->host, &pid) || (has_year && !p->host.n && !pid))
    return 0;
  solaris(&r);
  p->kind = ORA_HEADER;
  *s = r;
  return 1;
}

/* [id name="value"...], once or more often; in quotes a '\' takes the meaning from the byte after it. */
static int structured(ora_str *s)
{
  size_t i = 0;
  int quoted = 0;

  if (ora_eat(s, "-"))
    return 1;
  while (i < s->n && s->p[i] == '[') {
    for (; i < s->n && (quoted || s->p[i] != ']'); i++)
      if (s->p[i] == '"')
        quoted = !quoted;
      else if (quoted && s->p[i] == '\\')
        i++;
    if (i >= s->n)
      return 0;
    i++;
  }
  s->p += i;
  s->n -= i;
  return i > 0;
}

static int rfc5424(ora_str *s, ora_now const *now, ora_piece *p)
{
  ora_str r = *s, host, word;
  ora_dated d;

  if (!priority(&r) || !ora_eat(&r, "1 ") || !ora_dated_eat(&r, &d) || d.form != ORA_ISO_DAY ||
      d.between != 'T')
    return 0;
  ora_dated_mean(&d, now, p);
  if (!ora_eat(&r, " ") || !ora_eat_word(&r, &host))
    return 0;
  for (unsigned i = 0; i < 3; i++) /* app, procid, msgid */
    if (!ora_eat(&r, " ") || !ora_eat_word(&r, &word))
      return 0;
  if (!ora_eat(&r, " ") || !structured(&r))
    return 0;
  p->kind = ORA_HEADER;
  p->host = ora_same(host, ora_lit("-")) ? (ora_str){"", 0} : host;
  *s = r;
  return 1;
}

/* host ident[pid]: */
static int journal(ora_str *s, ora_now const *now, ora_piece *p)
{
  ora_str r = *s, time = *s, host, word;
  ora_piece other;
  size_t n;

  if ((ora_time_read(&time, now, &other) && (!time.n || *time.p == ' ')) || !ora_eat_word(&r, &host) ||
      host.p[host.n - 1] == ':' || !ora_eat(&r, " ") || !ora_eat_word(&r, &word) ||
      (*word.p >= '0' && *word.p <= '9') || !has_pid(word, &n) || !n)
    return 0;
  *p = (ora_piece){.kind = ORA_HEADER, .host = host};
  *s = r;
  return 1;
}

static int mark(ora_str *s, ora_piece_kind before, ora_piece *p)
{
  static char const *const streams[] = {"stdout F", "stderr F", "stdout P", "stderr P"};
  ora_str r = *s, word;

  p->kind = ORA_MARK;
  for (unsigned i = 0; i < 4; i++)
    if ((before == ORA_TIME || before == ORA_NUMBER) && ora_eat(s, streams[i]))
      return 1;
  if (!ora_eat_word(&r, &word) || word.p[word.n - 1] != ':')
    return 0;
  word.n--;
  if (!facility_level(word))
    return 0;
  *s = r;
  return 1;
}

/* before: what kind of piece it follows. */
int ora_head_read(ora_str *s, ora_now const *now, ora_piece_kind before, ora_piece *p)
{
  return rfc5424(s, now, p) || syslog_header(s, now, p) || (before == ORA_NUMBER && journal(s, now, p)) ||
         mark(s, before, p);
}
