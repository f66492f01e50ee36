#include "pipe/pass.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define PIPE_LEN ((size_t)1 << 16) /* a pipe's usual size: a writer in bulk fills it */
#define STEP_LEN                                                                                             \
  ((size_t)1 << 18) /* of one step: larger ones save little, and let what follows wait for longer */

/* Without a view bytes can be read, but neither seen before they are moved, nor read without a wait if others
 * read them too. */
int pass_open(pass *p, int in, int out, int own)
{
  int viewed;

  *p = (pass){.in = in, .out = out, .own = own, .kind = input_kind_of(in), .view.view = {-1, -1}};
  viewed = p->kind == INPUT_PIPE && splice_open(&p->view);
  p->by_splice = p->kind == INPUT_PIPE && input_kind_of(out) == INPUT_PIPE && SPLICE_IS_HERE;
  if (p->by_splice && !viewed)
    return 0;
  if (p->by_splice || own)
    nbwrite_open_own(&p->to, out);
  else
    nbwrite_open(&p->to, out, NBWRITE_BULK);
  p->buf = input_buffer(STEP_LEN);
  return p->buf != 0;
}

void pass_close(pass *p)
{
  splice_close(&p->view);
  nbwrite_close(&p->to);
  free(p->buf);
}

int pass_output(pass const *p)
{
  return p->to.fd;
}

void pass_end_output(pass *p)
{
  nbwrite_close(&p->to);
  close(p->out);
}

static int all_passed_on(pass const *p)
{
  return p->from == p->end;
}

/* What was seen and is still in the input is taken from it now; what another reader has taken is not ours. */
static void take_seen(pass *p)
{
  size_t got = p->from;

  while (got < p->end && input_waits(p->in)) {
    ssize_t n = read(p->in, p->buf + got, p->end - got);
    if (n > 0)
      got += (size_t)n;
    else if (n == 0 || errno != EINTR)
      break;
  }
  p->end = got;
}

/* The kernel has refused to move bytes. */
static void read_and_write(pass *p)
{
  p->by_splice = 0;
  if (!p->own)
    nbwrite_open(&p->to, p->out, NBWRITE_BULK);
  take_seen(p);
}

static ssize_t look(pass *p, size_t most)
{
  ssize_t n = splice_look(&p->view, p->in, p->buf, most, 0);

  if (n < 0 && p->view.refused) {
    read_and_write(p);
    errno = EINTR;
  }
  if (n >= (ssize_t)PIPE_LEN && most > PIPE_LEN && !p->large) {
    p->large = 1;
    splice_enlarge(p->in, STEP_LEN);
    splice_enlarge(p->out, STEP_LEN);
    splice_enlarge(p->view.view[1], STEP_LEN);
  }
  return n;
}

/* A datagram is taken whole, since what is left of it would be lost. */
static ssize_t take(pass *p, size_t most)
{
  if (p->view.view[0] >= 0) {
    ssize_t n = splice_take(&p->view, p->in, p->buf, most);
    if (!p->view.refused)
      return n;
  }
  return input_read(p->in, p->kind, p->buf, p->kind == INPUT_DATAGRAM ? STEP_LEN : most);
}

static ssize_t see(pass *p, size_t most, int readable)
{
  ssize_t n = -1;

  if (most > STEP_LEN)
    most = STEP_LEN;
  if (p->by_splice)
    n = look(p, most);
  else if (readable)
    n = take(p, most);
  else
    errno = EAGAIN;
  if (n > 0) {
    p->from = 0;
    p->end = (size_t)n;
  }
  return n;
}

/* Returns how many bytes; 0 if another reader has taken them from the input; -1 with errno, EAGAIN if the
 * output takes none now. */
static ssize_t move(pass *p, size_t len)
{
  if (p->by_splice) {
    ssize_t n = splice_move(&p->view, p->in, p->out, len);
    if (!p->view.refused)
      return n;
    read_and_write(p);
    len = len < p->end - p->from ? len : p->end - p->from;
  }
  return nbwrite_some(&p->to, p->buf + p->from, len);
}

/* Cuts off what comes after the end of the line under way and is not passed on yet. What was read cannot be
 * put back, so only what was merely seen is cut. */
static void cut(pass *p)
{
  char const *newline;

  if (!p->by_splice || all_passed_on(p))
    return;
  newline = memchr(p->buf + p->from, '\n', p->end - p->from);
  if (!p->midline)
    p->end = p->from;
  else if (newline)
    p->end = (size_t)(newline - p->buf) + 1;
}

void pass_stop(pass *p)
{
  p->stop = 1;
  cut(p);
}

static pass_answer failed_input(void)
{
  switch (errno) {
  case EINTR: return PASS_MOVED;
  case ENOMEM: return PASS_RETRY;
  default: return errno == EAGAIN || errno == EWOULDBLOCK ? PASS_WANT_INPUT : PASS_FAILED;
  }
}

static pass_answer failed_output(void)
{
  switch (errno) {
  case EINTR: return PASS_MOVED;
  case EPIPE: return PASS_GONE;
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
  case ENOMEM:
  case ENOBUFS: /* of a socket */ return PASS_RETRY;
  default: return errno == EAGAIN || errno == EWOULDBLOCK ? PASS_WANT_OUTPUT : PASS_FAILED;
  }
}

static pass_answer get(pass *p, size_t room, int readable, span *seen)
{
  ssize_t n = see(p, p->stop && !p->by_splice ? 1 : room, readable);

  if (n == 0)
    return PASS_END;
  if (n < 0)
    return failed_input();
  if (p->stop)
    cut(p);
  *seen = (span){p->buf, p->end};
  return PASS_MOVED;
}

static pass_answer pass_on(pass *p, size_t room)
{
  pass_answer answer = PASS_MOVED;

  while (answer == PASS_MOVED && !all_passed_on(p) && room) {
    size_t left = p->end - p->from;
    ssize_t n = move(p, left < room ? left : room);
    if (n > 0) {
      p->from += (size_t)n;
      p->midline = p->buf[p->from - 1] != '\n';
      room = room == PASS_ALL ? room : 0;
    } else if (n == 0)
      p->from = p->end;
    else
      answer = failed_output();
  }
  return answer == PASS_MOVED && !all_passed_on(p) ? PASS_HELD : answer;
}

/* Takes nothing that may not be passed on, except from an input that does not tell how much waits. */
static pass_answer hold(pass *p, int readable, span *seen)
{
  pass_answer answer;

  if (!all_passed_on(p) || input_waits(p->in))
    return PASS_HELD;
  answer = get(p, PIPE_LEN, readable, seen);
  return answer == PASS_MOVED ? PASS_HELD : answer;
}

pass_answer pass_step(pass *p, size_t room, int readable, span *seen)
{
  pass_answer answer = PASS_MOVED;

  *seen = (span){p->buf, 0};
  if (all_passed_on(p) && p->stop && !p->midline)
    return PASS_END;
  if (!room)
    return hold(p, readable, seen);
  if (all_passed_on(p))
    answer = get(p, room, readable, seen);
  if (answer == PASS_MOVED)
    answer = pass_on(p, room);
  if (answer != PASS_MOVED)
    return answer;
  return p->stop && !p->midline ? PASS_END : PASS_WANT_INPUT;
}
