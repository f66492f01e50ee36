/* stdin - gives a program a standard input of some kind, and writes to it what it reads itself.
 *
 *   stdin KIND PROGRAM [ARG...]
 *
 * KIND is pipe, tcp, unix, dgram, seqpacket or terminal. Each read is one write, so one datagram; one that is
 * the line "empty" becomes an empty datagram. At the end sockets are shut down for writing and stay open, a
 * terminal gets its end-of-file character, a pipe is closed. Exits as PROGRAM does. */

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int is(char const *a, char const *b)
{
  return !strcmp(a, b);
}

static int tcp(int *end)
{
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t len = sizeof to;
  int listener = socket(AF_INET, SOCK_STREAM, 0);

  end[1] = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&to, len) < 0 || listen(listener, 1) < 0 ||
      getsockname(listener, (struct sockaddr *)&to, &len) < 0 ||
      connect(end[1], (struct sockaddr *)&to, len) < 0)
    return -1;
  end[0] = accept(listener, 0, 0);
  (void)close(listener);
  return end[0] < 0 ? -1 : 0;
}

/* What is written is not shown to whoever has the other side. */
static int terminal(int *end)
{
  struct termios t;

  end[1] = posix_openpt(O_RDWR | O_NOCTTY);
  if (end[1] < 0 || grantpt(end[1]) < 0 || unlockpt(end[1]) < 0)
    return -1;
  end[0] = open(ptsname(end[1]), O_RDWR | O_NOCTTY);
  if (end[0] < 0 || tcgetattr(end[0], &t) < 0)
    return -1;
  t.c_lflag &= ~(tcflag_t)ECHO;
  return tcsetattr(end[0], TCSANOW, &t);
}

static int make(char const *kind, int *end)
{
  if (is(kind, "pipe"))
    return pipe(end);
  if (is(kind, "tcp"))
    return tcp(end);
  if (is(kind, "unix"))
    return socketpair(AF_UNIX, SOCK_STREAM, 0, end);
  if (is(kind, "dgram"))
    return socketpair(AF_UNIX, SOCK_DGRAM, 0, end);
  if (is(kind, "seqpacket"))
    return socketpair(AF_UNIX, SOCK_SEQPACKET, 0, end);
  return is(kind, "terminal") ? terminal(end) : -1;
}

static pid_t start(int *end, char **command)
{
  pid_t pid = fork();

  if (pid)
    return pid;
  if (dup2(end[0], 0) < 0)
    _exit(111);
  (void)close(end[0]);
  (void)close(end[1]);
  execvp(command[0], command);
  _exit(127);
}

int main(int argc, char **argv)
{
  int end[2], status;
  char buf[65536];
  ssize_t n;
  pid_t pid;

  if (argc < 3 || make(argv[1], end) < 0 || (pid = start(end, argv + 2)) < 0)
    return 111;
  if (!is(argv[1], "terminal"))
    (void)close(end[0]);
  while ((n = read(0, buf, sizeof buf)) > 0) {
    if (n == 6 && !memcmp(buf, "empty\n", 6))
      n = 0;
    if (write(end[1], buf, (size_t)n) < 0)
      return 111;
  }
  if (is(argv[1], "terminal"))
    (void)!write(end[1], "\004", 1);
  else if (is(argv[1], "pipe"))
    (void)close(end[1]);
  else
    (void)shutdown(end[1], SHUT_WR);
  if (waitpid(pid, &status, 0) < 0)
    return 111;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
