#include "gate/qmail_queue.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <skalibs/djbunix.h>
#include <skalibs/selfpipe.h>
#include <skalibs/sig.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int spawn(queue *q, char const *program, int envelope)
{
  char const *const argv[] = {program, 0};
  posix_spawn_file_actions_t f;
  int e = posix_spawn_file_actions_init(&f);

  if (e)
    return e;
  e = posix_spawn_file_actions_adddup2(&f, envelope, 1);
  if (!e)
    e = posix_spawn(&q->pid, program, &f, 0, (char *const *)argv, environ);
  posix_spawn_file_actions_destroy(&f);
  return e;
}

/* Signals are for the program, so they come only after it has inherited what is done about them; without them
 * mail flows as well. Its end may already be past then, so queue_ended is asked before any wait. */
static int hear(void)
{
  static int const heard[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM};
  sigset_t set;
  int fd;

  sig_ignore(SIGPIPE);
  fd = selfpipe_init();
  if (fd < 0)
    return -1;
  sigemptyset(&set);
  for (size_t i = 0; i < sizeof heard / sizeof *heard; i++)
    sigaddset(&set, heard[i]);
  if (selfpipe_trapset(&set))
    return fd;
  selfpipe_finish();
  return -1;
}

int queue_start(queue *q, char const *program)
{
  int p[2], e;

  if (pipe2(p, O_CLOEXEC) < 0)
    return 0;
  sig_restore(SIGCHLD); /* where it was ignored, exit codes would be gone */
  e = ndelay_on(p[1]) < 0 ? errno : spawn(q, program, p[0]);
  close(p[0]);
  if (e) {
    close(p[1]);
    return errno = e, 0;
  }
  q->to = p[1];
  q->signals = hear();
  return 1;
}

void queue_end(queue *q)
{
  if (q->to >= 0)
    close(q->to);
  q->to = -1;
}

/* A program whose end somebody else has seen is gone as well. */
static int reap(queue *q, int options)
{
  int status;
  pid_t pid = waitpid(q->pid, &status, options);

  if (!pid || (pid < 0 && errno != ECHILD))
    return 0;
  q->code = pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : QUEUE_CRASHED;
  return 1;
}

int queue_ended(queue *q)
{
  int sig;

  while (q->signals >= 0 && (sig = selfpipe_read()) > 0)
    if (sig != SIGCHLD)
      kill(q->pid, sig);
  return reap(q, WNOHANG);
}

int queue_wait(queue *q)
{
  while (!reap(q, 0))
    ;
  return q->code;
}
