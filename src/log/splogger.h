/* splogger.h - puts lines together that splogger(8) has cut: it writes at most 799 bytes, and the rest in a
 * further line after the same number and a '+'. A sender's address alone can be longer than that.
 *
 * A line is known by its host and number, since lines of other hosts may come between its parts. What has
 * begun and is not complete waits in cells, as long as there is room: the PARTS_LINES that came last, each of
 * up to LINES_KEPT bytes in up to PARTS_MOST parts. */
#ifndef LOG_SPLOGGER_H
#define LOG_SPLOGGER_H

#include "base/hash.h"
#include "count/pool.h"
#include "log/lines.h"

#define PARTS_LINES 256
#define PARTS_MOST 128 /* 64 KiB in parts of 799 bytes are 83 */
#define PARTS_CUT 700  /* bytes: no shorter part but the last of a line is splogger's */

/* A line that has begun. */
typedef struct {
  cell text; /* 0: none */
  uint32_t len;
  uint16_t parts;
  uint16_t flags; /* this and the next: the caller's */
  uint32_t generation;
} parts_line;

typedef struct {
  pool *mem;
  hash_key const *key;
  size_t cells, cells_most;
  size_t waiting; /* lines */
  size_t next;    /* the place of the next line */
  uint64_t name[PARTS_LINES];
  parts_line line[PARTS_LINES];
  char text[LINES_KEPT]; /* of the line that was joined last */
} parts;

/* Makes an empty set that takes at most cells_most cells of mem. */
extern void parts_open(parts *p, pool *mem, hash_key const *key, size_t cells_most);

/* Appends more to the line that has begun with that number on that host, which no longer waits. Returns 1
 * with all of it in *text, valid until the next call, and *line what it was; or 0 if nothing has begun so. */
extern int parts_join(parts *p, span host, span number, span more, span *text, parts_line *line);

/* A line begins, or goes on, with text. If there is no room for it, it is forgotten. line is what
 * parts_join said, or all zero; what is the caller's is kept. */
extern void parts_keep(parts *p, span host, span number, span text, parts_line const *line);

/* Another line with that number begins on that host: what waited for its rest will not get it. */
extern void parts_forget(parts *p, span host, span number);

#endif
