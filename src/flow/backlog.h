/* backlog.h - lines that wait, first in, first out, in the cells of a pool of their own. */
#ifndef FLOW_BACKLOG_H
#define FLOW_BACKLOG_H

#include "base/span.h"
#include "count/pool.h"

typedef struct {
  pool mem;
  cell first, last; /* of lines; 0 if there is none */
} backlog;

/* Makes an empty backlog of at most memory bytes. */
extern void backlog_open(backlog *b, size_t memory);
extern void backlog_close(backlog *b);

/* Appends a line. Returns 1, or 0 with errno ENOMEM and nothing changed. */
extern int backlog_put(backlog *b, span line);

/* Takes the oldest line, which fits into out. Returns its length, 0 if there is none. */
extern size_t backlog_take(backlog *b, char *out);

/* Is less than half of the memory in use? */
extern int backlog_half_empty(backlog const *b);

#endif
