/* oracle.c - one run of the oracle: line by line, the clock first, then what the line counts. */
#include "oracle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ora.h"

#define TOLERANCE (300 * ORA_SECOND) /* a stamp older than the clock by more begins a new timeline */
#define AHEAD (86400 * ORA_SECOND)   /* a stamp further in the future is none */

static void clock_set(ora *o, ora_stamp const *st)
{
  ora_wide when = st->when;

  if (!st->known)
    return;
  if (!o->stamped) {
    ora_forget(o);
    o->stamped = 1;
  } else if (when - o->clock > AHEAD && when - o->wall > AHEAD) {
    return;
  } else if (when >= o->clock) {
    ora_unders(o, st->when);
  } else if (o->clock - when <= TOLERANCE) {
    o->late++;
    return;
  } else {
    ora_timeline(o, st->when);
  }
  o->clock = st->when;
}

static void one_line(ora *o, ora_str line)
{
  ora_stamp st;
  ora_happening h;

  o->lines++;
  if (line.n > ORA_LINE_MAX)
    line.n = ORA_LINE_MAX;
  ora_stamp_read(line, &st);
  clock_set(o, &st);
  ora_join_line(o, st.host, st.text, &h);
  ora_count_line(o, st.text, &h);
}

static void read_log(ora *o, ora_str log)
{
  while (log.n) {
    char const *newline = memchr(log.p, '\n', log.n);
    size_t n = newline ? (size_t)(newline - log.p) : log.n;
    one_line(o, (ora_str){log.p, n});
    n += newline != 0;
    log.p += n;
    log.n -= n;
  }
  if (o->script.report)
    ora_report(o);
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
__attribute__((noinline)) static int run(ora *o, char const *const *args, size_t nargs, ora_str log)
{
  if (!ora_script_read(o->pool, &o->script, args, nargs))
    return EINVAL;
  read_log(o, log);
  return 0;
}

static int run_or_jump(ora *o, char const *const *args, size_t nargs, ora_str log)
{
  return setjmp(o->pool->out) ? ENOMEM : run(o, args, nargs, log);
}

int oracle_run(char const *const *args, size_t nargs, char const *log, size_t len, int64_t wall,
               char **alerts, size_t *alen)
{
  ora_pool pool = {0};
  ora o = {.pool = &pool, .wall = wall, .clock = wall};
  int error = run_or_jump(&o, args, nargs, (ora_str){log, len});

  if (!error && !hand_over(&o.out, alerts, alen))
    error = ENOMEM;
  ora_free(&pool);
  if (!error)
    return 1;
  errno = error;
  return 0;
}
