#include "gate/envelope.h"
#include <errno.h>
#include <poll.h>
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

#define PATIENCE 10 /* failures in a row of a read that may be a passing weakness of the system */

/* The client learns that nobody reads any more, as it would from QMAIL-QUEUE. */
static void stop_reading(courier *r)
{
  if (r->in >= 0)
    close(r->in);
  r->in = -1;
}

static void stop_writing(courier *r)
{
  r->judged = 1;
  r->sent = r->len = 0;
  stop_reading(r);
  queue_end(r->queue);
}

/* Returns 0 if the envelope may not, or cannot, be longer than it is. */
static int more_room(courier *r)
{
  char *more;

  if (r->len < r->size)
    return 1;
  if (r->size >= COURIER_MAX)
    return 0;
  more = realloc(r->buf == r->first ? 0 : r->buf, 2 * r->size);
  if (!more)
    return 0;
  if (r->buf == r->first)
    memcpy(more, r->first, r->len);
  r->buf = more;
  r->size *= 2;
  return 1;
}

/* Returns whether the envelope is held. */
static int look(courier *r)
{
  span sender;

  switch (envelope_read(&r->seen, (span){r->buf, r->len})) {
  case ENVELOPE_CUT: r->judged = r->in < 0 || !more_room(r); return 0;
  case ENVELOPE_NONE: r->judged = 1; return 0;
  case ENVELOPE_COMPLETE: break;
  }
  sender = (span){r->buf + 1, r->seen.sender};
  if (judge_held(r->judge, r->uid, sender))
    return 1;
  r->judged = 1;
  return 0;
}

static void take(courier *r)
{
  ssize_t n;

  if (r->judged)
    r->sent = r->len = 0;
  n = read(r->in, r->buf + r->len, r->size - r->len);
  if (n < 0) {
    if (errno != EINTR && errno != EAGAIN && ++r->failed == PATIENCE)
      stop_reading(r);
    return;
  }
  r->failed = 0;
  r->len += (size_t)n;
  if (!n)
    stop_reading(r);
}

static void give(courier *r)
{
  ssize_t n = write(r->queue->to, r->buf + r->sent, r->len - r->sent);

  if (n > 0) {
    r->failed = 0;
    r->sent += (size_t)n;
  } else if (n < 0 && errno != EINTR && errno != EAGAIN && (errno == EPIPE || ++r->failed == PATIENCE))
    stop_writing(r);
}

/* If poll fails, what it would have said is tried. */
static void step(courier *r)
{
  int sending = r->judged && r->sent < r->len;
  struct pollfd fd[3] = {{r->queue->signals, POLLIN, 0},
                         {sending ? -1 : r->in, POLLIN, 0},
                         {r->queue->to, sending ? POLLOUT : 0, 0}};

  if (poll(fd, 3, -1) < 0) {
    if (errno == EINTR)
      return;
    fd[1].revents = fd[1].fd >= 0 ? POLLIN : 0;
    fd[2].revents = sending ? POLLOUT : 0;
  }
  if (fd[2].revents & POLLERR)
    stop_writing(r);
  else if (sending && fd[2].revents)
    give(r);
  else if (fd[1].revents)
    take(r);
}

int courier_run(courier *r, queue *q, judge const *j, uint64_t uid, int in)
{
  int held = 0;

  r->queue = q;
  r->judge = j;
  r->uid = uid;
  r->in = in;
  r->buf = r->first;
  r->size = sizeof r->first;
  while (!queue_ended(q)) {
    if (!r->judged && look(r)) {
      held = 1;
      stop_writing(r);
    }
    if (r->judged && r->sent == r->len && r->in < 0) {
      queue_end(q);
      if (q->signals < 0) {
        queue_wait(q);
        break;
      }
    }
    step(r);
  }
  return held;
}
