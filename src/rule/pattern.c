#include "rule/pattern.h"
#include <stdlib.h>

typedef struct {
  char text[PATTERN_MOST];
  pattern_piece piece[PATTERN_MOST + 1];
  size_t len, pieces;
  unsigned int words;
} draft;

static pattern_piece *last_piece(draft *d)
{
  return &d->piece[d->pieces - 1];
}

static void begin_piece(draft *d)
{
  d->piece[d->pieces++] = (pattern_piece){.at = (uint8_t)d->len};
}

static void add_star(draft *d)
{
  if (last_piece(d)->word || last_piece(d)->len)
    begin_piece(d);
  last_piece(d)->star = 1;
}

/* Is there a word with no text after it so far? */
static int word_is_bare(draft const *d)
{
  size_t i = d->pieces - 1;

  while (i && !d->piece[i].word && !d->piece[i].len)
    i--;
  return d->piece[i].word && !d->piece[i].len;
}

static pattern_problem add_word(draft *d)
{
  if (d->words == PATTERN_WORDS)
    return PATTERN_THIRD;
  if (word_is_bare(d))
    return PATTERN_TOUCH;
  if (last_piece(d)->len)
    begin_piece(d);
  last_piece(d)->word = (uint8_t)++d->words;
  return PATTERN_OK;
}

static void add_byte(draft *d, char c)
{
  d->text[d->len++] = c;
  last_piece(d)->len++;
}

/* in has at most PATTERN_MOST bytes. */
static pattern_problem read_draft(draft *d, span in)
{
  *d = (draft){.len = 0};
  begin_piece(d);
  for (size_t i = 0; i < in.len; i++) {
    if (in.s[i] == '*')
      add_star(d);
    else if (in.s[i] == '{' && i + 1 < in.len && in.s[i + 1] == '}') {
      pattern_problem problem = add_word(d);
      if (problem)
        return problem;
      i++;
    } else {
      i += in.s[i] == '\\' && i + 1 < in.len;
      add_byte(d, in.s[i]);
    }
  }
  if (!d->words)
    add_word(d);
  if (d->piece[0].len && !d->piece[0].word && d->text[0] == ' ')
    d->piece[0].star = 1;
  return PATTERN_OK;
}

pattern_problem pattern_check(span in, unsigned int *words)
{
  pattern_problem problem;
  draft d;

  if (!in.len)
    return PATTERN_EMPTY;
  if (in.len > PATTERN_MOST)
    return PATTERN_LONG;
  if (memchr(in.s, '\n', in.len))
    return PATTERN_NEWLINE;
  problem = read_draft(&d, in);
  *words = d.words;
  return problem;
}

pattern *pattern_compile(span in)
{
  pattern *p;
  char *text;
  draft d;

  read_draft(&d, in);
  p = malloc(sizeof *p + d.pieces * sizeof *d.piece + d.len);
  if (!p)
    return 0;
  text = (char *)(p->piece + d.pieces);
  memcpy(p->piece, d.piece, d.pieces * sizeof *d.piece);
  memcpy(text, d.text, d.len);
  p->text = text;
  p->pieces = d.pieces;
  return p;
}

/* What is known of the end of one word. Its places are only asked about from left to right, so each byte of
 * the line is looked at once. */
typedef struct {
  char const *run;  /* where the run of word bytes ends in which the last place was; 0 before the first */
  char const *text; /* the first place of the text after the word; likewise */
} word_end;

typedef struct {
  pattern const *p;
  char const *begin, *end; /* of the line */
  word_end known[PATTERN_WORDS];
  span *word;
  size_t skip; /* no match begins less than so many bytes after the place that was tried last */
  int never;   /* a text is nowhere in the rest of the line */
} search;

static int is_blank(char c)
{
  return c == ' ' || c == '\t';
}

static int ends_word(char c)
{
  return is_blank(c) || c == ',' || c == ';' || c == '"' || c == '\'';
}

/* The first place of the text of e from at on, or 0. */
static char const *find_text(search *m, pattern_piece const *e, char const *at)
{
  char const *found = memmem(at, (size_t)(m->end - at), m->p->text + e->at, e->len);
  m->never |= !found;
  return found;
}

static char const *run_end(search const *m, word_end *w, char const *at)
{
  if (!w->run || w->run < at) {
    w->run = at;
    while (w->run < m->end && !ends_word(*w->run))
      w->run++;
  }
  return w->run;
}

/* The word at a place and the text after it. Returns where they end, or 0 if there is none. */
static char const *take_word(search *m, pattern_piece const *e, char const *at)
{
  word_end *w = &m->known[e->word - 1];
  char const *end = run_end(m, w, at);

  if (e->len) {
    if (!w->text || w->text < at)
      w->text = find_text(m, e, at);
    if (!w->text || w->text > end) {
      m->skip = (size_t)(end - at);
      return 0;
    }
    end = w->text;
  }
  m->word[e->word - 1] = (span){at, (size_t)(end - at)};
  return end > at ? end + e->len : 0;
}

/* All from piece i up to the next '*' at a place where its text is, if it begins with one: only words
 * follow. Returns where it ends, or 0. */
static char const *take_pieces(search *m, size_t i, char const *at)
{
  int words = 0;

  do {
    pattern_piece const *e = &m->p->piece[i];
    m->skip = 1;
    at = e->word ? take_word(m, e, at) : at + e->len;
    if (words) /* after a word of any length */
      m->skip = 1;
    words |= e->word;
  } while (at && ++i < m->p->pieces && !m->p->piece[i].star);
  return at;
}

/* The first place from at on where e may begin, or 0. */
static char const *next_place(search *m, pattern_piece const *e, char const *at)
{
  while (at) {
    if (e->len && !e->word)
      at = find_text(m, e, at);
    if (!at || e->star || at == m->begin || is_blank(at[-1]))
      break;
    while (at < m->end && !is_blank(*at))
      at++;
    at = at < m->end ? at + 1 : 0;
  }
  return at;
}

/* The first place from at on where all from piece i up to the next '*' is. Returns where it ends, or 0.
 */
static char const *find_pieces(search *m, size_t i, char const *at)
{
  char const *end = 0;

  for (;;) {
    at = next_place(m, &m->p->piece[i], at);
    if (at)
      end = take_pieces(m, i, at);
    if (!at || end || m->never)
      return end;
    m->skip += !m->skip;
    if ((size_t)(m->end - at) < m->skip)
      return 0;
    at += m->skip;
  }
}

/* What is between two '*' is taken at its first place: a later one ends no earlier, so what follows is not
 * found after it alone. */
int pattern_find(pattern const *p, span text, span word[PATTERN_WORDS])
{
  search m = {.p = p, .begin = text.s, .end = text.s + text.len, .word = word};
  char const *at = text.s;
  size_t i = 0;

  while (i < p->pieces) {
    at = find_pieces(&m, i, at);
    if (!at)
      return 0;
    do
      i++;
    while (i < p->pieces && !p->piece[i].star);
  }
  return 1;
}
