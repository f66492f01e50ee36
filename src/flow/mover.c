#include "flow/mover.h"
#include "flow/input.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define SIZE                                                                                                 \
  ((size_t)1 << 18) /* of one step: larger ones save little, and let what follows wait for longer */

int mover_open(mover *m, int in, int out, int ours)
{
  *m = (mover){.in = in, .out = out, .ours = ours, .kernel.view = {-1, -1}};
  m->by_file = input_is_file(in);
  m->by_splice = bysplice_fits(in, out);
  if (m->by_splice || ours)
    sink_open_own(&m->copies, out);
  else
    sink_open(&m->copies, out, SINK_BULK);
  if (m->by_splice && !bysplice_open(&m->kernel))
    return 0;
  m->buf = input_buffer(SIZE);
  return m->buf != 0;
}

void mover_close(mover *m)
{
  bysplice_close(&m->kernel);
  sink_close(&m->copies);
  free(m->buf);
}

/* What was seen and is still in the input is taken from it now; what somebody else has taken is not ours. */
static void take_seen(mover *m)
{
  size_t got = m->from;

  while (got < m->to && input_waits(m->in) > 0) {
    ssize_t n = read(m->in, m->buf + got, m->to - got);
    if (n > 0)
      got += (size_t)n;
    else if (n == 0 || errno != EINTR)
      break;
  }
  m->to = got;
}

/* The kernel has refused to move bytes. */
static void read_and_write(mover *m)
{
  m->by_splice = 0;
  if (!m->ours)
    sink_open(&m->copies, m->out, SINK_BULK);
  take_seen(m);
}

static ssize_t look(mover *m, size_t most)
{
  ssize_t n = bysplice_look(&m->kernel, m->in, m->buf, most);

  if (n < 0 && m->kernel.refused) {
    read_and_write(m);
    errno = EINTR;
  }
  if (n >= (ssize_t)MOVER_PIPE && most > MOVER_PIPE && !m->kernel.large)
    bysplice_enlarge(&m->kernel, m->in, m->out, SIZE);
  return n;
}

static ssize_t take(mover *m, size_t most, int readable)
{
  if (readable || m->by_file)
    return read(m->in, m->buf, most);
  errno = EAGAIN;
  return -1;
}

ssize_t mover_see(mover *m, size_t most, int readable)
{
  ssize_t n;

  if (most > SIZE)
    most = SIZE;
  n = m->by_splice ? look(m, most) : take(m, most, readable);
  if (n > 0) {
    m->from = 0;
    m->to = (size_t)n;
  }
  return n;
}

static ssize_t pass(mover *m, size_t len)
{
  if (m->by_splice) {
    ssize_t n = bysplice_move(&m->kernel, m->in, m->out, len);
    if (!m->kernel.refused)
      return n;
    read_and_write(m);
    len = len < m->to - m->from ? len : m->to - m->from;
  }
  return sink_write(&m->copies, m->buf + m->from, len);
}

ssize_t mover_pass(mover *m, size_t len)
{
  ssize_t n = pass(m, len);

  if (n > 0)
    m->from += (size_t)n;
  if (n == 0)
    m->from = m->to;
  return n;
}
