/* harness.h - one trial: writer, pipe, filter, pipe, reader, and the faults done to the filter.
 *
 * Writer and reader are children of ours and share their counters with us. We hold the read end of the first
 * and the write end of the second pipe, so that neither side notices that the filter died. */

#ifndef HARNESS_H
#define HARNESS_H

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "feedlib.h"
#include "prooflib.h"

typedef enum { FAULT_KILL, FAULT_TERM, FAULT_STOP, FAULT_STORM } fault;

typedef struct {
  feed_state feed;
  _Atomic uint64_t got; /* bytes that came out */
  proof result;         /* valid when the reader has ended */
} trial_shared;

typedef struct {
  feed_plan plan;
  fault fault;
  uint64_t faults;
  int child, group, idle, pipe_size;
  unsigned seed, first_seed;
  char const *name;
  char **command;

  trial_shared *shared;
  int in, out; /* what the filter gets as stdin and stdout */
  pid_t filter, feeder, reader;
  uint64_t done;    /* faults so far */
  uint64_t seen;    /* bytes that had been passed on at the last one */
  uint64_t waiting; /* faults with bytes waiting in the input pipe */
  uint64_t midline; /* faults with the output in the middle of a line, as far as the reader knows */
} trial;

static inline uint64_t trial_random(trial *t, uint64_t below)
{
  return below ? ((uint64_t)rand_r(&t->seed) << 15 ^ (uint64_t)rand_r(&t->seed)) % below : 0;
}

static inline int trial_fail(char const *what)
{
  printf("# failed: %s\n", what);
  return 0;
}

/* The reader's process. */
static inline void trial_read(trial *t, int fd)
{
  static char buf[65536];
  proof *const p = &t->shared->result;
  ssize_t n;

  p->kind = t->plan.kind;
  while ((n = read(fd, buf, t->idle ? 1 + trial_random(t, sizeof buf) : sizeof buf)) > 0) {
    proof_bytes(p, buf, (size_t)n);
    atomic_fetch_add(&t->shared->got, (uint64_t)n);
    if (t->idle && !trial_random(t, 20))
      feed_nap((long)trial_random(t, 20000000));
  }
  proof_end(p, t->plan.lines);
  _exit(0);
}

static inline int trial_start(trial *t)
{
  t->filter = fork();
  if (t->filter)
    return t->filter > 0;
  if (t->group)
    (void)setpgid(0, 0);
  (void)signal(SIGPIPE, SIG_DFL);
  if (dup2(t->in, 0) == 0 && dup2(t->out, 1) == 1)
    execvp(t->command[0], t->command);
  perror(t->command[0]);
  _exit(127);
}

/* Starts everything. Returns 1, or 0 after saying why. */
static inline int trial_open(trial *t)
{
  int in[2], out[2];

  t->shared = mmap(0, sizeof *t->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (t->shared == MAP_FAILED || pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
    exit(111);
  if (t->pipe_size &&
      (fcntl(in[1], F_SETPIPE_SZ, t->pipe_size) < 0 || fcntl(out[1], F_SETPIPE_SZ, t->pipe_size) < 0))
    exit(111);
  (void)fflush(stdout);
  atomic_store(&t->shared->feed.gate, t->plan.lines / (t->faults + 1) * 2 + 1);
  t->feeder = fork();
  if (!t->feeder) {
    (void)close(in[0]);
    _exit(!feed_run(in[1], &t->plan, &t->shared->feed));
  }
  (void)close(in[1]);
  t->reader = fork();
  if (!t->reader) {
    (void)close(out[1]);
    trial_read(t, out[0]);
  }
  (void)close(out[0]);
  t->in = in[0];
  t->out = out[1];
  return trial_start(t);
}

/* Waits until the filter has ended. Returns 1 if it did so within 20 seconds. */
static inline int trial_reap(trial *t, int *status)
{
  for (int i = 0; i < 200000; i++) {
    if (waitpid(t->filter, status, WNOHANG)) /* ended now, or was seen to end before */
      return 1;
    feed_nap(100000);
  }
  (void)kill(t->filter, SIGKILL);
  (void)waitpid(t->filter, status, 0);
  return trial_fail("the filter did not end");
}

#include "harness_faults.h"

#endif
