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

/* Is there a word with no text behind it so far? */
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
  return PATTERN_FINE;
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
  return PATTERN_FINE;
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
