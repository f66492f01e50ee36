#include "gate/round.h"
#include "tap/alert.h"
#include "tap/alertline.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <skalibs/selfpipe.h>
#include <skalibs/sig.h>

#define RETRY SECOND
#define SOON (SECOND / 20) /* what fails once may well succeed at once */
#define LOOK (10 * SECOND) /* at whether GATE is still the same */
#define PASS_MEMORY ((size_t)16 << 20)
#define WAIT_MEMORY ((size_t)16 << 20)
#define SAY_MEMORY ((size_t)256 << 10)

int round_open(round *r)
{
  r->signals = selfpipe_init();
  if (r->signals < 0 || !sig_ignore(SIGPIPE) || !sig_restore(SIGTERM) || !selfpipe_trap(SIGTERM))
    return 0;
  outlet_open(&r->out, 1, PASS_MEMORY);
  outlet_open(&r->err, 2, SAY_MEMORY);
  backlog_open(&r->waiting, WAIT_MEMORY);
  intake_open(&r->in, 0);
  return 1;
}

void round_say(round *r, span line)
{
  outlet_put(&r->err, line);
}

static int is_ready(round const *r)
{
  return r->dry || r->gate.loaded;
}

/* As if all that is to be done had been done. */
static void keep_dry(round *r)
{
  roll *all = &r->warden.roll;

  for (size_t i = 0; i < all->len; i++) {
    held *h = all->at[i];
    if (h->state == HELD_WANTED || h->state == HELD_LEAVING) {
      (*r->gate.tell)(r->gate.to, h->state == HELD_WANTED ? GATEDIR_HELD : GATEDIR_LET_GO, h);
      h->state = h->state == HELD_WANTED ? HELD_MADE : HELD_NONE;
    }
    held_settle(h);
  }
  roll_sweep(all);
  all->changed = 0;
}

/* Returns 0 if there is no memory now. */
static int act(round *r, span line)
{
  if (warden_take(&r->warden, line, r->now.wall / SECOND)) {
    if (r->dry)
      keep_dry(r);
    return 1;
  }
  if (errno != E2BIG)
    return 0;
  (*r->trouble)(r, ROUND_FULL);
  return 1;
}

static void wait_with(round *r, span line)
{
  if (!backlog_put(&r->waiting, line))
    r->starved = 1;
}

static void take_line(void *to, span line)
{
  round *r = to;
  char whole[OUTLET_LINE];
  alertline a;

  if (!alertline_read(&a, line))
    return;
  memcpy(whole, line.s, line.len);
  whole[line.len] = '\n';
  if (r->pass)
    outlet_put(&r->out, (span){whole, line.len + 1});
  if (!is_ready(r) || r->waiting.first || !act(r, line))
    wait_with(r, line);
}

/* Those that came while GATE was not ready, or while there was no memory. */
static void take_waiting(round *r)
{
  char line[OUTLET_LINE];
  size_t len;

  while (is_ready(r) && (len = backlog_take(&r->waiting, line)))
    if (!act(r, (span){line, len})) {
      r->starved = 1;
      break;
    }
}

static void take_input(round *r, int events)
{
  span piece;

  switch (intake_look(&r->in, &piece)) {
  case INTAKE_SOME: lines_feed(&r->lines, piece, &take_line, r); break;
  case INTAKE_NOTHING:
    if (events & POLLHUP && r->in.seen && !intake_full(&r->in)) /* nobody writes any more */
      r->ended = 1;
    break;
  case INTAKE_END:
  case INTAKE_FAILED:
    lines_end(&r->lines, &take_line, r);
    r->ended = 1;
    break;
  }
}

static void keep_gate(round *r)
{
  gatedir_answer last = r->answer;

  r->answer = gatedir_ready(&r->gate, &r->warden.roll);
  if (r->gate.remark != GATEDIR_FINE)
    (*r->gate_trouble)(r, r->gate.remark);
  r->gate.remark = GATEDIR_FINE;
  if (r->answer == GATEDIR_FINE) {
    take_waiting(r);
    warden_tick(&r->warden, r->now.wall / SECOND);
    r->answer = gatedir_keep(&r->gate, &r->warden.roll);
  }
  if (r->answer != GATEDIR_FINE && r->answer != last)
    (*r->gate_trouble)(r, r->answer);
  if (r->answer != GATEDIR_FINE)
    r->again.mono = r->now.mono + (r->answer == last ? RETRY : SOON);
  else
    r->again.mono = r->now.mono + (r->waiting.first ? SOON : LOOK);
}

static void keep(round *r)
{
  warden_tick(&r->warden, r->now.wall / SECOND);
  if (r->dry)
    keep_dry(r);
  else if (r->now.mono >= r->again.mono || r->ended || r->terminated ||
           (r->answer == GATEDIR_FINE && (r->warden.roll.changed || r->waiting.first)))
    keep_gate(r);
}

static void tell_lost(round *r)
{
  uint64_t lost = outlet_gap(&r->out);
  alert a;

  if (!lost)
    return;
  alert_begin(&a, r->now.wall, ALERT_NOTE);
  alert_field(&a, span_of("lost"));
  alert_number(&a, "alerts=", lost);
  outlet_put(&r->out, alert_end(&a));
  r->out_state = outlet_flush(&r->out);
}

static void write_out(round *r)
{
  r->out_state = outlet_flush(&r->out);
  if (r->out_state != OUTLET_BROKEN) {
    r->pass_broken = 0;
    tell_lost(r);
  } else if (!r->pass_broken++)
    (*r->trouble)(r, ROUND_OUTPUT);
  r->err_state = outlet_flush(&r->err);
}

/* How long nothing will have to be done, in nanoseconds. */
static int64_t idle(round const *r)
{
  int64_t until = warden_next(&r->warden), left = r->dry ? LOOK : r->again.mono - r->now.mono;

  if (r->out_state == OUTLET_BROKEN || r->err_state == OUTLET_BROKEN || r->in.seen)
    left = left < RETRY ? left : RETRY;
  if (r->starved || (r->waiting.first && r->answer == GATEDIR_FINE))
    left = left < SOON ? left : SOON;
  if (until < r->now.wall / SECOND + LOOK / SECOND && (until * SECOND - r->now.wall) < left)
    left = until * SECOND - r->now.wall;
  return left > 0 ? left : 0;
}

/* What is looked at and not taken makes the input readable all the time: then it is looked at after a while.
 */
static int wait_for_something(round *r)
{
  int64_t left = idle(r);
  struct timespec t = {left / SECOND, left % SECOND};
  struct pollfd fd[4] = {{r->signals, POLLIN, 0},
                         {r->ended ? -1 : r->in.fd, r->in.seen || r->starved ? 0 : POLLIN, 0},
                         {r->out_state == OUTLET_FULL ? r->out.to.fd : -1, POLLOUT, 0},
                         {r->err_state == OUTLET_FULL ? r->err.to.fd : -1, POLLOUT, 0}};

  if (ppoll(fd, 4, &t, 0) < 0)
    return 0;
  if (fd[0].revents && selfpipe_read() == SIGTERM)
    r->terminated = 1;
  return fd[1].revents ? fd[1].revents : r->in.seen || r->starved ? POLLIN : 0;
}

/* What is not on the disk yet stays in the input, as far as that is possible. To act upon a line twice does
 * no harm. */
static void settle_input(round *r)
{
  char line[OUTLET_LINE];

  if (r->starved && r->in.seen && !intake_full(&r->in)) {
    while (backlog_take(&r->waiting, line))
      ;
    r->in.seen = 0;
    return;
  }
  if (r->starved)
    (*r->trouble)(r, ROUND_MISSED);
  r->starved = 0;
  if (r->dry || intake_full(&r->in) || (!r->warden.roll.changed && !r->waiting.first))
    intake_take(&r->in);
}

int round_run(round *r)
{
  int events = 0;

  r->answer = GATEDIR_FINE;
  r->again.mono = INT64_MIN;
  for (;;) {
    r->now = moment_now();
    if (events) {
      r->starved = 0;
      take_input(r, events);
    }
    keep(r);
    settle_input(r);
    write_out(r);
    if (r->terminated || (r->ended && r->out_state != OUTLET_FULL && r->err_state != OUTLET_FULL))
      break;
    events = wait_for_something(r);
  }
  intake_close(&r->in);
  return r->answer == GATEDIR_FINE && !r->waiting.first;
}
