/* nth_run.h - one run of nth: feed the filter write by write, see each come out, compare, end. */

#ifndef NTH_RUN_H
#define NTH_RUN_H

#include <poll.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/socket.h>

#include "nth.h"

enum { NTH_PATIENCE = 5000 }; /* milliseconds for one write to come through */

/* Reads the output until it is as long as end, and compares it with s. */
static inline int nth_expect(nth *t, char const *s, size_t end)
{
  static char buf[65536];

  for (int ms = 0; t->passed < end; ms++) {
    ssize_t n;

    if (!nth_revive(t))
      return 0;
    if (ms == NTH_PATIENCE)
      return nth_wrong(t, "a write did not come out");
    if (poll(&(struct pollfd){.fd = t->out[0], .events = POLLIN}, 1, 1) <= 0)
      continue;
    n = read(t->out[0], buf, sizeof buf);
    if (n <= 0 || (size_t)n > end - t->passed || memcmp(buf, s + t->passed, (size_t)n) != 0)
      return nth_wrong(t, "the output is not the input");
    t->passed += (size_t)n;
  }
  return 1;
}

/* Ends the input; the filter must end, without another byte. */
static inline int nth_finish(nth *t)
{
  char c;

  (void)close(t->in[1]);
  t->in[1] = -1;
  for (int ms = 0; ms < NTH_PATIENCE; ms++) {
    int status;

    if (waitpid(t->pid, &status, WNOHANG) == t->pid) {
      if (!strcmp(t->what, "kill") || t->may_die ? 0 : status != 0)
        return nth_wrong(t, "the exit status is not 0");
      if (status && nth_start(t, 0)) {
        t->deaths++;
        continue;
      }
      t->pid = 0;
      (void)close(t->out[1]);
      t->out[1] = -1;
      return read(t->out[0], &c, 1) == 0 ? 1 : nth_wrong(t, "bytes came too much");
    }
    (void)poll(0, 0, 1);
  }
  return nth_wrong(t, "did not end");
}

static inline int nth_feed(nth *t)
{
  static char s[1 << 20];
  size_t len = 0, from = 0;

  for (uint64_t i = 0; i < t->lines && len < sizeof s - NUMBERED_MAX; i++)
    len += numbered_line(s + len, 'q', i);
  for (unsigned k = 1; k <= t->writes; k++) {
    size_t const end = len * k / t->writes;

    if (write(t->in[1], s + from, end - from) != (ssize_t)(end - from))
      return nth_wrong(t, "cannot write");
    if (!nth_expect(t, s, end))
      return 0;
    from = end;
  }
  return nth_finish(t);
}

/* One run with the nth call spoilt. Returns 1 if all went as it should, else 0 with t->why. */
/* With NTH_LOCK, the loggers take turns by that file: waits until one holds it, or none. A logger that is
 * killed out of its keeper before it has its turn would else come after its successor, and the order of the
 * bytes with it. */
static inline void nth_wait_lock(nth const *t, int held)
{
  char const *name = getenv("NTH_LOCK");

  for (int ms = 0; name && ms < NTH_PATIENCE; ms++) {
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int is_held = flock(fd, LOCK_EX | LOCK_NB) < 0;
    (void)close(fd);
    siginfo_t dead = {.si_pid = 0};
    if (is_held == held)
      return;
    if (held && (waitid(P_PID, (id_t)t->pid, &dead, WEXITED | WNOHANG | WNOWAIT) < 0 || dead.si_pid))
      return;
    (void)poll(0, 0, 1);
  }
}

static inline int nth_run(nth *t, unsigned n)
{
  int ok;

  t->passed = 0;
  t->deaths_now = 0;
  if (t->sockets ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, t->in) < 0 ||
                       socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, t->out) < 0
                 : pipe2(t->in, O_CLOEXEC) < 0 || pipe2(t->out, O_CLOEXEC) < 0)
    return nth_wrong(t, "cannot make a pipe");
  nth_wait_lock(t, 0);
  ok = nth_start(t, n);
  nth_wait_lock(t, 1);
  ok = ok && nth_feed(t);
  if (t->pid > 0) {
    (void)kill(t->pid, SIGKILL);
    (void)waitpid(t->pid, 0, 0);
  }
  for (int i = 0; i < 2; i++) {
    (void)close(t->in[i]);
    (void)close(t->out[i]);
  }
  return ok;
}

#endif
