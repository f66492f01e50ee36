#include "hold/round.h"
#include "base/tai64n.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <skalibs/selfpipe.h>
#include <skalibs/sig.h>

#define RETRY_NS SECOND
#define MEMORY_RETRY_NS (SECOND / 20) /* memory was short, or GATE has just come */

static void pass_on(void *to, span line)
{
  round *r = to;
  char whole[LINE_MOST];

  if (!r->passes_on)
    return;
  *span_copy(whole, line) = '\n';
  output_pass(&r->out, (span){whole, line.len + 1});
}

/* A replay says what would have been done then: the time is that of its lines. */
static moment time_of(round const *r, span line)
{
  int64_t seconds, when;
  uint32_t nano;

  if (!r->gate.is_dry || !label_scan(&seconds, &nano, line) ||
      seconds >= INT64_MAX / SECOND - HOLD_LASTS_MOST_S || seconds < INT64_MIN / SECOND + 1)
    return r->now;
  when = seconds * SECOND + nano;
  return (moment){when, when};
}

static int act(void *to, span line)
{
  round *r = to;
  moment now = time_of(r, line);
  int ok, e;

  if (!gatedir_is_ready(&r->gate))
    return 0;
  r->label = (span){line.s, LABEL_FMT};
  if (r->gate.is_dry)
    holds_expire(&r->policy.all, now);
  ok = apply_alert(&r->policy, line, now);
  e = errno;
  if (r->gate.is_dry)
    gatedir_keep(&r->gate, &r->policy.all, now.mono);
  r->label.len = 0;
  if (!ok && e == E2BIG)
    (*r->failed)(r, ROUND_TOO_MANY);
  return ok || e == E2BIG;
}

int round_open(round *r)
{
  r->signals = selfpipe_init();
  if (r->signals < 0 || !sig_ignore(SIGPIPE) || !sig_restore(SIGTERM) || !selfpipe_trap(SIGTERM))
    return 0;
  output_open(&r->out);
  inbox_open(&r->in, 0, &pass_on, &act, r);
  gatedir_open(&r->gate);
  return 1;
}

static int gate_is_due(round const *r)
{
  return r->now.mono >= r->gate.again || r->in.ended || r->is_terminated ||
         (gatedir_works(&r->gate) && (r->policy.all.changed || inbox_waits(&r->in)));
}

/* has_looked: at what is there in GATE, in this round. */
static void keep(round *r, int has_looked)
{
  holds *all = &r->policy.all;

  if (r->gate.is_dry)
    return;
  holds_expire(all, r->now);
  if (!gate_is_due(r) || (!has_looked && !gatedir_look(&r->gate, all, r->now.mono)))
    return;
  inbox_work(&r->in);
  holds_expire(all, r->now);
  gatedir_keep(&r->gate, all, r->now.mono);
}

static void take_in(round *r, int events)
{
  int was_stuck = r->is_stuck;
  /* First, or an `over` after a release would pass for one of before it. */
  int has_looked = events && gatedir_works(&r->gate) && gatedir_look(&r->gate, &r->policy.all, r->now.mono);

  if (events)
    inbox_look(&r->in, events);
  keep(r, has_looked);
  r->is_stuck = inbox_stuck(&r->in);
  if (r->is_stuck && !was_stuck)
    (*r->failed)(r, ROUND_MEMORY);
  inbox_settle(&r->in, r->gate.is_dry || !r->policy.all.changed);
}

static int64_t sooner(int64_t a, int64_t b)
{
  return a < b ? a : b;
}

/* How long there will be nothing to do, in nanoseconds. */
static int64_t idle(round const *r)
{
  int64_t left = r->gate.is_dry ? GATEDIR_LOOK_NS : sooner(r->gate.again, holds_next(&r->policy.all));

  if (!r->gate.is_dry)
    left = left > r->now.mono ? left - r->now.mono : 0;
  if (inbox_untaken(&r->in))
    left = sooner(left, RETRY_NS);
  if (output_deadline(&r->out) != INT64_MAX)
    left = sooner(left, output_deadline(&r->out) - r->now.mono);
  if (inbox_stuck(&r->in) || (inbox_waits(&r->in) && gatedir_works(&r->gate)))
    left = sooner(left, MEMORY_RETRY_NS);
  return left > 0 ? left : 0;
}

/* What is looked at and not taken makes the input readable all the time: then it is looked at after a while;
 * and not at all while there is no memory for what it says. */
static int wait_for_something(round *r)
{
  int64_t left = idle(r);
  struct timespec t = {left / SECOND, left % SECOND};
  int input = r->in.ended || r->is_stuck ? -1 : r->in.in.fd, untaken = inbox_untaken(&r->in);
  struct pollfd fd[4] = {{r->signals, POLLIN, 0}, {input, untaken ? 0 : POLLIN, 0}, {-1, 0, 0}, {-1, 0, 0}};

  alert_queue_poll(&r->out.out, fd + 2);
  alert_queue_poll(&r->out.err, fd + 3);
  if (ppoll(fd, 4, &t, 0) < 0)
    return 0;
  alert_queue_polled(&r->out.out, fd + 2);
  alert_queue_polled(&r->out.err, fd + 3);
  if (fd[0].revents && selfpipe_read() == SIGTERM)
    r->is_terminated = 1;
  return fd[1].revents || input < 0 || !untaken ? fd[1].revents : POLLIN;
}

int round_run(round *r)
{
  int events = 0;

  for (;;) {
    r->now = moment_now();
    take_in(r, events);
    if (!output_flush(&r->out, r->now))
      (*r->failed)(r, ROUND_OUTPUT);
    if (r->is_terminated || (r->in.ended && !output_full(&r->out)))
      break;
    events = wait_for_something(r);
  }
  inbox_close(&r->in);
  return gatedir_works(&r->gate) && !inbox_waits(&r->in);
}
