/* gather.h - when small input is taken: qmail-send writes a line in up to 11 pieces, and each would wake us,
 * and then the program behind us.
 *
 * Less than GATHER_ENOUGH bytes are left where they are, where nothing can lose them, for up to GATHER_TIME.
 * Whoever asks ends that wait at the end of input and at signals. Nobody tells when enough bytes have come
 * together but by a wake-up for each write, so it is looked at when, at the pace of the last time, they would
 * have. */

/* stream.h - the log on its way: when input is taken, how much of it may go on now, when to try again.
 *
 * Small input is left where it is for a while (gather.h); a program behind is given no more than it has taken
 * before (keeper.h); what is taken is passed on before anything is waited for (relay.h). */
#ifndef PIPE_BATCH_H
#define PIPE_BATCH_H

#include "pipe/logger.h"
#include "pipe/pass.h"
#include <poll.h>
#include <stdint.h>

#define GATHER_ENOUGH 16384
#define GATHER_TIME INT64_C(20000000) /* nanoseconds */

/* All zero but enough and until: nothing has come yet. */
typedef struct {
  size_t enough; /* bytes that are taken at once; 0: any */
  int64_t until; /* when to look again; INT64_MAX: poll for input tells */
  int64_t since; /* input may have been waiting since then; 0: nothing waits */
  int64_t taken; /* when input was last taken */
  int64_t pace;  /* how long enough bytes took to come last time, at most GATHER_TIME */
} gather;

/* So many bytes wait in the input, at least one. Is it time to take them? If not, g->until says when to ask
 * again. */
extern int gather_take(gather *g, size_t waits, int64_t now);

/* The wait is over before its time. */
extern void gather_end(gather *g);

typedef struct {
  relay log;
  gather gather;
  keeper *keeper;      /* 0: no program */
  relay_answer answer; /* of the last step */
  int error;           /* its errno */
  int64_t again;       /* when to go on after RELAY_RETRY and RELAY_HELD, on the monotonic clock */
  int readable;        /* poll has just said so */
  int urgent;          /* input is not left waiting: a signal came, or it has ended */
} stream;

/* Makes a stream from in to out, or to the keeper's program if keeper is not 0. The descriptors stay the
 * caller's. Returns 1, or 0 with errno. */
extern int stream_open(stream *s, int in, int out, keeper *keeper);
extern void stream_close(stream *s);

/* What to poll for: in fd[0] the input, in fd[1] the output; a descriptor of -1 if not. */
extern void stream_poll(stream const *s, struct pollfd *fd);

/* When to move the log even if poll says nothing, on the monotonic clock. */
extern int64_t stream_deadline(stream const *s);

/* What poll has said. */
extern void stream_polled(stream *s, struct pollfd const *fd);

/* Moves what may be moved now, to a program nothing if it may be dead. *seen becomes the new bytes, valid
 * until the next call. Returns whether it was tried; see s->answer. */
extern int stream_move(stream *s, int64_t mono, int dead, span *seen);

/* Closes the output, so that its reader sees the end. */
extern void stream_end(stream *s);

#endif
