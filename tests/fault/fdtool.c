/* fdtool - what a shell cannot do to descriptors.
 *
 *   fdtool nonblock FD[,FD...] PROGRAM [ARG...]  sets O_NONBLOCK, as a neighbour process might, and runs
 * PROGRAM fdtool unread FD                             how many bytes wait in this pipe fdtool fill FD fills
 * this pipe with lines "other" until it takes no more fdtool size FD [BYTES]                       how large
 * this pipe is; makes it so large
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
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
  return 100;
}
