/* piece.h - one piece of what stands before the text of a line: a stamp, a header, or a word of a logger. */
#ifndef LOG_PIECE_H
#define LOG_PIECE_H

#include "base/span.h"
#include "log/local.h"

typedef enum { PIECE_OTHER, PIECE_TIME, PIECE_NUMBER } piece_kind;

typedef struct {
  local_hints const *hints; /* the caller's to fill in */
  piece_kind kind;          /* is it a stamp, or even a number? */
  int timed;                /* it has a time, which may be out of bounds */
  local_time time;          /* defined if timed */
  span host;                /* empty without one */
  span number;              /* of PIECE_NUMBER; else empty */
  int more;                 /* and a '+' stands behind it */
} piece;

/* Takes the next piece, and the blanks behind it, off the start of *in; *p is the one before it, all zero but
 * hints before the first. Each is read by the first form that fits. Returns 1; or 0, with *in unchanged and
 * *p undefined, if the text begins here. */
extern int piece_next(piece *p, span *in);

#endif
