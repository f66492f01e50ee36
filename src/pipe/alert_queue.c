#include "pipe/alert_queue.h"
#include <errno.h>
#include <stdlib.h>

#define BUFFER_FIRST ((size_t)16384) /* bytes that are taken first, and kept */

void line_buffer_open(line_buffer *b, size_t most)
{
  *b = (line_buffer){.most = most};
}

void line_buffer_close(line_buffer *b)
{
  free(b->s);
  *b = (line_buffer){.most = b->most};
}

/* Where a line of so many bytes can be put, or -1. */
static ssize_t place(line_buffer const *b, size_t len)
{
  if (b->turn)
    return b->first - b->last >= len ? (ssize_t)b->last : -1;
  if (b->size - b->last >= len)
    return (ssize_t)b->last;
  return b->first >= len ? 0 : -1;
}

/* The lines before the turn stay at the end of the buffer. */
static int grow(line_buffer *b)
{
  size_t size = b->size ? b->size * 2 : BUFFER_FIRST, upper = b->turn - b->first;
  char *s;

  if (size > b->most)
    size = b->most;
  if (size <= b->size || !(s = realloc(b->s, size))) {
    errno = ENOMEM;
    return 0;
  }
  if (b->turn) {
    memmove(s + size - upper, s + b->first, upper);
    b->first = size - upper;
    b->turn = size;
  }
  b->s = s;
  b->size = size;
  return 1;
}

int line_buffer_put(line_buffer *b, span line)
{
  ssize_t at;

  while ((at = place(b, line.len)) < 0)
    if (!grow(b))
      return 0;
  if (!b->turn && (size_t)at < b->last)
    b->turn = b->last;
  b->last = (size_t)(span_copy(b->s + at, line) - b->s);
  b->used += line.len;
  return 1;
}

span line_buffer_first(line_buffer const *b)
{
  char const *s = b->s + b->first, *newline;

  if (!b->used)
    return (span){"", 0};
  newline = memchr(s, '\n', (b->turn ? b->turn : b->last) - b->first);
  return (span){s, (size_t)(newline - s) + 1};
}

void line_buffer_drop(line_buffer *b)
{
  size_t len = line_buffer_first(b).len;

  b->first += len;
  b->used -= len;
  if (b->first == b->turn)
    b->first = b->turn = 0;
  if (b->used)
    return;
  b->first = b->last = b->turn = 0;
  if (b->size > BUFFER_FIRST)
    line_buffer_close(b);
}

/* Lines of so many bytes together certainly find room beside what is there, if there is memory: what the turn
 * and the end of the buffer leave free is less than a line each. */
static int fits(line_buffer const *b, size_t bytes)
{
  return b->used + bytes + 2 * LINE_MOST <= b->most;
}

static int reserve(line_buffer *b, size_t bytes)
{
  while (b->used + bytes + 2 * LINE_MOST > b->size)
    if (!grow(b))
      return 0;
  return 1;
}

void alert_queue_open(alert_queue *q, int fd, size_t memory)
{
  *q = (alert_queue){.state = ALERT_QUEUE_EMPTY};
  nbwrite_open(&q->to, fd, NBWRITE_LINES);
  line_buffer_open(&q->waiting, memory);
}

void alert_queue_close(alert_queue *q)
{
  nbwrite_close(&q->to);
  line_buffer_close(&q->waiting);
}

static alert_queue_state write_lines(alert_queue *q)
{
  for (;;) {
    span line = line_buffer_first(&q->waiting);
    ssize_t n;
    if (!line.len)
      return ALERT_QUEUE_EMPTY;
    n = nbwrite_some(&q->to, line.s + q->begun, line.len - q->begun);
    if (n > 0) {
      q->begun += (size_t)n;
      q->written += (size_t)n;
    } else if (n == 0 || errno == EAGAIN || errno == EWOULDBLOCK)
      return ALERT_QUEUE_WAITS;
    else if (errno != EINTR)
      return ALERT_QUEUE_FAILS;
    if (q->begun == line.len) {
      line_buffer_drop(&q->waiting);
      q->begun = 0;
    }
  }
}

void alert_queue_put(alert_queue *q, span line)
{
  if (!q->untold) {
    if (line_buffer_put(&q->waiting, line))
      return;
    write_lines(q);
    if (line_buffer_put(&q->waiting, line))
      return;
  }
  q->untold++;
  q->lost++;
}

uint64_t alert_queue_gap(alert_queue const *q)
{
  if (q->state == ALERT_QUEUE_FAILS || q->waiting.used > q->waiting.most / 2 ||
      (q->note && q->waiting.used && !fits(&q->waiting, q->note)))
    return 0;
  return q->untold;
}

alert_queue_room alert_queue_tell(alert_queue *q, size_t bytes)
{
  q->note = bytes;
  if (!reserve(&q->waiting, bytes))
    return fits(&q->waiting, bytes) || q->waiting.used || bytes <= LINE_MOST ? ALERT_QUEUE_LATER
                                                                             : ALERT_QUEUE_NEVER;
  q->untold = q->note = 0;
  return ALERT_QUEUE_FITS;
}

#define RETRY_NS SECOND
#define NOT_TAKEN_NS (SECOND / 50)

void alert_queue_poll(alert_queue const *q, struct pollfd *fd)
{
  fd->fd = q->state == ALERT_QUEUE_WAITS && !q->again ? q->to.fd : -1;
  fd->events = POLLOUT;
  fd->revents = 0;
}

void alert_queue_polled(alert_queue *q, struct pollfd const *fd)
{
  q->writable = fd->revents != 0;
}

int64_t alert_queue_deadline(alert_queue const *q)
{
  return q->state != ALERT_QUEUE_EMPTY && q->again ? q->again : INT64_MAX;
}

/* If a descriptor takes nothing although poll says that it would, it is not tried again at once. */
int alert_queue_write(alert_queue *q, int64_t mono)
{
  uint64_t before = q->written;

  if (mono < q->again)
    return 0;
  q->state = write_lines(q);
  if (q->state == ALERT_QUEUE_FAILS)
    q->again = mono + RETRY_NS;
  else if (q->state == ALERT_QUEUE_WAITS && q->writable && q->written == before)
    q->again = mono + NOT_TAKEN_NS;
  else
    q->again = 0;
  return 1;
}
