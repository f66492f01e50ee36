/* gen_piece.c - the pieces of a prefix that are a time and no more. */
#include <stdarg.h>
#include <stdio.h>
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

/* With a zone, and without blanks behind it. */
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

void gen_number(gen_moment const *m, gen_text *t)
{
  gen_add(t, "%lld", (long long)(m->when / GEN_SECOND));
  fraction(t, m->when, gen_in(m->g, 2) ? 6 : 9, '.');
  gen_blanks(m->g, t);
}
