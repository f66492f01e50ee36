#include "pipe/warm.h"
#include "pipe/splice.h"
#include "log/lines.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

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

#define PIECE ((size_t)1 << 18)

typedef struct {
  tap *t;
  int directory;
  char *buf;
  lines lines;
  int fed; /* t has been shown something */
  warm_tell *tell;
  void *to;
} warm;

static int is_old_log(struct dirent const *d)
{
  size_t len = strlen(d->d_name);
  return len > 3 && d->d_name[0] == '@' &&
         (!strcmp(d->d_name + len - 2, ".s") || !strcmp(d->d_name + len - 2, ".u"));
}

/* A predecessor that has lost its input stores what is left of it and goes. */
static void wait_for_predecessor(warm *w)
{
  int fd = openat(w->directory, "lock", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  int waited = 0;

  if (fd < 0)
    return;
  while (lock_is_held(fd) && waited < WARM_PATIENCE) {
    poll(0, 0, 50);
    waited += 50;
  }
  if (waited >= WARM_PATIENCE)
    (*w->tell)(w->to, WARM_LOCKED, 0);
  close(fd);
}

static int begins_with_stamp(tap *t, span head)
{
  char const *newline = head.len ? memchr(head.s, '\n', head.len) : 0;
  stamp s;

  tap_stamp(t, &s, newline ? (span){head.s, (size_t)(newline - head.s)} : head);
  return s.timed;
}

/* Returns 0 with errno if the file cannot be read to its end. */
static int read_stamped(warm *w, int fd, char const *name)
{
  int first = 1;
  ssize_t n;

  while ((n = read(fd, w->buf, PIECE)) != 0) {
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return 0;
    if (first && !begins_with_stamp(w->t, (span){w->buf, (size_t)n})) {
      (*w->tell)(w->to, WARM_NO_STAMPS, name);
      return 1;
    }
    first = 0;
    w->fed = 1;
    lines_feed(&w->lines, (span){w->buf, (size_t)n}, &tap_line, w->t);
  }
  lines_end(&w->lines, &tap_line, w->t);
  return 1;
}

static void read_file(warm *w, char const *name)
{
  int fd = openat(w->directory, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  struct stat st;

  if (fd < 0) {
    if (errno != ENOENT)
      (*w->tell)(w->to, WARM_NO_FILE, name);
    return;
  }
  if (fstat(fd, &st) < 0 || (S_ISREG(st.st_mode) && !read_stamped(w, fd, name)))
    (*w->tell)(w->to, WARM_NO_FILE, name);
  close(fd);
}

static int read_old_logs(warm *w, char const *directory)
{
  struct dirent **name;
  int n = scandir(directory, &name, &is_old_log, &alphasort);

  if (n < 0)
    return 0;
  for (int i = 0; i < n; i++) {
    read_file(w, name[i]->d_name);
    free(name[i]);
  }
  free(name);
  return 1;
}

void warm_start(tap *t, char const *directory, warm_tell *tell, void *to)
{
  warm *w = calloc(1, sizeof *w);

  if (w) {
    w->t = t;
    w->tell = tell;
    w->to = to;
    w->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    w->buf = input_buffer(PIECE);
  }
  if (!w || w->directory < 0 || !w->buf)
    (*tell)(to, WARM_NO_DIRECTORY, 0);
  else {
    wait_for_predecessor(w);
    tap_restore(t, 1);
    if (!read_old_logs(w, directory))
      (*tell)(to, WARM_NO_DIRECTORY, 0);
    read_file(w, "previous");
    read_file(w, "current");
    tap_restore(t, 0);
    if (w->fed && !t->understood)
      (*tell)(to, WARM_NO_EVENT, 0);
  }
  if (w) {
    if (w->directory >= 0)
      close(w->directory);
    free(w->buf);
    free(w);
  }
}
