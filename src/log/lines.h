/* lines.h - puts lines together from pieces that can end anywhere.
 *
 * A line that lies whole in a piece is handed on where it lies; only the beginning of a line that is cut is
 * copied, and never more than LINES_KEPT bytes of it. */
#ifndef LOG_LINES_H
#define LOG_LINES_H

#include "base/span.h"

#define LINES_KEPT 65536

/* Takes one line without its newline, or the first LINES_KEPT bytes of a longer one. */
typedef void lines_take(void *to, span line);

/* All zero: no line begun. */
typedef struct {
  int begun;  /* the last piece did not end with a newline */
  size_t len; /* bytes kept of that line */
  char kept[LINES_KEPT];
} lines;

/* Takes the next piece, and hands on every line that it completes. */
extern void lines_feed(lines *l, span piece, lines_take *take, void *to);

/* Nothing more will come: hands on a last line without a newline. */
extern void lines_end(lines *l, lines_take *take, void *to);

/* Takes off the blanks, tabs and carriage returns at the end, which do not count. */
extern span lines_trim(span line);

#endif
