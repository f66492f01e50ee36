#include "gate/qmail_queue.h"
#include "pipe/warn.h"
#include <errno.h>
#include <fcntl.h>
#include <skalibs/djbunix.h>
#include <sys/wait.h>
#include <unistd.h>

static int const passed_on[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM};
#define PASSED_ON (sizeof passed_on / sizeof *passed_on)

static pid_t program_pid; /* gets the signals; only changed while they are blocked */

static void on_signal(int sig)
{
  if (sig != SIGCHLD && program_pid > 0)
    kill(program_pid, sig);
}

static void on_signals(void)
{
  struct sigaction a = {.sa_handler = &on_signal};

  sigaction(SIGCHLD, &a, 0);
  for (size_t i = 0; i < PASSED_ON; i++)
    sigaction(passed_on[i], &a, 0);
  a.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &a, 0);
}

/* Signals that come from here on wait until we can pass them on. */
static void block_signals(sigset_t *before)
{
  sigset_t set;

  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  for (size_t i = 0; i < PASSED_ON; i++)
    sigaddset(&set, passed_on[i]);
  sigprocmask(SIG_BLOCK, &set, before);
}

static void become(char const *program, int tie, sigset_t const *mask)
{
  char const *const argv[] = {program, 0};

  if (tie >= 0)
    fcntl(tie, F_SETFD, 0);
  sigprocmask(SIG_SETMASK, mask, 0);
  execv(program, (char *const *)argv);
  die_sys(111, "start ", program);
}

static int start(queue *q, char const *program)
{
  struct sigaction chld = {.sa_handler = SIG_DFL};
  sigset_t before;
  int tie[2] = {-1, -1};

  sigaction(SIGCHLD, &chld, 0); /* if it was ignored, exit codes would be gone */
  block_signals(&before);
  (void)!pipe2(tie, O_CLOEXEC); /* its other end closes when we are gone */
  q->tie = tie[0];
  q->pid = fork();
  if (!q->pid)
    become(program, q->tie, &before);
  if (q->pid < 0) {
    fd_close(tie[0]);
    fd_close(tie[1]);
    sigprocmask(SIG_SETMASK, &before, 0);
    return 0;
  }
  program_pid = q->pid;
  on_signals();
  q->waiting = before;
  sigdelset(&q->waiting, SIGCHLD); /* a parent may have blocked it */
  return 1;
}

/* Descriptor 1 is set before the fork: what fails then can still be undone. */
int queue_start(queue *q, char const *program, int *envelope)
{
  int p[2], in = fcntl(1, F_DUPFD_CLOEXEC, 3), moved;

  if (in < 0)
    return 0;
  if (pipe2(p, O_CLOEXEC) < 0) {
    fd_close(in);
    return 0;
  }
  moved = ndelay_on(p[1]) == 0 && dup2(p[0], 1) == 1;
  fd_close(p[0]);
  if (moved && start(q, program)) {
    close(1);
    q->to = p[1];
    *envelope = in;
    return 1;
  }
  if (moved)
    dup2(in, 1);
  fd_close(p[1]);
  fd_close(in);
  return 0;
}

/* Other ways of Linux to end with a parent are lost where the program is set-user-ID; a signal at the end of
 * a pipe is not. Where it cannot be had, mail may come twice, no worse. */
void queue_tie(queue *q)
{
  if (q->tie < 0)
    return;
#ifdef F_SETSIG
  if (fcntl(q->tie, F_SETSIG, SIGALRM) == 0 && fcntl(q->tie, F_SETOWN, q->pid) == 0)
    fcntl(q->tie, F_SETFL, O_ASYNC);
#endif
  close(q->tie);
  q->tie = -1;
}

void queue_end(queue *q)
{
  if (q->to >= 0)
    close(q->to);
  q->to = -1;
}

/* ECHILD: its end was seen elsewhere, so it is gone as well. */
static int reap(queue *q, int options)
{
  int status;
  pid_t pid;

  if (!q->pid)
    return 1;
  pid = waitpid(q->pid, &status, options);
  if (!pid || (pid < 0 && errno != ECHILD))
    return 0;
  q->code = pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : QUEUE_CRASHED;
  q->pid = program_pid = 0;
  return 1;
}

int queue_ended(queue *q)
{
  return reap(q, WNOHANG);
}

int queue_poll(queue const *q, struct pollfd *fd, nfds_t len)
{
  return ppoll(fd, len, 0, &q->waiting) >= 0;
}

void queue_wait(queue *q)
{
  while (!reap(q, 0))
    ;
}
