/* gen_stamp.c - stamps of all forms before the lines, and a clock that stumbles now and then. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "gen.h"

#define SECOND INT64_C(1000000000)

typedef struct {
  gen *g;
  int64_t when;
  unsigned host;
} moment;

static int is(gen const *g, char const *form)
{
  return !strcmp(g->form, form);
}

unsigned gen_hosts(gen *g)
{
  if (is(g, "splogger") || is(g, "syslog-iso"))
    return 1 + (unsigned)gen_below(g, 3);
  return is(g, "mixed") ? 1 + (unsigned)gen_below(g, 4) : 1;
}

static struct tm broken_down(int64_t when, int utc)
{
  time_t t = (time_t)(when / SECOND - (when % SECOND < 0));
  struct tm tm;

  if (utc)
    gmtime_r(&t, &tm);
  else
    localtime_r(&t, &tm);
  return tm;
}

static unsigned nano(int64_t when)
{
  return (unsigned)((when % SECOND + SECOND) % SECOND);
}

static void fraction(int64_t when, unsigned digits)
{
  char s[16];

  snprintf(s, sizeof s, "%09u", nano(when));
  if (digits)
    printf(".%.*s", (int)digits, s);
}

static void date(moment const *m, int utc, char between, unsigned digits)
{
  struct tm tm = broken_down(m->when, utc);

  printf("%04d-%02d-%02d%c%02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, between, tm.tm_hour,
         tm.tm_min, tm.tm_sec);
  fraction(m->when, digits);
}

static void tai64n(moment const *m)
{
  uint64_t second = (UINT64_C(1) << 62) + 10 + (uint64_t)(m->when / SECOND);

  if (m->g->lines && gen_in(m->g, 700))
    second |= UINT64_C(1) << (62 + gen_below(m->g, 2));
  if (m->g->lines && gen_in(m->g, 700))
    second += UINT64_C(1) << (34 + gen_below(m->g, 20));
  printf("@%016llx%08x ", (unsigned long long)second, nano(m->when));
}

static void local(moment const *m)
{
  date(m, 0, ' ', (unsigned)gen_below(m->g, 10));
  fputs(gen_in(m->g, 2) ? " " : "  ", stdout);
}

static void both(moment const *m)
{
  tai64n(m);
  local(m);
}

static void svlogd(moment const *m)
{
  if (gen_in(m->g, 3)) {
    tai64n(m);
    return;
  }
  date(m, 1, gen_in(m->g, 2) ? '_' : 'T', 5);
  putchar(' ');
}

static void accustamp(moment const *m)
{
  printf("%lld", (long long)(m->when / SECOND));
  fraction(m->when, gen_in(m->g, 2) ? 6 : 9);
  putchar(' ');
}

static void header_old(moment const *m)
{
  static char const *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  struct tm tm = broken_down(m->when, 0);

  printf("%s %2d %02d:%02d:%02d mx%u qmail: ", months[tm.tm_mon], tm.tm_mday, tm.tm_hour, tm.tm_min,
         tm.tm_sec, m->host);
}

static void header_iso(moment const *m)
{
  static struct {
    char const *name;
    int minutes;
  } const zones[] = {{"Z", 0}, {"+00:00", 0}, {"+01:00", 60}, {"-03:30", -210}, {"+0200", 120}};
  unsigned z = (unsigned)gen_below(m->g, 5);
  moment there = *m;

  there.when += zones[z].minutes * 60 * SECOND;
  date(&there, 1, 'T', gen_in(m->g, 2) ? 6 : 0);
  printf("%s mx%u qmail[%u]: ", zones[z].name, m->host, 100 + m->host);
}

static void splogger(moment const *m)
{
  if (gen_in(m->g, 2))
    header_old(m);
  else
    header_iso(m);
  accustamp(m);
}

static void syslog_iso(moment const *m)
{
  if (m->g->lines && gen_in(m->g, 50))
    header_old(m);
  else
    header_iso(m);
}

static void mixed(moment const *m)
{
  static void (*const plain[])(moment const *) = {tai64n, local, both, svlogd, accustamp};

  if (m->host)
    (gen_in(m->g, 2) ? splogger : syslog_iso)(m);
  else
    plain[gen_below(m->g, 5)](m);
}

static void stamp(moment const *m)
{
  static struct {
    char const *form;
    void (*write)(moment const *);
  } const forms[] = {{"local", local},         {"both", both},         {"svlogd", svlogd},
                     {"accustamp", accustamp}, {"splogger", splogger}, {"syslog-iso", syslog_iso},
                     {"mixed", mixed}};

  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (is(m->g, forms[i].form)) {
      forms[i].write(m);
      return;
    }
  tai64n(m);
}

static int64_t step(gen *g)
{
  static int64_t const round[] = {1, 1, 1, 5, 10, 30, 60, 60, 120, 300};
  uint64_t kind = gen_below(g, g->burst ? 400 : 100);

  if (kind < 30 || kind >= 100)
    return gen_in(g, 2) ? 0 : (int64_t)gen_below(g, 1000);
  if (kind < 70)
    return (int64_t)gen_below(g, 20000000);
  if (kind < 88)
    return (int64_t)gen_below(g, 1000000000);
  if (kind < 98)
    return round[gen_below(g, 10)] * SECOND;
  return gen_in(g, 20) ? (int64_t)gen_below(g, 8 * 3600) * SECOND
                       : (int64_t)gen_below(g, 60 * 1000) * 1000000;
}

/* The instant the next line shows. */
static int64_t shown(gen *g)
{
  g->now += step(g);
  if (g->newest == INT64_MIN)
    return g->now;
  if (gen_in(g, 2000))
    g->now -= (int64_t)(301 + gen_below(g, 7200)) * SECOND;
  if (gen_in(g, 2000))
    return g->newest - 300 * SECOND - (int64_t)gen_below(g, 2);
  if (gen_in(g, 3000))
    return g->now + (2 + (int64_t)gen_below(g, 100)) * 86400 * SECOND;
  if (gen_in(g, 500))
    return INT64_C(6000000000) * SECOND + (int64_t)gen_below(g, 1000) * SECOND;
  if (gen_in(g, 50))
    return g->now - (int64_t)gen_below(g, 290 * (uint64_t)SECOND);
  return g->now;
}

static void stamp_or_none(gen *g, unsigned host)
{
  moment m = {g, shown(g), host};

  if (is(g, "none") || (is(g, "late") && g->lines < g->wanted / 2) ||
      (g->lines && gen_in(g, host ? 600 : 60)))
    return;
  if (m.when < INT64_C(5000000000) * SECOND && m.when > g->newest)
    g->newest = m.when;
  stamp(&m);
}

void gen_line(gen *g, unsigned host, char const *text, size_t n)
{
  if (g->lines >= g->wanted)
    return;
  stamp_or_none(g, host);
  fputs(g->half, stdout);
  *g->half = 0;
  fwrite(text, 1, n, stdout);
  if (++g->lines < g->wanted || g->last_newline)
    putchar('\n');
}
