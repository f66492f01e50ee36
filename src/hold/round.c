#include "hold/round.h"
#include "hold/holds.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <skalibs/selfpipe.h>
#include <skalibs/sig.h>

#define RETRY SECOND
#define SOON (SECOND / 20) /* where memory was short, or GATE has just come */

static void pass_on(void *to, span line)
{
  round *r = to;
  char whole[LINE_MOST];

  if (!r->pass)
    return;
  *span_copy(whole, line) = '\n';
  output_pass(&r->out, (span){whole, line.len + 1});
}

static int act(void *to, span line)
{
  round *r = to;

  if (!upkeep_ready(&r->upkeep))
    return 0;
  if (warden_take(&r->warden, line, r->now.wall / SECOND)) {
    if (r->upkeep.dry)
      upkeep_do(&r->upkeep, &r->warden.roll, r->now.mono);
    return 1;
  }
  if (errno != E2BIG)
    return 0;
  (*r->trouble)(r, ROUND_TOO_MANY);
  return 1;
}

int round_open(round *r)
{
  r->signals = selfpipe_init();
  if (r->signals < 0 || !sig_ignore(SIGPIPE) || !sig_restore(SIGTERM) || !selfpipe_trap(SIGTERM))
    return 0;
  output_open(&r->out);
  inbox_open(&r->in, 0, &pass_on, &act, r);
  upkeep_open(&r->upkeep, r->gate_trouble, r);
  return 1;
}

void round_say(round *r, span line)
{
  output_say(&r->out, line);
}

static int gate_is_due(round const *r)
{
  return r->upkeep.dry || r->now.mono >= r->upkeep.again || r->in.ended || r->terminated ||
         (upkeep_fine(&r->upkeep) && (r->warden.roll.changed || inbox_waits(&r->in)));
}

static void keep(round *r)
{
  int64_t seconds = r->now.wall / SECOND;
  roll *all = &r->warden.roll;

  term_end(all, seconds);
  if (!gate_is_due(r) || !upkeep_look(&r->upkeep, all, r->now.mono))
    return;
  inbox_work(&r->in);
  term_end(all, seconds);
  upkeep_do(&r->upkeep, all, r->now.mono);
}

static void hear(round *r, int events)
{
  int was = r->stuck;

  if (events)
    inbox_look(&r->in, events);
  keep(r);
  r->stuck = inbox_stuck(&r->in);
  if (r->stuck && !was)
    (*r->trouble)(r, ROUND_MEMORY);
  inbox_settle(&r->in, r->upkeep.dry || !r->warden.roll.changed);
}

static int64_t sooner(int64_t a, int64_t b)
{
  return a < b ? a : b;
}

/* How long nothing will have to be done, in nanoseconds. */
static int64_t idle(round const *r)
{
  int64_t until = term_next(&r->warden.roll);
  int64_t left = r->upkeep.dry ? UPKEEP_LOOK : r->upkeep.again - r->now.mono;

  if (inbox_untaken(&r->in))
    left = sooner(left, RETRY);
  if (output_deadline(&r->out) != INT64_MAX)
    left = sooner(left, output_deadline(&r->out) - r->now.mono);
  if (inbox_stuck(&r->in) || (inbox_waits(&r->in) && upkeep_fine(&r->upkeep)))
    left = sooner(left, SOON);
  if (until < (r->now.wall + UPKEEP_LOOK) / SECOND)
    left = sooner(left, until * SECOND - r->now.wall);
  return left > 0 ? left : 0;
}

/* What is looked at and not taken makes the input readable all the time: then it is looked at after a while;
 * and not at all while there is no memory for what it says. */
static int wait_for_something(round *r)
{
  int64_t left = idle(r);
  struct timespec t = {left / SECOND, left % SECOND};
  int input = r->in.ended || r->stuck ? -1 : r->in.in.fd, untaken = inbox_untaken(&r->in);
  struct pollfd fd[4] = {{r->signals, POLLIN, 0}, {input, untaken ? 0 : POLLIN, 0}, {-1, 0, 0}, {-1, 0, 0}};

  alert_queue_poll(&r->out.out, fd + 2);
  alert_queue_poll(&r->out.err, fd + 3);
  if (ppoll(fd, 4, &t, 0) < 0)
    return 0;
  alert_queue_polled(&r->out.out, fd + 2);
  alert_queue_polled(&r->out.err, fd + 3);
  if (fd[0].revents && selfpipe_read() == SIGTERM)
    r->terminated = 1;
  return fd[1].revents || input < 0 || !untaken ? fd[1].revents : POLLIN;
}

int round_run(round *r)
{
  int events = 0;

  for (;;) {
    r->now = moment_now();
    hear(r, events);
    if (!output_flush(&r->out, r->now))
      (*r->trouble)(r, ROUND_OUTPUT);
    if (r->terminated || (r->in.ended && !output_full(&r->out)))
      break;
    events = wait_for_something(r);
  }
  inbox_close(&r->in);
  return upkeep_fine(&r->upkeep) && !inbox_waits(&r->in);
}
