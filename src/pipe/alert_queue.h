/* alert_queue.h - brings lines to a descriptor that other processes may write to, and that may have no
 * reader.
 *
 * Writing never blocks (nbwrite.h). Lines that are not taken wait in memory, up to a limit; beyond it they
 * are lost and counted, and from then on all are, until the caller, who learns it from alert_queue_gap, has
 * told how many are missing. A line goes out whole or not at all. */
#ifndef PIPE_ALERT_QUEUE_H
#define PIPE_ALERT_QUEUE_H

#include "base/span.h"
#include "pipe/nbwrite.h"
#include <poll.h>
#include <stdint.h>

/* Lines that wait, first in, first out, each in one piece, in one buffer that grows up to a limit. */
typedef struct {
  char *s;
  size_t size, most;  /* of the buffer at present, and at most */
  size_t first, last; /* where the oldest line begins, and where the newest ends */
  size_t turn;        /* where the lines go on at 0; 0: they do not, and first <= last */
  size_t used;        /* bytes of lines */
} line_buffer;

/* Makes an empty one of at most so many bytes; no memory is taken yet. */
extern void line_buffer_open(line_buffer *b, size_t most);
extern void line_buffer_close(line_buffer *b);

/* Appends a line of at most LINE_MOST bytes, its newline included. Returns 1, or 0 with errno ENOMEM and
 * nothing changed. */
extern int line_buffer_put(line_buffer *b, span line);

/* The oldest line with its newline, valid until something is put or dropped; empty if there is none. */
extern span line_buffer_first(line_buffer const *b);

/* Drops the oldest line. */
extern void line_buffer_drop(line_buffer *b);

#define LINE_MOST 4096 /* bytes of the longest line; a pipe takes so many at once */

typedef enum {
  ALERT_QUEUE_EMPTY, /* all is written */
  ALERT_QUEUE_WAITS, /* poll for output tells when to write again */
  ALERT_QUEUE_FAILS  /* see errno: to be tried again after a while */
} alert_queue_state;

typedef struct {
  nbwrite to;
  line_buffer waiting;
  size_t begun;            /* bytes of the oldest line that are written */
  uint64_t lost;           /* lines so far */
  uint64_t untold;         /* of these, since the last gap that was told */
  size_t note;             /* bytes that must be free for what tells of the gap; 0: not known */
  uint64_t written;        /* bytes so far */
  alert_queue_state state; /* of the last write */
  int64_t again;           /* when to write again, on the monotonic clock; 0: poll tells */
  int writable;            /* poll has just said so */
} alert_queue;

/* Makes a queue for fd, which stays the caller's, with memory bytes for lines that wait. */
extern void alert_queue_open(alert_queue *q, int fd, size_t memory);
extern void alert_queue_close(alert_queue *q);

/* Takes a line of up to LINE_MOST bytes, newline included; to be followed by alert_queue_write. Writes only
 * if the line finds no room: one read of the log, or the rules that go, can end more episodes than wait here.
 */
extern void alert_queue_put(alert_queue *q, span line);

/* Writes what is taken now, if it is time to; mono: the monotonic clock. Returns whether it was tried; see
 * q->state, and errno if it is ALERT_QUEUE_FAILS. */
extern int alert_queue_write(alert_queue *q, int64_t mono);

/* What to poll for in *fd; a descriptor of -1 if nothing. */
extern void alert_queue_poll(alert_queue const *q, struct pollfd *fd);

/* What poll has said. */
extern void alert_queue_polled(alert_queue *q, struct pollfd const *fd);

/* When to write even if poll says nothing, on the monotonic clock; INT64_MAX: never. */
extern int64_t alert_queue_deadline(alert_queue const *q);

/* How many lines are missing, if it may be time to tell: there is much room again. Else 0. */
extern uint64_t alert_queue_gap(alert_queue const *q);

typedef enum {
  ALERT_QUEUE_FITS,
  ALERT_QUEUE_LATER, /* alert_queue_gap says when to ask again */
  ALERT_QUEUE_NEVER  /* so many bytes find no room in an empty queue either; anything up to LINE_MOST does */
} alert_queue_room;

/* Do lines of so many bytes together, which tell of the gap, find room now? If so, the lines that are put
 * from now on are queued again, these first. If not even LINE_MOST bytes ever do, there is no memory: LATER.
 */
extern alert_queue_room alert_queue_tell(alert_queue *q, size_t bytes);

#endif
