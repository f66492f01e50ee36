/* sayings.h - a tap for tests, and what it said: a log in, alert lines out.
 *
 * Times are seconds after NOON; a label of one is what multilog writes. */
#ifndef TESTS_SAYINGS_H
#define TESTS_SAYINGS_H

#include "rows.h"

#include "base/tai64n.h"
#include "watch/tap.h"
#include <stdarg.h>
#include <stdio.h>

#define NOON INT64_C(1795435200) /* seconds since the Unix epoch */
#define SAYINGS_MOST (1 << 20)

typedef struct {
  char s[SAYINGS_MOST];
  size_t len, told; /* what of it was expected already */
} sayings;

typedef struct {
  tap t;
  script rules;
  sayings said;
} world;

static inline void sayings_take(void *to, span line)
{
  sayings *s = to;
  assert_true(s->len + line.len < SAYINGS_MOST);
  assert_true(line.len <= ALERT_MAX && line.s[line.len - 1] == '\n');
  memcpy(s->s + s->len, line.s, line.len);
  s->len += line.len;
  s->s[s->len] = 0;
}

/* Adds directives, separated by blanks, or by '|' if they have blanks themselves, to a script. */
static inline void script_of(script *rules, char const *directives)
{
  char *copy = strdup(directives), *rest = copy, *one;
  script_error e;
  while ((one = strsep(&rest, strchr(directives, '|') ? "|" : " ")))
    assert_int_equal(script_add(rules, one, &e), 1);
  free(copy);
}

static inline void world_open(world *w, char const *directives, size_t memory, int keep)
{
  memset(&w->rules, 0, sizeof w->rules);
  w->said.len = w->said.told = 0;
  w->said.s[0] = 0;
  script_of(&w->rules, directives);
  assert_int_equal(tap_open(&w->t, &(tap_plan){&w->rules, {0, {"", 0}}, memory, keep, 1, 1},
                            (moment){NOON * SECOND, 5 * SECOND}, &sayings_take, &w->said),
                   1);
}

static inline void world_close(world *w)
{
  tap_close(&w->t);
  script_free(&w->rules);
}

/* The machine's clocks: wall, and mono less its start. */
static inline void world_clock(world *w, int64_t wall, int64_t mono)
{
  tap_machine(&w->t, (moment){(NOON + wall) * SECOND, (5 + mono) * SECOND});
}

static inline void world_raw(world *w, char const *line)
{
  size_t len = strlen(line);
  char *exact = rows_exact(line, len);
  tap_line(&w->t, (span){exact, len});
  free(exact);
}

__attribute__((format(printf, 3, 4))) static inline void world_line(world *w, int64_t when,
                                                                    char const *format, ...)
{
  char line[9000];
  va_list args;
  size_t n = label_fmt(line, (NOON + when) * SECOND);
  line[n++] = ' ';
  va_start(args, format);
  vsnprintf(line + n, sizeof line - n, format, args);
  va_end(args);
  world_raw(w, line);
}

/* A message from that sender, with a number and a Q of its own. */
static inline void world_msg(world *w, int64_t when, char const *from)
{
  static unsigned int number;
  number++;
  world_line(w, when, "info msg %u: bytes 900 from <%s> qp %u uid 89", number, from, number);
}

/* What was said since the last time, labels replaced by '@' and the seconds after NOON, must be this. */
static inline void world_expect(world *w, char const *alerts)
{
  char got[20000];
  size_t n = 0;
  for (char const *s = w->said.s + w->said.told; *s && n < sizeof got - 40;) {
    int64_t seconds;
    uint32_t nano;
    size_t len = strlen(s);
    if (label_scan(&seconds, &nano, (span){s, len})) {
      n += (size_t)snprintf(got + n, 40, "@%lld", (long long)(seconds - NOON));
      s += LABEL_FMT;
    } else
      got[n++] = *s++;
  }
  got[n] = 0;
  w->said.told = w->said.len;
  assert_string_equal(got, alerts);
}

#endif
