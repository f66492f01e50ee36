#include "flow/reopen.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_same(int a, int b)
{
  struct stat x, y;

  return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino &&
         x.st_rdev == y.st_rdev && x.st_mode == y.st_mode;
}

/* /dev/ptmx gives a new pseudo-terminal to each who opens it. */
static int is_master(int fd)
{
  char name[64];
  return ptsname_r(fd, name, sizeof name) == 0;
}

int reopen(int fd)
{
  char path[32];
  int own;

  if (is_master(fd))
    return -1;
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (own >= 0 && !is_same(fd, own)) {
    close(own);
    return -1;
  }
  return own;
}
