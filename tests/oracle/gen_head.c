/* gen_head.c - headers of syslog and journal before the lines, and the marks of containers and socklog. */
#include "gen.h"

static char const *const marks[] = {"mail.info", "mail.notice", "local0.debug", "daemon.err"};

static void priority(gen *g, gen_text *t)
{
  if (gen_in(g, 4))
    gen_add(t, "<%u>", (unsigned)gen_below(g, 192));
}

/* What follows the date of a header. */
static void host_and_ident(gen_moment const *m, gen_text *t, int needs_pid)
{
  static char const *const idents[] = {"qmail", "qmail", "qmail-send", "mail/q", "q.1"};
  gen *g = m->g;
  char const *ident = idents[gen_below(g, 5)];
  uint64_t kind = needs_pid && !m->host ? 1 + gen_below(g, 2) : gen_below(g, 4);

  if (gen_in(g, 6))
    gen_add(t, " <%s>", marks[gen_below(g, 4)]);
  if (m->host)
    gen_add(t, " mx%u", m->host);
  if (kind == 1 || kind == 2)
    gen_add(t, kind == 1 ? " %s[%u]:" : " %s [%u]:", ident, 100 + m->host);
  else
    gen_add(t, " %s:", ident);
  gen_blanks(g, t);
  if (gen_in(g, 8)) {
    gen_add(t, "[ID %u %s]", 700000 + m->host, marks[gen_below(g, 4)]);
    gen_blanks(g, t);
  }
}

static void old(gen_moment const *m, gen_text *t, int with_year)
{
  static char const *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  static char const *const short_day[] = {" ", "0", ""};
  time_t seconds = (time_t)(m->when / GEN_SECOND);
  struct tm tm;

  localtime_r(&seconds, &tm);
  priority(m->g, t);
  gen_add(t, "%s %s%d", months[tm.tm_mon], tm.tm_mday < 10 ? short_day[gen_below(m->g, 3)] : "", tm.tm_mday);
  if (with_year)
    gen_add(t, " %04d", tm.tm_year + 1900);
  gen_add(t, " %02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
  if (gen_in(m->g, 4))
    gen_add(t, ".%03u", (unsigned)(m->when % GEN_SECOND / 1000000));
  host_and_ident(m, t, with_year);
}

void gen_header_old(gen_moment const *m, gen_text *t)
{
  old(m, t, 0);
}

void gen_header_year(gen_moment const *m, gen_text *t)
{
  if (gen_in(m->g, 2)) {
    old(m, t, 1);
    return;
  }
  priority(m->g, t);
  gen_full_date(m, t);
  host_and_ident(m, t, 1);
}

void gen_header_iso(gen_moment const *m, gen_text *t)
{
  priority(m->g, t);
  gen_zoned(m, t);
  host_and_ident(m, t, 1);
}

void gen_rfc5424(gen_moment const *m, gen_text *t)
{
  static char const *const data[] = {"-", "[a@1 b=\"c\"]", "[a b=\"\\]\\\" c\"][d]", "[x]"};

  gen_add(t, "<%u>1 ", (unsigned)gen_below(m->g, 192));
  gen_zoned(m, t);
  if (m->host)
    gen_add(t, " mx%u", m->host);
  else
    gen_add(t, " -");
  gen_add(t, " qmail %s %s %s", gen_in(m->g, 2) ? "-" : "77", gen_in(m->g, 2) ? "-" : "ID1",
          data[gen_below(m->g, 4)]);
  gen_blanks(m->g, t);
}

void gen_journal(gen_moment const *m, gen_text *t)
{
  gen_number(m, t);
  if (!m->host)
    return;
  gen_add(t, "mx%u qmail[%u]:", m->host, 100 + m->host);
  gen_blanks(m->g, t);
}

void gen_container(gen_moment const *m, gen_text *t)
{
  gen_zoned(m, t);
  gen_blanks(m->g, t);
  gen_add(t, "%s %c", gen_in(m->g, 2) ? "stdout" : "stderr", gen_in(m->g, 5) ? 'P' : 'F');
  gen_blanks(m->g, t);
}

void gen_socklog(gen_moment const *m, gen_text *t)
{
  gen_add(t, "%s:", marks[gen_below(m->g, 4)]);
  gen_blanks(m->g, t);
}
