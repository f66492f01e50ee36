/* batch.h - when how much of the log is passed on.
 *
 * qmail-send writes a line in up to 11 pieces, and each would wake us, and then the program after us. So less
 * than BATCH_LEN bytes, and less than half of what the pipe holds, are left where they are, where nothing can
 * lose them, for up to BATCH_NS. The end of input and every signal end that wait. If poll told of each write,
 * it would wake us with each: so the input is looked at after as long as enough bytes took to come the last
 * time. Only pipes are worth a wait: a socket stops a writer of small pieces long before it is full, and a
 * terminal gives one line at a time. A program that stores the log is given no more than it has taken before
 * (logger.h). */
#ifndef PIPE_BATCH_H
#define PIPE_BATCH_H

#include "pipe/logger.h"
#include "pipe/pass.h"
#include <poll.h>
#include <stdint.h>

#define BATCH_LEN ((size_t)16384)
#define BATCH_NS INT64_C(20000000)

/* All times are the monotonic clock's. */
typedef struct {
  pass log;
  logger *logger;     /* 0: no program */
  pass_answer answer; /* of the last step */
  int error;          /* its errno */
  int64_t again;      /* when to go on after PASS_RETRY and PASS_HELD */
  int readable;       /* poll has just said so */
  int urgent;         /* input is not left waiting: a signal came, or it has ended */
  size_t enough;      /* bytes that are taken at once; 0: any */
  int64_t look;       /* when to look again; INT64_MAX: poll for input tells */
  int64_t since;      /* input may have been waiting since then; 0: nothing waits */
  int64_t taken;      /* when input was last taken */
  int64_t pace;       /* how long enough bytes took to come last time, at most BATCH_NS; 0: not known */
} batch;

/* Prepares for passing on from in to out, or to program if that is not 0. The descriptors stay
 * the caller's. Returns 1, or 0 with errno. */
extern int batch_open(batch *b, int in, int out, logger *program);
extern void batch_close(batch *b);

/* What to poll for: in fd[0] the input, in fd[1] the output; a descriptor of -1 if not. */
extern void batch_poll(batch const *b, struct pollfd *fd);

/* What poll has said. */
extern void batch_polled(batch *b, struct pollfd const *fd);

/* When to move the log even if poll says nothing; INT64_MAX: never. */
extern int64_t batch_deadline(batch const *b);

/* Moves what may be moved now, to a program nothing if it may be dead. *seen becomes the new bytes, valid
 * until the next call. Returns whether it was tried; see b->answer. */
extern int batch_move(batch *b, int64_t mono, int dead, span *seen);

/* From now on nothing is passed on beyond the line under way. */
extern void batch_stop(batch *b);

/* Closes the output, so that its reader sees the end. */
extern void batch_end(batch *b);

#endif
