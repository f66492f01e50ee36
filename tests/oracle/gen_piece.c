/* gen_piece.c - the pieces of a prefix that are a time and no more. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

void gen_add(gen_text *t, char const *format, ...)
{
  va_list args;

  va_start(args, format);
  t->n += (size_t)vsnprintf(t->s + t->n, sizeof t->s - t->n, format, args);
  va_end(args);
}

void gen_blanks(gen *g, gen_text *t)
{
  gen_add(t, gen_in(g, 8) ? "  " : " ");
}

static struct tm broken_down(int64_t when, int utc)
{
  time_t t = (time_t)(when / GEN_SECOND - (when % GEN_SECOND < 0));
  struct tm tm;

  if (utc)
    gmtime_r(&t, &tm);
  else
    localtime_r(&t, &tm);
  return tm;
}

static unsigned nano(int64_t when)
{
  return (unsigned)((when % GEN_SECOND + GEN_SECOND) % GEN_SECOND);
}

static void fraction(gen_text *t, int64_t when, unsigned digits, char point)
{
  char s[16];

  snprintf(s, sizeof s, "%09u", nano(when));
  if (digits)
    gen_add(t, "%c%.*s", point, (int)digits, s);
}

static void date(gen_moment const *m, gen_text *t, int utc, char between, unsigned digits)
{
  struct tm tm = broken_down(m->when, utc);

  gen_add(t, "%04d-%02d-%02d%c%02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, between,
          tm.tm_hour, tm.tm_min, tm.tm_sec);
  fraction(t, m->when, digits, gen_in(m->g, 6) ? ',' : '.');
}

void gen_label(gen_moment const *m, gen_text *t)
{
  uint64_t second = (UINT64_C(1) << 62) + 10 + (uint64_t)(m->when / GEN_SECOND);

  if (gen_settled(m->g) && gen_in(m->g, 700))
    second |= UINT64_C(1) << (62 + gen_below(m->g, 2));
  if (gen_settled(m->g) && gen_in(m->g, 700))
    second += UINT64_C(1) << (34 + gen_below(m->g, 20));
  gen_add(t, "@%016llx%08x", (unsigned long long)second, nano(m->when));
  gen_blanks(m->g, t);
}

void gen_local(gen_moment const *m, gen_text *t)
{
  date(m, t, 0, ' ', (unsigned)gen_below(m->g, 10));
  gen_blanks(m->g, t);
}

/* With an offset, and without blanks after it. */
void gen_zoned(gen_moment const *m, gen_text *t)
{
  static struct {
    char const *name;
    int minutes;
  } const zones[] = {{"Z", 0}, {"+00:00", 0}, {"+01:00", 60}, {"-03:30", -210}, {"+0200", 120}};
  unsigned z = (unsigned)gen_below(m->g, 5);
  gen_moment there = *m;

  there.when += zones[z].minutes * 60 * GEN_SECOND;
  date(&there, t, 1, 'T', (unsigned)gen_below(m->g, 10));
  gen_add(t, "%s", zones[z].name);
}

void gen_iso(gen_moment const *m, gen_text *t)
{
  if (gen_in(m->g, 3))
    gen_zoned(m, t);
  else
    date(m, t, 1, gen_in(m->g, 2) ? '_' : 'T', gen_in(m->g, 2) ? 5 : (unsigned)gen_below(m->g, 10));
  gen_blanks(m->g, t);
}

/* All have a year. */
static void day(gen_text *t, struct tm const *tm, unsigned form)
{
  static char const *const forms[] = {"%Y-%m-%d", "%Y/%m/%d", "%d-%b-%Y", "%d/%b/%Y", "%b %e %Y", "%b %d %Y"};
  char s[64];

  strftime(s, sizeof s, forms[form], tm);
  gen_add(t, "%s", s);
}

/* How an offset of so many minutes is written, of the ways that can say it. */
static void offset(gen *g, gen_text *t, int minutes)
{
  char const *const sign = minutes < 0 ? "-" : "+";
  int n = minutes < 0 ? -minutes : minutes;

  if (n % 60 == 0 && gen_in(g, 3))
    gen_add(t, "%s%02d", sign, n / 60);
  else
    gen_add(t, gen_in(g, 2) ? "%s%02d%02d" : "%s%02d:%02d", sign, n / 60, n % 60);
}

/* A zone that means local time: its abbreviation, or in brackets its name. */
static void local_zone(gen_moment const *m, gen_text *t, int brackets)
{
  char const *tz = getenv("TZ");

  if (brackets && tz && strchr(tz, '/') && gen_in(m->g, 2))
    gen_add(t, "%s", tz);
  else
    gen_add(t, "%s", broken_down(m->when, 0).tm_zone);
}

static char separator(gen *g, unsigned form)
{
  if (form == 3 && gen_in(g, 2))
    return ':';
  return gen_in(g, 3) ? gen_in(g, 2) ? 'T' : '_' : ' ';
}

/* A date of any form, without blanks after it. */
void gen_any_date(gen_moment const *m, gen_text *t)
{
  enum { NONE, ZULU, OFFSET, LOCAL };
  static char const *const zulu[] = {"Z", "UTC", "GMT"};
  static int const east[] = {0, 60, -210, 120, 345, 899, -720, -899};
  gen *g = m->g;
  unsigned form = (unsigned)gen_below(g, 6), zone = (unsigned)gen_below(g, 4);
  int brackets = gen_in(g, 3), minutes = east[gen_below(g, sizeof east / sizeof *east)];
  char between = separator(g, form);
  int utc = zone == ZULU || zone == OFFSET || (zone == NONE && (between == 'T' || between == '_'));
  struct tm tm = broken_down(m->when + (zone == OFFSET ? minutes * 60 * GEN_SECOND : 0), utc);
  static char const *const weekdays[] = {"Sun ", "Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat "};

  gen_add(t, "%s%s", brackets ? "[" : "", gen_in(g, 5) ? weekdays[tm.tm_wday] : "");
  day(t, &tm, form);
  gen_add(t, "%c%02d:%02d:%02d", between, tm.tm_hour, tm.tm_min, tm.tm_sec);
  fraction(t, m->when, gen_in(g, 2) ? 0 : (unsigned)gen_below(g, 10), gen_in(g, 6) ? ',' : '.');
  if (zone != NONE && gen_in(g, 2))
    gen_add(t, " ");
  if (zone == ZULU)
    gen_add(t, "%s", zulu[gen_below(g, 3)]);
  else if (zone == OFFSET)
    offset(g, t, minutes);
  else if (zone == LOCAL)
    local_zone(m, t, brackets);
  gen_add(t, "%s%s", brackets ? "]" : "", gen_in(g, 5) ? ":" : "");
}

void gen_date(gen_moment const *m, gen_text *t)
{
  gen_any_date(m, t);
  gen_blanks(m->g, t);
}

/* What journalctl -o short-full writes before the host. */
void gen_full_date(gen_moment const *m, gen_text *t)
{
  struct tm tm = broken_down(m->when, 0);
  char s[64];

  strftime(s, sizeof s, "%a %Y-%m-%d %H:%M:%S %Z", &tm);
  gen_add(t, "%s", s);
}

void gen_number(gen_moment const *m, gen_text *t)
{
  gen_add(t, "%lld", (long long)(m->when / GEN_SECOND));
  fraction(t, m->when, gen_in(m->g, 2) ? 6 : 9, '.');
  gen_blanks(m->g, t);
}
