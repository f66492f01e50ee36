#include "flow/pump.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <skalibs/selfpipe.h>
#include <skalibs/sig.h>
#include <unistd.h>

#define RETRY SECOND
#define PROGRAM_WARNING (60 * SECOND)

/* A signal that was inherited as ignored would never arrive, blocked or not. */
static int trap(int sig)
{
  return sig_restore(sig) && selfpipe_trap(sig);
}

int pump_signals(pump *p)
{
  p->signals = selfpipe_init();
  if (p->signals < 0 || !sig_ignore(SIGPIPE) || !trap(SIGTERM) || !trap(SIGUSR1))
    return 0;
  if (!(p->reload ? trap(SIGHUP) : sig_ignore(SIGHUP)))
    return 0;
  if (!p->keeper)
    return sig_ignore(SIGALRM);
  return trap(SIGALRM) && trap(SIGCHLD);
}

static void take_signals(pump *p)
{
  int sig;

  while ((sig = selfpipe_read()) > 0)
    switch (sig) {
    case SIGTERM:
      p->terminated = 1;
      relay_stop(&p->log);
      break;
    case SIGHUP: (*p->reload)(p); break;
    case SIGUSR1: (*p->report)(p); break;
    case SIGALRM: keeper_signal(p->keeper, SIGALRM); break;
    default: p->child_changed = 1; break;
    }
}

static void earlier(int64_t *when, int64_t other)
{
  if (other < *when)
    *when = other;
}

static int64_t next_deadline(pump const *p)
{
  int64_t when = p->output_again, other;

  if (tap_deadline(p->tap, &other) && !p->ended_input)
    earlier(&when, other);
  if (p->outlet == OUTLET_BROKEN)
    earlier(&when, p->alerts_again);
  if (p->keeper && !p->keeper->pid)
    earlier(&when, p->keeper->started + KEEPER_PAUSE);
  if (p->answer == RELAY_MOVED)
    when = 0;
  return when;
}

/* Returns the present time. A poll that fails is one that was interrupted, and no harm comes of too early a
 * return. */
static void wait_for_something(pump *p)
{
  struct pollfd fd[4] = {{.fd = p->signals, .events = POLLIN}, {.fd = -1}, {.fd = -1}, {.fd = -1}};
  int64_t when = next_deadline(p), left = when > p->now.mono ? when - p->now.mono : 0;
  struct timespec t = {left / SECOND, left % SECOND};

  if (p->answer == RELAY_WANT_INPUT)
    fd[1] = (struct pollfd){.fd = p->log.in, .events = POLLIN};
  if (p->answer == RELAY_WANT_OUTPUT)
    fd[2] = (struct pollfd){.fd = p->log.out, .events = POLLOUT};
  if (p->outlet == OUTLET_FULL)
    fd[3] = (struct pollfd){.fd = p->alerts->fd, .events = POLLOUT};
  if (ppoll(fd, 4, when == INT64_MAX ? 0 : &t, 0) < 0)
    fd[0].revents = POLLIN;
  p->readable = fd[1].revents != 0;
  p->now = moment_now();
  if (fd[0].revents)
    take_signals(p);
}

/* Whoever stores the log must not wait for whoever reads the alerts. */
static void end_output(pump *p)
{
  if (p->keeper)
    keeper_close_input(p->keeper);
  else
    close(p->log.out);
}

static void end_input(pump *p)
{
  p->ended_input = 1;
  if (!p->terminated) {
    lines_end(&p->lines, &tap_line, p->tap);
    (*p->ended)(p);
  }
  end_output(p);
}

static void move_log(pump *p)
{
  int was_full = p->output_again != INT64_MAX;
  span seen;

  if (p->ended_input || (was_full && p->now.mono < p->output_again))
    return;
  p->answer = relay_step(&p->log, p->readable, &seen);
  p->error = errno;
  lines_feed(&p->lines, seen, &tap_line, p->tap);
  p->output_again = INT64_MAX;
  if (p->answer == RELAY_RETRY) {
    p->output_again = p->now.mono + RETRY;
    if (!was_full)
      (*p->trouble)(p, PUMP_OUTPUT_FULL);
  }
  if (p->answer == RELAY_END)
    end_input(p);
}

static void move_alerts(pump *p)
{
  int was_broken = p->outlet == OUTLET_BROKEN;
  uint64_t lost;

  if (was_broken && p->now.mono < p->alerts_again)
    return;
  p->outlet = outlet_flush(p->alerts);
  if (p->outlet == OUTLET_BROKEN) {
    p->alerts_again = p->now.mono + RETRY;
    if (!was_broken)
      (*p->trouble)(p, PUMP_ALERTS_FAIL);
  } else if ((lost = outlet_gap(p->alerts))) {
    tap_note(p->tap, "lost", "alerts=", lost);
    p->outlet = outlet_flush(p->alerts);
  }
}

static void tell_program(pump *p, pump_trouble what)
{
  int64_t *warned = &p->program_warned[what == PUMP_PROGRAM_ABSENT];

  if (*warned != INT64_MIN && p->now.mono - *warned < PROGRAM_WARNING)
    return;
  *warned = p->now.mono;
  (*p->trouble)(p, what);
}

/* Returns whether the program has stored all, or there is none. */
static int keep_program(pump *p)
{
  keeper_state state;

  if (!p->keeper)
    return 1;
  if (p->keeper->pid && !p->child_changed)
    return 0;
  p->child_changed = 0;
  state = keeper_check(p->keeper);
  if (state == KEEPER_DIED)
    tell_program(p, PUMP_PROGRAM_ENDED);
  if ((state == KEEPER_DIED || state == KEEPER_WAITS) && !keeper_start(p->keeper, p->now.mono))
    tell_program(p, PUMP_PROGRAM_ABSENT);
  return state == KEEPER_DONE;
}

/* Nobody waits for an alert reader that is not there, nor for any after SIGTERM. */
static int alerts_done(pump const *p)
{
  return p->outlet != OUTLET_FULL || p->terminated;
}

int pump_run(pump *p)
{
  p->lines.skip = &tap_skip;
  p->answer = RELAY_WANT_INPUT;
  p->outlet = OUTLET_IDLE;
  p->output_again = p->alerts_again = INT64_MAX;
  p->program_warned[0] = p->program_warned[1] = INT64_MIN;
  p->readable = p->ended_input = p->terminated = p->child_changed = 0;
  p->now = moment_now();
  for (;;) {
    int stored;
    tap_machine(p->tap, p->now);
    if (!p->ended_input)
      tap_tick(p->tap);
    move_log(p);
    stored = keep_program(p);
    move_alerts(p);
    if (p->answer == RELAY_GONE || p->answer == RELAY_FAILED) {
      errno = p->error;
      return 0;
    }
    if (p->ended_input && stored && alerts_done(p))
      return 1;
    wait_for_something(p);
  }
}
