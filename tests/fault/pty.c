/* pty - gives a program a terminal whose other side nobody reads, until it is told to.
 *
 *   pty [-f] FD GO OUT PROGRAM [ARG...]
 *
 * The terminal becomes descriptor FD of PROGRAM. As soon as the file GO exists, and at the end, what was
 * written to it is copied to the file OUT. Exits as PROGRAM does. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void pty_fill(char const *name)
{
  int own = open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK);

  while (write(own, "x", 1) == 1)
    ;
  (void)close(own);
}

static pid_t pty_start(int master, int fd, char **command)
{
  pid_t pid = fork();
  int slave;

  if (pid)
    return pid;
  slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  if (slave < 0 || (slave != fd && dup2(slave, fd) < 0))
    _exit(111);
  if (slave != fd)
    (void)close(slave);
  execvp(command[0], command);
  _exit(127);
}

/* What there is. */
static void pty_copy(int master, int out)
{
  char buf[4096];
  ssize_t n;

  while (poll(&(struct pollfd){.fd = master, .events = POLLIN}, 1, 0) == 1 &&
         (n = read(master, buf, sizeof buf)) > 0)
    if (write(out, buf, (size_t)n) != n)
      _exit(111);
}

int main(int argc, char **argv)
{
  int master = posix_openpt(O_RDWR | O_NOCTTY), out, status, slave;
  int const full = argc > 1 && !strcmp(argv[1], "-f");
  pid_t pid;

  argc -= full;
  argv += full;
  if (argc < 5 || master < 0 || fcntl(master, F_SETFD, FD_CLOEXEC) < 0 || grantpt(master) < 0 ||
      unlockpt(master) < 0)
    return 111;
  slave =
      open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC); /* so that the end does not throw anything away */
  if (full)
    pty_fill(ptsname(master));
  out = open(argv[3], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  pid = out < 0 || slave < 0 ? -1 : pty_start(master, atoi(argv[1]), argv + 4);
  if (pid < 0)
    return 111;
  while (waitpid(pid, &status, WNOHANG) == 0) {
    if (access(argv[2], F_OK) == 0)
      pty_copy(master, out);
    (void)poll(0, 0, 5);
  }
  pty_copy(master, out);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
