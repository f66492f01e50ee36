/* gen_line.c - a line with its prefix, cut as splogger cuts it, and with what editors and terminals leave. */
#include <stdio.h>
#include <string.h>

#include "gen.h"

static void put(gen *g, char const *head, char const *text, size_t n)
{
  if (g->lines >= g->wanted)
    return;
  fputs(head, stdout);
  fwrite(text, 1, n, stdout);
  if (++g->lines < g->wanted || g->last_newline)
    putchar('\n');
}

/* The next part of a line that was cut; at times a part is lost, or belongs to nothing. */
static void go_on(gen *g, gen_rest *r)
{
  size_t n = r->text.n < g->cut ? r->text.n : g->cut;
  char head[sizeof r->head + sizeof r->number + 2];

  if (!r->text.n)
    return;
  if (gen_in(g, 40))
    r->number[9] = (char)('0' + gen_below(g, 10));
  snprintf(head, sizeof head, "%s%s+", r->head, r->number);
  if (!gen_in(g, 40))
    put(g, head, r->text.s, n);
  memmove(r->text.s, r->text.s + n, r->text.n -= n);
}

void gen_flush(gen *g)
{
  for (unsigned h = 0; h < GEN_HOSTS; h++)
    while (g->rest[h].text.n)
      go_on(g, &g->rest[h]);
}

/* Other machines' lines may stand between the parts, and now and then one of the same. */
static void others(gen *g, unsigned host)
{
  for (unsigned h = 0; h < GEN_HOSTS; h++)
    while (g->rest[h].text.n && !gen_in(g, h == host ? 30 : 2))
      go_on(g, &g->rest[h]);
}

/* The number at the end of a prefix, if there is one. */
static char const *number(gen_text *prefix)
{
  char *s = prefix->s + prefix->n;

  while (s > prefix->s && s[-1] == ' ')
    s--;
  *s = 0;
  while (s > prefix->s && strchr("0123456789.", s[-1]))
    s--;
  return strchr(s, '.') && (s == prefix->s || s[-1] == ' ') ? s : 0;
}

/* Writes the first part of a line that is too long, and keeps the rest. */
static int cut(gen *g, unsigned host, gen_text const *prefix, gen_text const *line)
{
  static gen_text copy;
  gen_rest *r = &g->rest[host];
  char const *n;

  copy = *prefix;
  n = line->n > g->cut ? number(&copy) : 0;
  if (!n || (size_t)(n - copy.s) >= sizeof r->head || strlen(n) >= sizeof r->number || strlen(n) < 16)
    return 0;
  memcpy(r->number, n, strlen(n) + 1);
  snprintf(r->head, sizeof r->head, "%.*s", (int)(n - copy.s), copy.s);
  put(g, prefix->s, line->s, g->cut);
  r->text.n = line->n - g->cut;
  memcpy(r->text.s, line->s + g->cut, r->text.n);
  return 1;
}

static void compose(gen *g, gen_text *line, char const *text, size_t n)
{
  static char const *const ends[] = {" ", "\r", "\t", " \r", "  \t "};

  line->n = 0;
  gen_add(line, "%s", g->half);
  *g->half = 0;
  memcpy(line->s + line->n, text, n);
  line->n += n;
  line->s[line->n] = 0;
  if (gen_in(g, 40))
    gen_add(line, "%s", ends[gen_below(g, 5)]);
}

void gen_line(gen *g, unsigned host, char const *text, size_t n, int noise)
{
  static gen_text prefix, line;
  gen_moment m = {g, gen_shown(g, noise), host};

  others(g, host);
  compose(g, &line, text, n);
  prefix.n = 0;
  prefix.s[0] = 0;
  if (!(!strcmp(g->form, "none") || (!strcmp(g->form, "late") && g->lines < g->wanted / 2) ||
        (gen_settled(g) && gen_in(g, host ? 600 : 60)))) {
    if (!noise && m.when < INT64_C(5000000000) * GEN_SECOND && m.when > g->newest)
      g->newest = m.when;
    gen_prefix(&m, &prefix);
    if (gen_settled(g) && gen_in(g, 150))
      prefix.n = gen_damage(g, prefix.s, prefix.n);
    prefix.s[prefix.n] = 0;
  }
  if (!cut(g, host, &prefix, &line))
    put(g, prefix.s, line.s, line.n);
}
