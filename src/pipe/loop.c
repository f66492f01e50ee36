#include "pipe/loop.h"
#include "pipe/warn.h"
#include <errno.h>
#include <signal.h>
#include <skalibs/selfpipe.h>
#include <skalibs/sig.h>
#include <skalibs/uint64.h>
#include <sys/wait.h>

#define PROGRAM_WARNING_NS (60 * SECOND)

/* A signal that was inherited as ignored would never arrive, blocked or not. */
static int trap(int sig)
{
  return sig_restore(sig) && selfpipe_trap(sig);
}

static int trap_if(int wanted, int sig)
{
  return wanted ? trap(sig) : sig_ignore(sig);
}

int loop_open(loop *l, tap *t, logger *program, int reload)
{
  l->tap = t;
  l->logger = program;
  l->logger_again = INT64_MAX;
  l->warned_ended = l->warned_missing = INT64_MIN;
  l->signals = selfpipe_init();
  return l->signals >= 0 && sig_ignore(SIGPIPE) && sig_ignore(SIGXFSZ) && sig_ignore(SIGUSR2) &&
         sig_ignore(SIGTTOU) && trap(SIGTERM) && trap(SIGINT) && trap(SIGUSR1) && trap_if(reload, SIGHUP) &&
         trap_if(program != 0, SIGALRM) && (!program || trap(SIGCHLD));
}

static void take_signals(loop *l)
{
  int sig;

  while ((sig = selfpipe_read()) > 0) {
    l->log.urgent = 1;
    switch (sig) {
    case SIGTERM:
    case SIGINT:
      l->terminated = 1;
      batch_stop(&l->log);
      break;
    case SIGHUP: l->reload = 1; break;
    case SIGUSR1: l->report = 1; break;
    case SIGALRM: logger_rotate(l->logger); break;
    default: l->child_changed = 1; break;
    }
  }
}

int loop_terminated(loop *l)
{
  struct pollfd signals = {.fd = l->signals, .events = POLLIN};

  if (poll(&signals, 1, 0) > 0)
    take_signals(l);
  return l->terminated;
}

static void earlier(int64_t *when, int64_t other)
{
  if (other < *when)
    *when = other;
}

static int64_t next_deadline(loop const *l)
{
  int64_t when = batch_deadline(&l->log), other;

  if (!l->ended && tap_deadline(l->tap, &other))
    earlier(&when, other);
  earlier(&when, alert_queue_deadline(&l->alerts));
  earlier(&when, l->logger_again);
  return when;
}

/* poll fails only if it is interrupted, and to return too early does no harm. */
static void wait_for_something(loop *l)
{
  struct pollfd fd[4] = {{.fd = l->signals, .events = POLLIN}};
  int64_t when = next_deadline(l), left = when > l->now.mono ? when - l->now.mono : 0;
  struct timespec t = {left / SECOND, left % SECOND};

  alert_queue_poll(&l->alerts, fd + 1);
  batch_poll(&l->log, fd + 2);
  if (ppoll(fd, 4, when == INT64_MAX ? 0 : &t, 0) < 0) {
    fd[0].revents = POLLIN;
    fd[1].revents = fd[2].revents = fd[3].revents = 0;
  }
  alert_queue_polled(&l->alerts, fd + 1);
  batch_polled(&l->log, fd + 2);
  if (fd[0].revents)
    take_signals(l);
}

static void move_log(loop *l)
{
  int was_full = l->log.answer == PASS_RETRY, refused = l->log.log.view.refused;
  span seen;

  if (!batch_move(&l->log, l->now.mono, l->child_changed, &seen))
    return;
  lines_feed(&l->lines, seen, &tap_line, l->tap);
  errno = l->log.log.view.refused;
  if (errno && !refused)
    warn_sys("move the log inside of the kernel (tee and splice), reading and writing it from now on");
  errno = l->log.error;
  if (l->log.answer == PASS_RETRY && !was_full)
    warn_sys("write the log, trying again each second");
}

/* The program that stores the log must not wait for the reader of the alerts. */
static void end_log(loop *l)
{
  l->ended = 1;
  if (!l->terminated)
    lines_end(&l->lines, &tap_line, l->tap);
  batch_end(&l->log);
}

/* The note and the `still` lines that belong to it go in together; if they never can, the note alone. Returns
 * whether they did. */
static int tell_lost_alerts(loop *l)
{
  uint64_t lost = alert_queue_gap(&l->alerts);
  alert_queue_room room;
  int all;

  if (!lost)
    return 0;
  room = alert_queue_tell(&l->alerts, tap_lost_length(l->tap, lost));
  all = room != ALERT_QUEUE_NEVER;
  if (!all)
    room = alert_queue_tell(&l->alerts, LINE_MOST);
  if (room == ALERT_QUEUE_FITS)
    tap_lost(l->tap, lost, all);
  return room == ALERT_QUEUE_FITS;
}

static void move_alerts(loop *l)
{
  alert_queue *q = &l->alerts;
  int failed = q->state == ALERT_QUEUE_FAILS;

  if (!alert_queue_write(q, l->now.mono))
    return;
  /* Not written again without the note: what had no room for it may go now, and poll would not be asked. */
  if (q->untold && tell_lost_alerts(l))
    alert_queue_write(q, l->now.mono);
  if (q->state == ALERT_QUEUE_FAILS && !failed)
    warn_sys("write alerts, trying again each second");
}

/* Is it time to warn of the program again? */
static int may_warn(int64_t *last, int64_t now)
{
  if (*last != INT64_MIN && now - *last < PROGRAM_WARNING_NS)
    return 0;
  *last = now;
  return 1;
}

static void warn_of_end(logger const *l)
{
  char number[UINT64_FMT];
  int by_signal = WIFSIGNALED(l->status);

  number[uint64_fmt(number, (uint64_t)(by_signal ? WTERMSIG(l->status) : WEXITSTATUS(l->status)))] = 0;
  warn(l->argv[0], by_signal ? " was killed by signal " : " ended with exit code ", number,
       ": starting it again");
}

/* Returns whether the program has stored all, or there is none. */
static int keep_program(loop *l)
{
  logger_state state = LOGGER_RUNS;

  if (!l->logger)
    return 1;
  if (!l->logger->pid || l->child_changed)
    state = logger_check(l->logger);
  l->child_changed = 0;
  if (state == LOGGER_DIED && may_warn(&l->warned_ended, l->now.mono))
    warn_of_end(l->logger);
  if ((state == LOGGER_DIED || state == LOGGER_WAITS) && !logger_start(l->logger, l->now.mono) &&
      may_warn(&l->warned_missing, l->now.mono))
    warn_sys("start ", l->logger->argv[0], ", trying again each second");
  l->logger_again = state == LOGGER_DONE ? INT64_MAX : logger_tend(l->logger, l->now.mono);
  return state == LOGGER_DONE;
}

/* An alert reader that is not there is not waited for, and after SIGTERM none is. */
static int alerts_are_done(loop const *l)
{
  return l->alerts.state != ALERT_QUEUE_WAITS || l->terminated;
}

loop_event loop_next(loop *l)
{
  for (;;) {
    int stored;
    l->now = moment_now(); /* after the wait, or after what the caller did, which may have taken long */
    tap_machine(l->tap, l->now);
    if (l->reload)
      return l->reload = 0, LOOP_RELOAD;
    if (l->report)
      return l->report = 0, LOOP_REPORT;
    if (!l->ended) {
      tap_tick(l->tap);
      move_log(l);
    }
    if (!l->ended && l->log.answer == PASS_END) {
      end_log(l);
      if (!l->terminated)
        return LOOP_ENDED;
    }
    stored = keep_program(l);
    move_alerts(l);
    if (l->log.answer == PASS_GONE || l->log.answer == PASS_FAILED) {
      errno = l->log.error;
      return LOOP_FAILED;
    }
    if (l->ended && stored && alerts_are_done(l))
      return LOOP_DONE;
    wait_for_something(l);
  }
}
