/* blanks.h - what ends a piece of a prefix. */
#ifndef LOG_BLANKS_H
#define LOG_BLANKS_H

#include "base/span.h"

/* Takes one or two blanks off the start of *in, or nothing at the end of a line, where blanks do not count.
 * Returns 1, or 0 with *in unchanged. */
extern int blanks_take(span *in);

#endif
