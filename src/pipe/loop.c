#include "pipe/loop.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <skalibs/selfpipe.h>
#include <skalibs/sig.h>

/* A signal that was inherited as ignored would never arrive, blocked or not. */
static int trap(int sig)
{
  return sig_restore(sig) && selfpipe_trap(sig);
}

static int trap_if(int wanted, int sig)
{
  return wanted ? trap(sig) : sig_ignore(sig);
}

int signals_open(int reload, int program)
{
  int fd = selfpipe_init();

  if (fd < 0 || !sig_ignore(SIGPIPE) || !sig_ignore(SIGXFSZ) || !trap(SIGTERM) || !trap(SIGUSR1) ||
      !trap_if(reload, SIGHUP) || !trap_if(program, SIGALRM) || (program && !trap(SIGCHLD)))
    return -1;
  return fd;
}

#define PROGRAM_WARNING (60 * SECOND)

static void take_signals(pump *p)
{
  int sig;

  while ((sig = selfpipe_read()) > 0) {
    p->log.urgent = 1;
    switch (sig) {
    case SIGTERM:
      p->terminated = 1;
      relay_stop(&p->log.log);
      break;
    case SIGHUP: (*p->reload)(p); break;
    case SIGUSR1: (*p->report)(p); break;
    case SIGALRM: keeper_rotate(p->keeper); break;
    default: p->child_changed = 1; break;
    }
  }
}

static void earlier(int64_t *when, int64_t other)
{
  if (other < *when)
    *when = other;
}

static int64_t next_deadline(pump const *p)
{
  int64_t when = stream_deadline(&p->log), other;

  if (tap_deadline(p->tap, &other) && !p->ended_input)
    earlier(&when, other);
  earlier(&when, alerts_deadline(&p->alerts));
  earlier(&when, p->program_again);
  return when;
}

/* Returns the present time. A poll that fails is one that was interrupted, and no harm comes of too early a
 * return. */
static void wait_for_something(pump *p)
{
  struct pollfd fd[4] = {{.fd = p->signals, .events = POLLIN}};
  int64_t when = next_deadline(p), left = when > p->now.mono ? when - p->now.mono : 0;
  struct timespec t = {left / SECOND, left % SECOND};

  alerts_poll(&p->alerts, fd + 1);
  stream_poll(&p->log, fd + 2);
  if (ppoll(fd, 4, when == INT64_MAX ? 0 : &t, 0) < 0) {
    fd[0].revents = POLLIN;
    fd[1].revents = fd[2].revents = fd[3].revents = 0;
  }
  alerts_polled(&p->alerts, fd + 1);
  stream_polled(&p->log, fd + 2);
  p->now = moment_now();
  if (fd[0].revents)
    take_signals(p);
}

/* Whoever stores the log must not wait for whoever reads the alerts. */
static void end_input(pump *p)
{
  p->ended_input = 1;
  if (!p->terminated) {
    lines_end(&p->lines, &tap_line, p->tap);
    (*p->ended)(p);
  }
  stream_end(&p->log);
}

static void move_log(pump *p)
{
  int was_full = p->log.answer == RELAY_RETRY, refused = relay_refused(&p->log.log);
  span seen;

  if (p->ended_input || !stream_move(&p->log, p->now.mono, p->child_changed, &seen))
    return;
  lines_feed(&p->lines, seen, &tap_line, p->tap);
  if (!refused && relay_refused(&p->log.log)) {
    errno = relay_refused(&p->log.log);
    (*p->trouble)(p, PUMP_NO_SPLICE);
  }
  if (p->log.answer == RELAY_RETRY && !was_full) {
    errno = p->log.error;
    (*p->trouble)(p, PUMP_OUTPUT_FULL);
  }
  if (p->log.answer == RELAY_END)
    end_input(p);
}

static void move_alerts(pump *p)
{
  int was_broken = p->alerts.state == OUTLET_BROKEN;
  uint64_t lost;

  if (!alerts_move(&p->alerts, p->now.mono))
    return;
  lost = p->alerts.state == OUTLET_BROKEN ? 0 : outlet_gap(p->alerts.outlet);
  if (lost) {
    tap_note(p->tap, ALERT_LOST, "alerts=", lost);
    alerts_move(&p->alerts, p->now.mono);
  }
  if (p->alerts.state == OUTLET_BROKEN && !was_broken)
    (*p->trouble)(p, PUMP_ALERTS_FAIL);
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
  keeper_state state = KEEPER_RUNS;

  if (!p->keeper)
    return 1;
  if (!p->keeper->pid || p->child_changed)
    state = keeper_check(p->keeper);
  p->child_changed = 0;
  if (state == KEEPER_DIED)
    tell_program(p, PUMP_PROGRAM_ENDED);
  if ((state == KEEPER_DIED || state == KEEPER_WAITS) && !keeper_start(p->keeper, p->now.mono))
    tell_program(p, PUMP_PROGRAM_ABSENT);
  p->program_again = keeper_tend(p->keeper, p->now.mono);
  return state == KEEPER_DONE;
}

/* Nobody waits for an alert reader that is not there, nor for any after SIGTERM. */
static int alerts_done(pump const *p)
{
  return p->alerts.state != OUTLET_FULL || p->terminated;
}

static void begin(pump *p)
{
  p->program_again = INT64_MAX;
  p->program_warned[0] = p->program_warned[1] = INT64_MIN;
  p->ended_input = p->terminated = p->child_changed = 0;
  p->now = moment_now();
}

int pump_run(pump *p)
{
  begin(p);
  for (;;) {
    int stored;
    tap_machine(p->tap, p->now);
    if (!p->ended_input)
      tap_tick(p->tap);
    move_log(p);
    stored = keep_program(p);
    move_alerts(p);
    if (p->log.answer == RELAY_GONE || p->log.answer == RELAY_FAILED) {
      errno = p->log.error;
      return 0;
    }
    if (p->ended_input && stored && alerts_done(p))
      return 1;
    wait_for_something(p);
  }
}
