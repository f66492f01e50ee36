#include "gate/inbox.h"
#include "tap/alertline.h"
#include <poll.h>

#define WAIT_MEMORY ((size_t)16 << 20)

void inbox_open(inbox *b, int fd, inbox_came *came, inbox_act *act, void *to)
{
  b->lines.begun = b->ended = 0;
  b->lines.len = b->oldest.len = b->newest.len = b->rest.len = 0;
  b->lines.skip = 0;
  b->came = came;
  b->act = act;
  b->to = to;
  backlog_open(&b->waiting, WAIT_MEMORY);
  intake_open(&b->in, fd);
}

void inbox_close(inbox *b)
{
  backlog_close(&b->waiting);
  intake_close(&b->in);
}

int inbox_waits(inbox const *b)
{
  return b->oldest.len || b->waiting.first || b->newest.len;
}

int inbox_stuck(inbox const *b)
{
  return b->oldest.len || b->newest.len;
}

int inbox_untaken(inbox const *b)
{
  return b->in.seen != 0;
}

static void take_line(void *to, span line)
{
  inbox *b = to;
  alertline a;

  if (!alertline_read(&a, line))
    return;
  (*b->came)(b->to, line);
  if ((inbox_waits(b) || !(*b->act)(b->to, line)) && !backlog_put(&b->waiting, line)) {
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

static void end(inbox *b)
{
  lines_end(&b->lines, &take_line, b);
  b->ended = 1;
}

void inbox_look(inbox *b, int events)
{
  switch (intake_look(&b->in, &b->rest)) {
  case INTAKE_SOME: feed(b); break;
  case INTAKE_NOTHING:
    b->rest.len = 0;
    if (events & POLLHUP && b->in.seen && !intake_full(&b->in)) /* nobody writes any more */
      end(b);
    break;
  case INTAKE_END:
  case INTAKE_FAILED:
    b->rest.len = 0;
    end(b);
    break;
  }
}

/* Returns 0 as soon as one cannot be acted upon. */
static int act_upon_waiting(inbox *b)
{
  while (b->oldest.len || (b->oldest.len = backlog_take(&b->waiting, b->oldest.s))) {
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

  if (newest.len && ((none && (*b->act)(b->to, newest)) || backlog_put(&b->waiting, newest)))
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
