/* ora_fold.c - the address a sender is counted under. */
#include <string.h>

#include "ora.h"

static int begins(ora_str s, char const *literal)
{
  return ora_eat(&s, literal);
}

static int ends(ora_str s, char const *literal)
{
  size_t n = strlen(literal);

  return s.n >= n && !memcmp(s.p + s.n - n, literal, n);
}

/* prvs=TAG=u, btv1==TAG==u: u */
static ora_str untag(ora_str s, char const *head, char const *sep)
{
  ora_str rest = s;
  size_t at;

  if (!ora_eat(&rest, head) || !ora_find(rest, ora_lit(sep), &at))
    return s;
  at += strlen(sep);
  return (ora_str){rest.p + at, rest.n - at};
}

static ora_str unsrs(ora_str s)
{
  if ((begins(s, "srs0") || begins(s, "srs1")) && s.n > 4 && memchr("=+-", s.p[4], 3))
    return ora_lit("srs");
  return s;
}

/* Cuts before the last -NUMBER- after -return that is followed by nothing, or by something with a '='. */
static ora_str unezmlm(ora_str s)
{
  ora_str cut = s;

  for (size_t i = 0; i < s.n; i++) {
    ora_str rest = {s.p + i, s.n - i};
    unsigned digit;
    size_t at;
    if (!ora_eat(&rest, "-return-") || !ora_eat_digits(&rest, 1, &digit))
      continue;
    while (ora_eat_digits(&rest, 1, &digit))
      ;
    if (ora_eat(&rest, "-") && (!rest.n || ora_find(rest, ora_lit("="), &at)))
      cut.n = i + strlen("-return");
  }
  return cut;
}

/* The VERP of Mailman and Sympa: cuts before the first '+' but in first place, if a '=' follows it. */
static ora_str unverp(ora_str s)
{
  size_t at;

  for (size_t i = 1; i < s.n; i++)
    if (s.p[i] == '+' && ora_find((ora_str){s.p + i, s.n - i}, ora_lit("="), &at))
      return (ora_str){s.p, i};
  return s;
}

static ora_str unlist(ora_str s)
{
  ora_str cut = unezmlm(s);

  return cut.n < s.n ? cut : unverp(s);
}

static ora_str cut_at_chars(ora_str s, ora_str chars)
{
  for (size_t i = 1; i < s.n; i++)
    if (chars.n && memchr(chars.p, s.p[i], chars.n))
      return (ora_str){s.p, i};
  return s;
}

ora_str ora_lower(ora_pool *pool, ora_str s)
{
  char *low = ora_get(pool, s.n + 1);

  for (size_t i = 0; i < s.n; i++)
    low[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32 : s.p[i]);
  return (ora_str){low, s.n};
}

ora_str ora_fold(ora_pool *pool, ora_script const *script, ora_str sender)
{
  ora_str s, local, domain;
  ora_text joined = {0, 0, 0};

  if (script->exact || ora_same(sender, ora_lit("#@[]")))
    return sender;
  s = ora_lower(pool, sender);
  if (ends(s, "-@[]"))
    s.n -= 4;
  else if (ends(s, "@[]"))
    s.n -= 3;
  local = s;
  while (local.n && local.p[local.n - 1] != '@')
    local.n--;
  if (local.n) {
    local.n--;
    domain = (ora_str){s.p + local.n, s.n - local.n};
    local = unlist(unsrs(untag(untag(local, "prvs=", "="), "btv1==", "==")));
  } else {
    local = s;
    domain = ora_lit("");
  }
  ora_put(pool, &joined, cut_at_chars(local, script->chars));
  ora_put(pool, &joined, domain);
  return (ora_str){joined.p ? joined.p : "", joined.n};
}
