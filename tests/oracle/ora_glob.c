/* ora_glob.c - the PATTERN of a line rule, by plain backtracking.
 *
 * Decided here: a word never holds a blank, tab, ',', ';', '"' or ''', also where text follows it in PATTERN;
 * a '\' at the end stands for itself. */
#include <string.h>

#include "ora.h"

static ora_part *add(ora_pool *pool, ora_glob *g, ora_part_kind kind)
{
  g->parts = ora_more(pool, g->parts, g->n, &g->room, sizeof *g->parts);
  g->parts[g->n] = (ora_part){.kind = kind};
  g->words += kind == ORA_WORD;
  return &g->parts[g->n++];
}

static void add_byte(ora_pool *pool, ora_glob *g, ora_str byte)
{
  ora_part *last = g->n ? &g->parts[g->n - 1] : 0;

  if (!last || last->kind != ORA_TEXT)
    last = add(pool, g, ORA_TEXT);
  ora_put(pool, &last->text, byte);
}

/* Two words at most, and text somewhere between them. */
static int sound(ora_glob const *g)
{
  int between = 1;

  for (size_t i = 0; i < g->n; i++) {
    if (g->parts[i].kind == ORA_WORD && !between)
      return 0;
    between |= g->parts[i].kind == ORA_TEXT;
    if (g->parts[i].kind == ORA_WORD)
      between = 0;
  }
  return g->words <= 2;
}

int ora_glob_read(ora_pool *pool, ora_glob *g, ora_str s)
{
  memset(g, 0, sizeof *g);
  while (s.n) {
    if (ora_eat(&s, "*")) {
      add(pool, g, ORA_STAR);
      continue;
    }
    if (ora_eat(&s, "{}")) {
      add(pool, g, ORA_WORD);
      continue;
    }
    if (s.n > 1 && *s.p == '\\')
      ora_eat(&s, "\\");
    add_byte(pool, g, (ora_str){s.p, 1});
    s.p++;
    s.n--;
  }
  if (!g->words)
    add(pool, g, ORA_WORD);
  return sound(g);
}

typedef struct {
  ora_glob const *g;
  ora_str text;
  ora_str *word;
  size_t *hopeless; /* for each part, from where on it is known to find nothing if it is a star */
} search;

static size_t run_end(ora_str text, size_t at)
{
  while (at < text.n && !memchr(" \t,;\"'", text.p[at], 6))
    at++;
  return at;
}

static int match_from(search *m, size_t part, size_t at, unsigned words);

static int word_from(search *m, size_t part, size_t at, unsigned words)
{
  size_t end = run_end(m->text, at), n;

  if (part + 1 < m->g->n && m->g->parts[part + 1].kind == ORA_TEXT) {
    ora_text const *t = &m->g->parts[part + 1].text;
    if (!ora_find((ora_str){m->text.p + at, m->text.n - at}, (ora_str){t->p, t->n}, &n) || at + n > end)
      return 0;
    end = at + n;
  }
  m->word[words] = (ora_str){m->text.p + at, end - at};
  return end > at && match_from(m, part + 1, end, words + 1);
}

static int star_from(search *m, size_t part, size_t at, unsigned words)
{
  for (size_t i = at; i <= m->text.n && at < m->hopeless[part]; i++)
    if (match_from(m, part + 1, i, words))
      return 1;
  if (at < m->hopeless[part])
    m->hopeless[part] = at;
  return 0;
}

static int match_from(search *m, size_t part, size_t at, unsigned words)
{
  ora_text const *t;

  if (part == m->g->n)
    return 1;
  if (m->g->parts[part].kind == ORA_WORD)
    return word_from(m, part, at, words);
  if (m->g->parts[part].kind == ORA_STAR)
    return star_from(m, part, at, words);
  t = &m->g->parts[part].text;
  return m->text.n - at >= t->n && !memcmp(m->text.p + at, t->p, t->n) &&
         match_from(m, part + 1, at + t->n, words);
}

int ora_glob_match(ora_pool *pool, ora_glob const *g, ora_str text, ora_str word[2])
{
  search m = {g, text, word, ora_get(pool, g->n * sizeof(size_t))};
  ora_part const *first = &g->parts[0];
  int anywhere = first->kind == ORA_STAR || (first->kind == ORA_TEXT && *first->text.p == ' ');

  for (size_t i = 0; i < g->n; i++)
    m.hopeless[i] = SIZE_MAX;
  for (size_t at = 0; at <= text.n; at++)
    if ((anywhere || !at || text.p[at - 1] == ' ' || text.p[at - 1] == '\t') && match_from(&m, 0, at, 0))
      return 1;
  return 0;
}
