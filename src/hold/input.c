#include "hold/input.h"
#include "watch/alert.h"
#include <errno.h>
#include <poll.h>
#include <unistd.h>

void intake_open(intake *i, int fd)
{
  i->fd = fd;
  i->seen = 0;
  i->full = 0;
  splice_open(&i->copy);
}

void intake_close(intake *i)
{
  splice_close(&i->copy);
}

static intake_answer answer(ssize_t n)
{
  if (n > 0)
    return INTAKE_SOME;
  if (!n)
    return INTAKE_END;
  return errno == EAGAIN || errno == EINTR ? INTAKE_NOTHING : INTAKE_FAILED;
}

/* Each look shows from the beginning what waits, as far as the private pipe holds it. */
static intake_answer look_at_copy(intake *i, span *piece)
{
  ssize_t n = splice_look(&i->copy, i->fd, i->buf, sizeof i->buf, &i->full);

  if (i->copy.refused || (n > 0 && (size_t)n <= i->seen))
    return INTAKE_NOTHING;
  if (n > 0) {
    *piece = (span){i->buf + i->seen, (size_t)n - i->seen};
    i->seen = (size_t)n;
  }
  return answer(n);
}

intake_answer intake_look(intake *i, span *piece)
{
  ssize_t n;

  if (i->copy.view[0] >= 0)
    return look_at_copy(i, piece);
  n = read(i->fd, i->buf, sizeof i->buf);
  *piece = (span){i->buf, n > 0 ? (size_t)n : 0};
  return answer(n);
}

int intake_full(intake const *i)
{
  return i->full;
}

int intake_take(intake *i)
{
  while (i->seen) {
    ssize_t n = read(i->fd, i->buf, i->seen);
    if (n > 0)
      i->seen -= (size_t)n;
    else if (!n)
      i->seen = 0;
    else if (errno != EINTR)
      return 0;
  }
  return 1;
}

#define WAIT_MEMORY ((size_t)16 << 20)

void inbox_open(inbox *b, int fd, inbox_came *came, inbox_act *act, void *to)
{
  b->lines.begun = b->ended = 0;
  b->lines.len = b->oldest.len = b->newest.len = b->rest.len = 0;
  b->came = came;
  b->act = act;
  b->to = to;
  line_buffer_open(&b->waiting, WAIT_MEMORY);
  intake_open(&b->in, fd);
}

void inbox_close(inbox *b)
{
  line_buffer_close(&b->waiting);
  intake_close(&b->in);
}

int inbox_waits(inbox const *b)
{
  return b->oldest.len || b->waiting.used || b->newest.len;
}

int inbox_stuck(inbox const *b)
{
  return b->oldest.len || b->newest.len;
}

int inbox_untaken(inbox const *b)
{
  return b->in.seen != 0;
}

static int put_waiting(inbox *b, span line)
{
  char whole[LINE_MOST];

  *span_copy(whole, line) = '\n';
  return line_buffer_put(&b->waiting, (span){whole, line.len + 1});
}

/* Returns whether there was one. */
static int take_waiting(inbox *b)
{
  span line = line_buffer_first(&b->waiting);

  if (!line.len)
    return 0;
  b->oldest.len = line.len - 1;
  span_copy(b->oldest.s, (span){line.s, b->oldest.len});
  line_buffer_drop(&b->waiting);
  return 1;
}

static void take_line(void *to, span line)
{
  inbox *b = to;
  alertline a;

  if (!alertline_read(&a, line))
    return;
  (*b->came)(b->to, line);
  if ((inbox_waits(b) || !(*b->act)(b->to, line)) && !put_waiting(b, line)) {
    span_copy(b->newest.s, line);
    b->newest.len = line.len;
  }
}

/* Line by line, since it may end with each. */
static void feed(inbox *b)
{
  while (b->rest.len && !b->newest.len) {
    char const *end = memchr(b->rest.s, '\n', b->rest.len);
    span piece = {b->rest.s, end ? (size_t)(end + 1 - b->rest.s) : b->rest.len};
    b->rest.s += piece.len;
    b->rest.len -= piece.len;
    lines_feed(&b->lines, piece, &take_line, b);
  }
}

/* At the end a line without its newline was cut, and is none. */
void inbox_look(inbox *b, int events)
{
  switch (intake_look(&b->in, &b->rest)) {
  case INTAKE_SOME: feed(b); break;
  case INTAKE_NOTHING:
    b->rest.len = 0;
    b->ended = events & POLLHUP && b->in.seen && !intake_full(&b->in); /* all writers are gone */
    break;
  case INTAKE_END:
  case INTAKE_FAILED:
    b->rest.len = 0;
    b->ended = 1;
    break;
  }
}

/* Returns 0 as soon as one cannot be acted upon. */
static int act_upon_waiting(inbox *b)
{
  while (b->oldest.len || take_waiting(b)) {
    if (!(*b->act)(b->to, (span){b->oldest.s, b->oldest.len}))
      return 0;
    b->oldest.len = 0;
  }
  return 1;
}

void inbox_work(inbox *b)
{
  span newest = {b->newest.s, b->newest.len};
  int none = act_upon_waiting(b);

  if (newest.len && ((none && (*b->act)(b->to, newest)) || put_waiting(b, newest)))
    b->newest.len = 0;
  feed(b);
}

/* What is not done yet stays in the input, as far as that is possible. To act upon a line twice does no harm.
 */
void inbox_settle(inbox *b, int done)
{
  if (!inbox_stuck(b) && (intake_full(&b->in) || (done && !inbox_waits(b))))
    intake_take(&b->in);
}
