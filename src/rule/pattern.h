/* pattern.h - the PATTERN of a line rule: where in a line the words are that are counted.
 *
 *   login success {}:          the word between "login success " and ":"
 *
 * Plain text is itself, '*' is any bytes, as few as possible, '{}' a word, and '\' takes away the meaning of
 * the byte after it (at the end it is itself). Without '{}' one is meant at the end. A word is a run of bytes
 * other than blanks, tabs, commas, semicolons and quotes; if text follows it, it ends at the first place of
 * that text, which must come before the run ends or right after it. A match begins where a word of the line
 * begins (at the start, after a blank or a tab), so that no stranger can write one into a name that he
 * chooses; or anywhere if the pattern begins with a blank or '*'. The first place counts.
 *
 * Time is linear in the line: if one part of a pattern is not found after the first place of the part before,
 * it is not found after a later place either; and the end of a word is looked for once for all places at
 * which it may begin. */
#ifndef RULE_PATTERN_H
#define RULE_PATTERN_H

#include "base/span.h"
#include <stdint.h>

#define PATTERN_MOST 200 /* bytes */
#define PATTERN_WORDS 2

typedef enum {
  PATTERN_OK,
  PATTERN_EMPTY,
  PATTERN_LONG,    /* more than PATTERN_MOST bytes */
  PATTERN_NEWLINE, /* which no line contains */
  PATTERN_THIRD,   /* a third '{}' */
  PATTERN_TOUCH    /* nothing, or only '*', between two '{}' */
} pattern_problem;

/* One piece: first a '*' or nothing, then a word or nothing, then text, which may be empty. */
typedef struct {
  uint8_t star, word; /* word: its number from 1 on; 0 for none */
  uint8_t at, len;    /* of the text */
} pattern_piece;

typedef struct {
  char const *text; /* of all pieces */
  size_t pieces;
  pattern_piece piece[];
} pattern;

/* Is that a pattern? Then *words is how many words it has, 1 or PATTERN_WORDS. */
extern pattern_problem pattern_check(span in, unsigned int *words);

/* Compiles what pattern_check took; in is not needed after that. Returns it, for free(3), or 0
 * with errno ENOMEM. */
extern pattern *pattern_compile(span in);

/* Returns 1 with the words of p, parts of text, or 0 if text does not match (then *word is undefined). */
extern int pattern_find(pattern const *p, span text, span word[PATTERN_WORDS]);

#endif
