#include "gate/envelope.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

envelope_state envelope_read(envelope *e, span all)
{
  while (e->seen < all.len) {
    if (e->seen == e->record) {
      char letter = all.s[e->record];
      if (e->record && !letter)
        return ENVELOPE_COMPLETE;
      if (letter != (e->record ? 'T' : 'F'))
        return ENVELOPE_NONE;
    }
    char const *nul = memchr(all.s + e->seen, 0, all.len - e->seen);
    if (!nul) {
      e->seen = all.len;
      break;
    }
    if (!e->record)
      e->sender = (size_t)(nul - all.s) - 1;
    e->record = e->seen = (size_t)(nul - all.s) + 1;
  }
  return ENVELOPE_CUT;
}

#define TRIES 10 /* failures in a row after which a read or write is given up */

typedef struct {
  queue *queue;
  int in;     /* the client's envelope; -1 once nothing more is wanted from it */
  int judged; /* it flows */
  int held;
  int failed; /* reads or writes in a row */
  envelope seen;
  size_t sent, len, size; /* of buf: bytes gone on, there, and room */
  char *buf;              /* first, or memory of its own */
  char first[4096];       /* most envelopes need no more */
} passage;

/* The client's next write fails, as it would with QMAIL-QUEUE. */
static void stop_reading(passage *p)
{
  if (p->in >= 0)
    close(p->in);
  p->in = -1;
}

static void stop_writing(passage *p)
{
  p->judged = 1;
  p->sent = p->len = 0;
  stop_reading(p);
  queue_end(p->queue);
}

/* Returns 0 if the envelope may not, or cannot, be longer than it is. */
static int more_room(passage *p)
{
  char *more;

  if (p->len < p->size)
    return 1;
  if (p->size >= ENVELOPE_MAX)
    return 0;
  more = realloc(p->buf == p->first ? 0 : p->buf, 2 * p->size);
  if (!more)
    return 0;
  if (p->buf == p->first)
    memcpy(more, p->first, p->len);
  p->buf = more;
  p->size *= 2;
  return 1;
}

static void look(passage *p, envelope_judge *judge, void *to)
{
  switch (envelope_read(&p->seen, (span){p->buf, p->len})) {
  case ENVELOPE_CUT: p->judged = p->in < 0 || !more_room(p); return;
  case ENVELOPE_NONE: p->judged = 1; return;
  case ENVELOPE_COMPLETE: break;
  }
  p->held = (*judge)(to, (span){p->buf + 1, p->seen.sender});
  p->judged = 1;
  if (p->held)
    stop_writing(p);
}

static void take(passage *p)
{
  ssize_t n;

  if (p->judged)
    p->sent = p->len = 0;
  n = read(p->in, p->buf + p->len, p->size - p->len);
  if (n < 0) {
    if (errno != EINTR && errno != EAGAIN && ++p->failed == TRIES)
      stop_reading(p);
    return;
  }
  p->failed = 0;
  p->len += (size_t)n;
  if (!n)
    stop_reading(p);
}

static void give(passage *p)
{
  ssize_t n;

  queue_tie(p->queue);
  n = write(p->queue->to, p->buf + p->sent, p->len - p->sent);
  if (n > 0) {
    p->failed = 0;
    p->sent += (size_t)n;
  } else if (n < 0 && errno != EINTR && errno != EAGAIN && (errno == EPIPE || ++p->failed == TRIES))
    stop_writing(p);
}

/* If poll fails, what it would have said is tried. */
static void step(passage *p)
{
  int sending = p->judged && p->sent < p->len;
  struct pollfd fd[2] = {{sending ? -1 : p->in, POLLIN, 0}, {p->queue->to, sending ? POLLOUT : 0, 0}};

  if (!queue_poll(p->queue, fd, 2)) {
    if (errno == EINTR)
      return;
    if (fd[0].fd < 0 && fd[1].fd < 0)
      queue_wait(p->queue);
    fd[0].revents = fd[0].fd >= 0 ? POLLIN : 0;
    fd[1].revents = sending ? POLLOUT : 0;
  }
  if (fd[1].revents & POLLERR)
    stop_writing(p);
  else if (sending && fd[1].revents)
    give(p);
  else if (fd[0].revents)
    take(p);
}

int envelope_pass(queue *q, int in, envelope_judge *judge, void *to)
{
  static passage p;

  p = (passage){.queue = q, .in = in, .buf = p.first, .size = sizeof p.first};
  while (!queue_ended(q)) {
    if (!p.judged)
      look(&p, judge, to);
    if (p.judged && p.sent == p.len && p.in < 0)
      queue_end(q);
    step(&p);
  }
  return p.held;
}
