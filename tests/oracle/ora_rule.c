/* ora_rule.c - one rule: LIMIT[:CLEAR]/PERIOD[/COUNT[/KEY]], and its canonical form. */
#include <string.h>

#include "ora.h"

static char const *const counts[] = {"msg",    "remote", "rcpt", "byte", "fail", "defer",
                                     "bounce", "to",     "host", "from", "line"};
static char const *const keys[] = {"sender", "domain", "uid", "all"};

static int scaled(ora_str *s, uint64_t *n)
{
  static char const *const units[] = {"k", "M", "G"};
  uint64_t factor = 1;

  if (!ora_eat_number(s, n))
    return 0;
  for (unsigned i = 0; i < 3; i++) {
    factor *= 1000;
    if (ora_eat(s, units[i])) {
      if (*n > UINT64_MAX / factor)
        return 0;
      *n *= factor;
      return 1;
    }
  }
  return 1;
}

static int period(ora_str *s, uint64_t *seconds)
{
  static struct {
    char const *name;
    uint64_t seconds;
  } const units[] = {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}};
  uint64_t n, factor = 1;

  if (!ora_eat_number(s, &n))
    return 0;
  for (unsigned i = 0; i < 5; i++)
    if (ora_eat(s, units[i].name)) {
      factor = units[i].seconds;
      break;
    }
  if (n < 1 || n > 400 * UINT64_C(86400) / factor)
    return 0;
  *seconds = n * factor;
  return 1;
}

/* Finds s among the names. */
static int choose(ora_str s, char const *const *names, unsigned n, unsigned *found)
{
  for (*found = 0; *found < n; ++*found)
    if (ora_same(s, ora_lit(names[*found])))
      return 1;
  return 0;
}

/* What follows the period. */
static int count_and_key(ora_pool *pool, ora_str s, ora_rule *r, ora_str *shown)
{
  ora_str word = s;
  unsigned found;
  size_t slash;
  int more = ora_find(s, ora_lit("/"), &slash);

  if (more)
    word.n = slash;
  if (!choose(word, counts, sizeof counts / sizeof *counts, &found))
    return 0;
  r->count = (ora_count)found;
  s = more ? (ora_str){s.p + slash + 1, s.n - slash - 1} : (ora_str){"", 0};
  *shown = s;
  if (r->count == ORA_LINE)
    return s.n >= 1 && s.n <= 200 && ora_glob_read(pool, &r->glob, s);
  *shown = ora_lit(keys[ORA_SENDER]);
  if (!more)
    return r->count != ORA_FROM;
  if (!choose(s, keys, sizeof keys / sizeof *keys, &found))
    return 0;
  *shown = s;
  r->key = (ora_key)found;
  return r->count != ORA_FROM || r->key != ORA_SENDER;
}

static ora_str canonical(ora_pool *pool, ora_rule const *r, uint64_t seconds, ora_str shown)
{
  ora_text t = {0, 0, 0};

  ora_print(pool, &t, "%llu", (unsigned long long)r->limit);
  if (r->clear != r->limit)
    ora_print(pool, &t, ":%llu", (unsigned long long)r->clear);
  if (seconds % 86400 == 0)
    ora_print(pool, &t, "/%llud", (unsigned long long)(seconds / 86400));
  else if (seconds % 3600 == 0)
    ora_print(pool, &t, "/%lluh", (unsigned long long)(seconds / 3600));
  else if (seconds % 60 == 0)
    ora_print(pool, &t, "/%llum", (unsigned long long)(seconds / 60));
  else
    ora_print(pool, &t, "/%llus", (unsigned long long)seconds);
  ora_print(pool, &t, "/%s/", counts[r->count]);
  ora_show(pool, &t, shown);
  return (ora_str){t.p, t.n};
}

int ora_rule_read(ora_pool *pool, ora_rule *r, ora_str word)
{
  uint64_t seconds;
  ora_str shown = ora_lit(keys[ORA_SENDER]);

  memset(r, 0, sizeof *r);
  if (!scaled(&word, &r->limit))
    return 0;
  r->clear = r->limit;
  if (ora_eat(&word, ":") && !scaled(&word, &r->clear))
    return 0;
  if (r->clear > r->limit || !ora_eat(&word, "/") || !period(&word, &seconds))
    return 0;
  if (word.n && (!ora_eat(&word, "/") || !count_and_key(pool, word, r, &shown)))
    return 0;
  r->different = r->count == ORA_TO || r->count == ORA_HOST || r->count == ORA_FROM || r->glob.words == 2;
  if (r->different && r->limit >= ORA_VALUES_MAX)
    return 0;
  r->period = (int64_t)seconds * ORA_SECOND;
  r->name = canonical(pool, r, seconds, shown);
  return 1;
}
