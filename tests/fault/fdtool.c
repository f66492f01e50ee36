/* fdtool - what a shell cannot do to descriptors.
 *
 *   fdtool nonblock FD[,FD...] PROGRAM [ARG...]
 *     sets O_NONBLOCK, as a neighbour process might, and runs PROGRAM
 *   fdtool unread FD
 *     how many bytes wait in this pipe
 *   fdtool fill FD
 *     fills this pipe with lines "other" until it takes no more
 *   fdtool size FD [BYTES]
 *     how large this pipe is; makes it so large
 *   fdtool stderr tcp|unix FILE PROGRAM [ARG...]
 *     runs PROGRAM with such a socket as standard error, and puts what comes through it into FILE
 *   fdtool nameless PROGRAM
 *     runs PROGRAM with no arguments at all, not even its name */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int fd_nonblock(char *list, char **command)
{
  for (char *s = strtok(list, ","); s; s = strtok(0, ","))
    if (fcntl(atoi(s), F_SETFL, fcntl(atoi(s), F_GETFL) | O_NONBLOCK) < 0)
      return 111;
  execvp(command[0], command);
  return 127;
}

static int fd_unread(int fd)
{
  int n;

  if (ioctl(fd, FIONREAD, &n) < 0)
    return 111;
  printf("%d\n", n);
  return 0;
}

/* Opens the pipe a second time, so that the flag is not shared. */
static int fd_fill(int fd)
{
  char path[64];
  int own;

  (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  own = open(path, O_WRONLY | O_NONBLOCK);
  if (own < 0)
    return 111;
  while (write(own, "other\n", 6) == 6)
    ;
  return errno == EAGAIN ? 0 : 111;
}

static int fd_size(int fd, char const *bytes)
{
  int n = bytes ? fcntl(fd, F_SETPIPE_SZ, atoi(bytes)) : fcntl(fd, F_GETPIPE_SZ);

  if (n < 0)
    return 111;
  printf("%d\n", n);
  return 0;
}

/* Two ends of a connection. */
static int connect_tcp(int end[2])
{
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t len = sizeof a;
  int door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  end[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(door, (struct sockaddr *)&a, len) < 0 || listen(door, 1) < 0 ||
      getsockname(door, (struct sockaddr *)&a, &len) < 0 || connect(end[0], (struct sockaddr *)&a, len) < 0)
    return 0;
  end[1] = accept(door, 0, 0);
  return end[1] >= 0;
}

static int fd_stderr(char const *kind, char const *file, char **command)
{
  static char said[65536];
  int end[2], status, to = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ssize_t n;
  pid_t pid;

  if (to < 0 || !(strcmp(kind, "tcp") ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, end) == 0
                                      : connect_tcp(end)))
    return 111;
  pid = fork();
  if (!pid) {
    (void)dup2(end[1], 2);
    execvp(command[0], command);
    _exit(127);
  }
  (void)close(end[1]);
  while ((n = read(end[0], said, sizeof said)) > 0)
    if (write(to, said, (size_t)n) != n)
      return 111;
  return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 111;
}

int main(int argc, char **argv)
{
  if (argc > 3 && !strcmp(argv[1], "nonblock"))
    return fd_nonblock(argv[2], argv + 3);
  if (argc == 3 && !strcmp(argv[1], "unread"))
    return fd_unread(atoi(argv[2]));
  if (argc == 3 && !strcmp(argv[1], "fill"))
    return fd_fill(atoi(argv[2]));
  if (argc >= 3 && !strcmp(argv[1], "size"))
    return fd_size(atoi(argv[2]), argv[3]);
  if (argc == 3 && !strcmp(argv[1], "nameless")) {
    (void)syscall(SYS_execve, argv[2], 0, 0);
    return 127;
  }
  if (argc > 4 && !strcmp(argv[1], "stderr"))
    return fd_stderr(argv[2], argv[3], argv + 4);
  return 100;
}
