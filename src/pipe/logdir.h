/* logdir.h - reads what multilog, s6-log or svlogd has stored in a directory, oldest first: @*.s and @*.u by
 * name, previous, current.
 *
 * Zero bytes at the beginning of a file, as a power cut leaves them, are passed over. What is left out is
 * told by a warning (warn.h): files that are compressed, by their first bytes; that carry no stamps; that are
 * no files, or cannot be read. Nothing here is ever fatal. */
#ifndef PIPE_LOGDIR_H
#define PIPE_LOGDIR_H

#include "log/lines.h"

typedef struct {
  lines_take *take;      /* gets every line */
  int (*stop)(void *to); /* is it to end before its time? asked now and then; may be 0 */
  void *to;              /* for both */
} logdir_reader;

/* Reads the directory. Returns whether there was a line, or -1 with errno if it could not be read. */
extern int logdir_read(char const *directory, logdir_reader const *r);

/* The same for one file alone, whether its lines carry stamps or not. Returns likewise, after a warning. */
extern int logdir_read_file(char const *path, logdir_reader const *r);

#endif
