/* oracle.c - one run of the oracle: line by line, the clock first, then what the line counts. */
#include "oracle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ora.h"

/* Blanks, tabs and CRs at the end do not count. */
static ora_str trimmed(ora_str s)
{
  while (s.n && memchr(" \t\r", s.p[s.n - 1], 3))
    s.n--;
  return s;
}

/* "info msg " and a digit: what would be an event if its prefix were known. */
static int looks_odd(ora_str line)
{
  ora_str rest = line;
  size_t at;
  unsigned digit;

  while (ora_find(rest, ora_lit("info msg "), &at)) {
    rest = (ora_str){rest.p + at + 9, rest.n - at - 9};
    if (ora_eat_digits(&rest, 1, &digit))
      return 1;
  }
  return 0;
}

/* Looks for the patterns of line rules; parts is 0 or says which rules had a match in an earlier part.
 * Returns 1 if one matches now. */
static int match(ora *o, ora_folded *parts, ora_str text, ora_happening *h)
{
  int any = 0;

  h->lines = ora_get(o->pool, (o->script.nrules + 1) * sizeof *h->lines);
  for (size_t i = 0; i < o->script.nrules; i++) {
    ora_rule const *r = &o->script.rules[i];
    if (r->count != ORA_LINE || (parts && parts->matched[i]))
      continue;
    h->lines[i].found = ora_glob_match(o->pool, &r->glob, text, h->lines[i].word);
    if (h->lines[i].found && parts)
      parts->matched[i] = 1;
    any |= h->lines[i].found;
  }
  return any;
}

static int moves_the_clock(ora *o, ora_kind k)
{
  return k == ORA_INFO || k == ORA_END || (k != ORA_OTHER && ora_needs_deliveries(&o->script));
}

/* Whether the rest of a cut line is looked for at all: its beginning could be that of an event, or of what a
 * line rule finds, which may come by a reload. */
static int may_become(ora const *o, ora_str text)
{
  int lines = o->changes;

  for (size_t i = 0; i < o->script.nrules; i++)
    lines |= o->script.rules[i].count == ORA_LINE;
  if (lines || !text.n)
    return text.n > 0;
  return memchr("isdbe", *text.p, 5) && !ora_eat(&text, "status: ");
}

/* A line that splogger cut is odd once, and not at all if it is an event sooner or later. */
static void count_odd(ora *o, ora_stamp const *st, ora_folded *parts, int event, ora_str text)
{
  if (event && parts && parts->odd)
    o->odd--;
  else if (!event &&
           (parts ? !parts->event && !parts->odd && (!st->plus || may_become(o, text)) : !st->plus) &&
           looks_odd(text))
    o->odd++;
  else
    return;
  if (parts)
    parts->odd = !event;
}

static void one_line(ora *o, ora_str line)
{
  ora_stamp st;
  ora_str text;
  ora_folded *parts;
  ora_line l = {.kind = ORA_OTHER};
  ora_happening h = {0};
  int matched = 0;

  o->lines++;
  if (line.n > ORA_LINE_MAX)
    line.n = ORA_LINE_MAX;
  ora_stamp_read(trimmed(line), &o->now, &st);
  if (st.number.n && st.text.n && st.text.p + st.text.n < line.p + line.n && st.text.p[st.text.n] == ' ')
    st.text.n++; /* the cut may have come after a blank */
  parts = ora_folded_take(o, &st, &text);
  text = trimmed(text);
  if (parts || !st.plus) {
    ora_line_read(text, &l);
    matched = match(o, parts, text, &h);
  }
  count_odd(o, &st, parts, l.kind != ORA_OTHER || matched, text);
  if (matched || moves_the_clock(o, l.kind))
    ora_clock_move(o, &st);
  if (parts) {
    parts->mail |= l.kind != ORA_OTHER;
    parts->event |= parts->mail | matched;
  }
  ora_join_line(o, st.host, &l, &h);
  if (h.lines)
    ora_count_line(o, &h);
}

/* Reads the next lines, as many as there are. */
static void read_lines(ora *o, ora_str *log, size_t many)
{
  for (; many && log->n; many--) {
    char const *newline = memchr(log->p, '\n', log->n);
    size_t n = newline ? (size_t)(newline - log->p) : log->n;
    one_line(o, (ora_str){log->p, n});
    n += newline != 0;
    log->p += n;
    log->n -= n;
  }
}

/* A power cut leaves NULs at the beginning of a file. */
static void read_stored(ora *o, oracle_asked const *a)
{
  o->warming = 1;
  for (size_t i = 0; i < a->nstored; i++) {
    ora_str log = {a->stored[i].s, a->stored[i].len};
    while (log.n && !*log.p) {
      log.p++;
      log.n--;
    }
    read_lines(o, &log, SIZE_MAX);
  }
  ora_restored(o);
  o->warming = 0;
}

static int hand_over(ora_text const *t, char **alerts, size_t *alen)
{
  size_t had = *alerts ? *alen : 0;
  char *p = realloc(*alerts, had + t->n + 1);

  if (!p)
    return 0;
  if (t->n)
    memcpy(p + had, t->p, t->n);
  p[had + t->n] = 0;
  *alerts = p;
  *alen = had + t->n;
  return 1;
}

/* Returns 0 or an errno.  Not inlined, so that no variable of it lives in the frame that setjmp() comes back
 * to. */
__attribute__((noinline)) static int run(ora *o, oracle_asked const *a)
{
  ora_str log = {a->log, a->len};

  if (!ora_script_read(o->pool, &o->script, a->args, a->nargs))
    return EINVAL;
  if (a->stored)
    read_stored(o, a);
  if (a->stored || a->keeps_program)
    ora_start(o, a->keeps_program);
  if (a->next) {
    read_lines(o, &log, a->before_next);
    if (!ora_reload(o, a->next, a->nnext))
      return EINVAL;
  }
  read_lines(o, &log, SIZE_MAX);
  if (o->script.report)
    ora_report(o);
  return 0;
}

static int run_or_jump(ora *o, oracle_asked const *a)
{
  return setjmp(o->pool->out) ? ENOMEM : run(o, a);
}

int oracle_answer(oracle_asked const *a, char **alerts, size_t *alen)
{
  ora_pool pool = {0};
  ora o = {.pool = &pool,
           .now = {.wall = a->wall},
           .clock = a->wall,
           .counted = INT64_MIN,
           .changes = a->next != 0};
  int error = run_or_jump(&o, a);

  if (!error && !hand_over(&o.out, alerts, alen))
    error = ENOMEM;
  ora_free(&pool);
  if (!error)
    return 1;
  errno = error;
  return 0;
}
