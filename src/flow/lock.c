#include "flow/lock.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static int is_of(char const *line, struct stat const *st)
{
  unsigned int high, low;
  unsigned long long inode;

  return sscanf(line, "%*d: FLOCK %*s %*s %*d %x:%x:%llu", &high, &low, &inode) == 3 &&
         high == major(st->st_dev) && low == minor(st->st_dev) && inode == st->st_ino;
}

static int is_flocked(int fd)
{
  FILE *locks = fopen("/proc/locks", "re");
  struct stat st;
  char line[256];
  int held = 0;

  if (!locks)
    return 0;
  if (fstat(fd, &st) == 0)
    while (!held && fgets(line, sizeof line, locks))
      held = is_of(line, &st);
  fclose(locks);
  return held;
}

int lock_is_held(int fd)
{
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

  return (fcntl(fd, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK) || is_flocked(fd);
}
