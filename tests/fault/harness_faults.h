/* harness_faults.h - the second half of harness.h: when and how the filter is hurt, and the end of the trial.
 */

#ifndef HARNESS_FAULTS_H
#define HARNESS_FAULTS_H

/* Whom to hurt. Returns 0 if there is nobody yet. */
static inline pid_t trial_victim(trial *t)
{
  char path[64], s[32];
  ssize_t n;
  int fd;

  if (!t->child)
    return t->group ? -t->filter : t->filter;
  (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)t->filter, (int)t->filter);
  fd = open(path, O_RDONLY | O_CLOEXEC);
  n = fd < 0 ? 0 : read(fd, s, sizeof s - 1);
  (void)close(fd);
  s[n > 0 ? n : 0] = 0;
  return (pid_t)atoi(s);
}

/* How many bytes the filter took from the input pipe; wrong by at most one write of the writer. */
static inline uint64_t trial_passed(trial *t)
{
  uint64_t const sent = atomic_load(&t->shared->feed.bytes);
  int waiting = 0;

  (void)ioctl(t->in, FIONREAD, &waiting);
  return sent > (uint64_t)waiting ? sent - (uint64_t)waiting : 0;
}

/* Waits until the writer has come to line due, and bytes were passed on since the last fault. */
static inline int trial_wait(trial *t, uint64_t due)
{
  uint64_t const margin = t->plan.kind == 'l' ? NUMBERED_MAX : 1024; /* more than one write */
  uint64_t last = 0;
  int status;

  for (int idle = 0; idle < 300000; idle++) {
    uint64_t const passed = trial_passed(t);

    if (atomic_load(&t->shared->feed.lines) >= due && passed > t->seen + margin && trial_victim(t))
      return 1;
    if (passed != last)
      idle = 0;
    last = passed;
    if (waitpid(t->filter, &status, WNOHANG) == t->filter) {
      printf("# the filter ended by itself, status %x, after fault %" PRIu64 "\n", (unsigned)status, t->done);
      return 0;
    }
    feed_nap(50000);
  }
  return trial_fail("nothing was passed on for 15 seconds");
}

static inline int trial_inject(trial *t, pid_t victim)
{
  static int const storm[] = {SIGHUP, SIGALRM, SIGUSR1, SIGPIPE};
  int status;

  switch (t->fault) {
  case FAULT_KILL: (void)kill(victim, SIGKILL); return t->child || (trial_reap(t, &status) && trial_start(t));
  case FAULT_TERM:
    (void)kill(victim, SIGTERM);
    if (t->child)
      return 1;
    if (!trial_reap(t, &status) || status)
      return trial_fail("TERM did not end the filter with exit status 0");
    return trial_start(t);
  case FAULT_STOP:
    (void)kill(victim, SIGSTOP);
    feed_nap((long)trial_random(t, 3000000));
    (void)kill(victim, SIGCONT);
    return 1;
  default: (void)kill(victim, storm[trial_random(t, 4)]); return 1;
  }
}

/* Spreads the faults over all lines. Returns 1, or 0 after saying why. */
static inline int trial_faults(trial *t)
{
  uint64_t const segment = t->plan.lines / (t->faults + 1);

  for (; t->done < t->faults; t->done++) {
    int waiting = 0;

    if (!trial_wait(t, segment * t->done + trial_random(t, segment)))
      return 0;
    feed_nap((long)trial_random(t, 200000));
    t->midline += t->shared->result.len > 0;
    (void)ioctl(t->in, FIONREAD, &waiting);
    t->waiting += waiting > 0;
    if (!trial_inject(t, trial_victim(t)))
      return 0;
    t->seen = trial_passed(t);
    atomic_store(&t->shared->feed.gate, segment * (t->done + 3) + 1);
  }
  atomic_store(&t->shared->feed.gate, UINT64_MAX);
  return 1;
}

/* Waits for the end of everything and judges. A filter that still hangs is killed. */
static inline int trial_close(trial *t)
{
  int status = 0, ok;

  atomic_store(&t->shared->feed.gate, UINT64_MAX);
  if (t->done == t->faults)
    (void)waitpid(t->feeder, &status, 0);
  else
    (void)kill(t->feeder, SIGKILL);
  ok = trial_reap(t, &status);
  if (ok && status)
    ok = trial_fail("the filter did not end well at the end of input");
  (void)close(t->in);
  (void)close(t->out);
  (void)waitpid(t->reader, &status, 0);
  return ok && proof_clean(&t->shared->result);
}

#endif
