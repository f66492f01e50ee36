/* fastpath.h - goes fast over lines that are no events, which is most of them, and reads the plain labels of
 * those that may be.
 *
 * A line that is no event says nothing, not even what time it is; so of most lines only the first letters are
 * looked at. Whatever is not so plain (another prefix, an odd line) is left to the reader. */
#ifndef WATCH_FASTPATH_H
#define WATCH_FASTPATH_H

#include "base/tai64n.h"
#include "base/span.h"
#include "log/prefix.h"

typedef struct {
  int deliveries;            /* they matter, and not only messages */
  uint64_t lines;            /* gone over so far */
  char second[LABEL_SECOND]; /* of the last label */
  int64_t seconds;           /* ... since the Unix epoch */
} fastpath;

/* Might fastpath_next go over what rest begins with? */
extern int fastpath_may_begin(span rest);

/* Is this text, behind whatever prefix, surely no event and not odd? */
extern int fastpath_is_quiet(fastpath const *k, span text);

/* Goes over whole lines at the start of *rest up to one that may be an event. Returns 1 if it came to one: *s
 * and *text are its stamp and its text, at most the examined part, and *rest begins behind the line; or 0
 * with *rest at a line that is left to the reader, or empty. */
extern int fastpath_next(fastpath *k, span *rest, stamp *s, span *text);

#endif
