/* stream.h - the log on its way: when input is taken, how much of it may go on now, when to try again.
 *
 * Small input is left where it is for a while (gather.h); a program behind is given no more than it has taken
 * before (keeper.h); what is taken is passed on before anything is waited for (relay.h). */
#ifndef FLOW_STREAM_H
#define FLOW_STREAM_H

#include "flow/gather.h"
#include "flow/keeper.h"
#include "flow/relay.h"
#include <poll.h>

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
