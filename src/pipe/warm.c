#include "pipe/warm.h"
#include "pipe/logdir.h"
#include "pipe/warn.h"
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/sysmacros.h>
#endif

#ifdef __linux__
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
#else
static int is_flocked(int fd)
{
  (void)fd;
  return 0;
}
#endif

int warm_lock_is_held(int fd)
{
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

  return (fcntl(fd, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK) || is_flocked(fd);
}

typedef struct {
  tap *t;
  int (*stop)(void *to);
  void *to;
} warm;

static void take_line(void *p, span line)
{
  tap_line(((warm *)p)->t, line);
}

static int is_to_stop(void *p)
{
  warm *w = p;
  return (*w->stop)(w->to);
}

#define LOOK_MS 50

/* A predecessor that has lost its input stores what is left of it and goes. */
static void wait_for_predecessor(warm *w, int lock, char const *directory)
{
  int waited = 0;

  while (warm_lock_is_held(lock) && !is_to_stop(w)) {
    if (waited >= WARM_WAIT_MS) {
      warn(directory, "/lock is still held: what its holder writes from now on is not read");
      return;
    }
    poll(0, 0, LOOK_MS);
    waited += LOOK_MS;
  }
}

void warm_start(tap *t, char const *directory, int (*stop)(void *to), void *to)
{
  warm w = {t, stop, to};
  logdir_reader r = {&take_line, &is_to_stop, &w};
  int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), lock, had_lines;

  if (fd < 0) {
    warn_sys("read ", directory, ": starting cold");
    return;
  }
  lock = openat(fd, "lock", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  close(fd);
  if (lock >= 0) {
    wait_for_predecessor(&w, lock, directory);
    close(lock);
  }
  tap_restore(t, 1);
  had_lines = logdir_read(directory, &r);
  if (had_lines < 0)
    warn_sys("read ", directory, ": starting cold");
  tap_machine(t, moment_now());
  tap_restore(t, 0);
  if (had_lines > 0 && !t->understood)
    warn("nothing in ", directory, " was understood, no event of qmail-send's and no word of a line rule");
}
