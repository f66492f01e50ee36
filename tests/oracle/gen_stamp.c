/* gen_stamp.c - the forms of prefixes, and a clock that stumbles now and then. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

#define AUTUMN INT64_C(1761440400)  /* 2025-10-26, when Europe's clocks are set back */
#define AMERICA (7 * 86400 + 12600) /* a week later those of St. John's */
#define SUMMER INT64_C(1750000000)

static int is(gen const *g, char const *form)
{
  return !strcmp(g->form, form);
}

int gen_named(gen const *g)
{
  return is(g, "splogger") || is(g, "syslog-iso") || is(g, "yearless") || is(g, "journal");
}

int gen_settled(gen const *g)
{
  return g->lines > 40;
}

unsigned gen_hosts(gen *g)
{
  if (gen_named(g))
    return 1 + (unsigned)gen_below(g, 3);
  return is(g, "mixed") || is(g, "stacked") ? 1 + (unsigned)gen_below(g, 4) : 1;
}

/* Dates without a year mean the last twelve months: such a log begins 100 days before GEN_NOW (seconds; else
 * now).  GEN_BEGIN sets the beginning of any. */
void gen_begin(gen *g)
{
  static int64_t const zones[] = {3600, -3600, 7200, -12600, 20700};
  char const *fixed = getenv("GEN_NOW"), *begin = getenv("GEN_BEGIN");
  int64_t today = (fixed ? strtoll(fixed, 0, 10) : (int64_t)time(0)) / 86400 * 86400, second = SUMMER;

  if (gen_in(g, 3))
    second = AUTUMN + (gen_in(g, 2) ? AMERICA : 0) - (int64_t)gen_below(g, 7200);
  if (is(g, "yearless"))
    second = today - 100 * 86400 + (int64_t)gen_below(g, 86400);
  if (begin)
    second = strtoll(begin, 0, 10);
  g->now = second * GEN_SECOND + (gen_in(g, 2) ? 0 : (int64_t)gen_below(g, 1000000000));
  g->newest = INT64_MIN;
  g->cut = gen_in(g, 2) ? 800 : 30 + gen_below(g, 100);
  g->last_newline = gen_in(g, 2);
  g->foreign = gen_in(g, 2) ? zones[gen_below(g, 5)] * GEN_SECOND : 0;
}

/* As the clocks of another zone show it; an absolute time must be beside it. */
static gen_moment abroad(gen_moment const *m)
{
  gen_moment there = *m;

  there.when += m->g->foreign;
  return there;
}

static void both(gen_moment const *m, gen_text *t)
{
  gen_moment there = abroad(m);
  int first = gen_in(m->g, 3);

  if (first)
    gen_local(&there, t);
  gen_label(m, t);
  if (!first)
    gen_local(&there, t);
}

static void svlogd(gen_moment const *m, gen_text *t)
{
  (gen_in(m->g, 3) ? gen_label : gen_iso)(m, t);
}

static void splogger(gen_moment const *m, gen_text *t)
{
  gen_moment there = abroad(m);

  (gen_in(m->g, 2) ? gen_header_old : gen_in(m->g, 3) ? gen_header_year : gen_header_iso)(&there, t);
  gen_number(m, t);
}

static void syslog_iso(gen_moment const *m, gen_text *t)
{
  (m->g->lines && gen_in(m->g, 3) ? gen_rfc5424 : gen_header_iso)(m, t);
}

static void journal(gen_moment const *m, gen_text *t)
{
  (gen_in(m->g, 2) ? gen_journal : gen_in(m->g, 2) ? gen_header_year : gen_header_iso)(m, t);
}

static void mixed(gen_moment const *m, gen_text *t)
{
  static void (*const plain[])(gen_moment const *, gen_text *) = {gen_label,  gen_local,     both,    svlogd,
                                                                  gen_number, gen_container, gen_date};

  if (m->host)
    (gen_in(m->g, 2) ? splogger : syslog_iso)(m, t);
  else
    plain[gen_below(m->g, 7)](m, t);
}

/* Other programs' pieces around the line's own: up to nine. */
static void stacked(gen_moment const *m, gen_text *t)
{
  static void (*const pieces[])(gen_moment const *, gen_text *) = {
      gen_label,   gen_local,   gen_iso,       gen_number, gen_header_old, gen_header_iso,
      gen_socklog, gen_rfc5424, gen_container, gen_date,   gen_header_year};
  uint64_t n = gen_in(m->g, 20) ? 7 + gen_below(m->g, 3) : gen_below(m->g, 4);
  gen_moment outer = *m;

  for (; n; n--) {
    outer.host = m->host ? (unsigned)gen_below(m->g, GEN_HOSTS) : 0;
    outer.when = m->when + (int64_t)gen_below(m->g, 3 * (uint64_t)GEN_SECOND);
    pieces[gen_below(m->g, 11)](&outer, t);
  }
  mixed(m, t);
  if (gen_in(m->g, 6))
    gen_socklog(m, t);
}

void gen_prefix(gen_moment const *m, gen_text *t)
{
  static struct {
    char const *form;
    void (*write)(gen_moment const *, gen_text *);
  } const forms[] = {{"local", gen_local},         {"both", both},
                     {"svlogd", svlogd},           {"accustamp", gen_number},
                     {"splogger", splogger},       {"syslog-iso", syslog_iso},
                     {"yearless", gen_header_old}, {"journal", journal},
                     {"container", gen_container}, {"mixed", mixed},
                     {"stacked", stacked},         {"dates", gen_date}};

  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (is(m->g, forms[i].form)) {
      forms[i].write(m, t);
      return;
    }
  gen_label(m, t);
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
    return round[gen_below(g, 10)] * GEN_SECOND;
  return gen_in(g, 20) ? (int64_t)gen_below(g, 8 * 3600) * GEN_SECOND
                       : (int64_t)gen_below(g, 60 * 1000) * 1000000;
}

/* A boot clock, yesterday's, the next century's. */
static int64_t astray(gen *g)
{
  static int64_t const odd[] = {0, 100000, 1000000000, 1749990000, 1790000000, 6000000000};

  return (odd[gen_below(g, 6)] + (int64_t)gen_below(g, 1000)) * GEN_SECOND;
}

int64_t gen_shown(gen *g, int noise)
{
  g->now += step(g);
  if (noise && gen_in(g, 4))
    return astray(g);
  if (g->newest == INT64_MIN)
    return gen_in(g, 20) ? astray(g) : g->now;
  if (gen_in(g, 1500))
    g->now -= (int64_t)(301 + gen_below(g, 7200)) * GEN_SECOND;
  if (gen_in(g, 2000))
    return g->newest - 300 * GEN_SECOND - (int64_t)gen_below(g, 2);
  if (gen_in(g, 3000))
    return g->now + (2 + (int64_t)gen_below(g, 100)) * 86400 * GEN_SECOND;
  if (gen_in(g, 500))
    return INT64_C(6000000000) * GEN_SECOND + (int64_t)gen_below(g, 1000) * GEN_SECOND;
  if (gen_in(g, 50))
    return g->now - (int64_t)gen_below(g, 290 * (uint64_t)GEN_SECOND);
  return g->now;
}
