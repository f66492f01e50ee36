#include "pipe/logdir.h"
#include "log/prefix.h"
#include "pipe/splice.h"
#include "pipe/warn.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_LEN ((size_t)1 << 18)

typedef struct {
  logdir_reader const *reader;
  char const *directory; /* its name, or 0 for one file alone */
  int fd;                /* of the directory */
  char *buf;             /* of PIECE_LEN bytes */
  lines lines;
  date_reader dates;
  int lines_seen, stopped;
} logdir;

/* Warns of a file, with the words for errno if system is not 0. */
static void warn_file(logdir const *d, char const *name, int system, char const *words)
{
  warn_pieces(system ? "warning: unable to read " : "warning: skipping ", system,
              d->directory ? WARN_PIECES(d->directory, "/", name, words) : WARN_PIECES(name, words));
}

static int is_old_log(struct dirent const *e)
{
  size_t len = strlen(e->d_name);
  return len > 3 && e->d_name[0] == '@' &&
         (!strcmp(e->d_name + len - 2, ".s") || !strcmp(e->d_name + len - 2, ".u"));
}

static int is_compressed(span head)
{
  static struct {
    size_t len;
    char s[6];
  } const first[] = {{2, "\x1f\x8b"}, /* gzip */
                     {2, "\x1f\x9d"}, /* compress */
                     {3, "BZh"},      /* bzip2 */
                     {6, "\xfd"
                         "7zXZ"},             /* xz, a zero byte at its end */
                     {4, "\x28\xb5\x2f\xfd"}, /* zstd */
                     {4, "\x04\x22\x4d\x18"}, /* lz4 */
                     {4, "LZIP"},
                     {4, "PK\3\4"}};

  for (size_t i = 0; i < sizeof first / sizeof *first; i++)
    if (head.len >= first[i].len && !memcmp(head.s, first[i].s, first[i].len))
      return 1;
  return 0;
}

static span first_line(span head)
{
  char const *newline = head.len ? memchr(head.s, '\n', head.len) : 0;
  return newline ? (span){head.s, (size_t)(newline - head.s)} : head;
}

static int is_stamped(logdir *d, span line)
{
  stamp s;

  prefix_read(&s, line, &d->dates);
  return s.timed;
}

/* The first line may be the rest of one that a power cut has torn. */
static int begins_with_stamp(logdir *d, span head)
{
  span line = first_line(head);
  size_t next = line.len + 1;

  return is_stamped(d, line) ||
         (next < head.len && is_stamped(d, first_line((span){head.s + next, head.len - next})));
}

static span without_zeros(span s)
{
  while (s.len && !*s.s)
    s = (span){s.s + 1, s.len - 1};
  return s;
}

/* What is wrong with a file that begins so, or 0. */
static char const *refusal(logdir *d, span head)
{
  if (is_compressed(head))
    return ": it is compressed";
  return d->directory && !begins_with_stamp(d, head) ? ": it does not begin with a time stamp" : 0;
}

static int is_to_stop(logdir *d)
{
  if (d->reader->stop && (*d->reader->stop)(d->reader->to))
    d->stopped = 1;
  return d->stopped;
}

static void read_lines(logdir *d, int fd, char const *name)
{
  int begun = 0;
  ssize_t n;

  while (!is_to_stop(d) && (n = read(fd, d->buf, PIECE_LEN)) != 0) {
    span piece = {d->buf, n > 0 ? (size_t)n : 0};
    char const *why;
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      warn_file(d, name, 1, "");
      break;
    }
    if (!begun)
      piece = without_zeros(piece);
    if (!piece.len)
      continue;
    if (!begun && (why = refusal(d, piece))) {
      warn_file(d, name, 0, why);
      return;
    }
    begun = d->lines_seen = 1;
    lines_feed(&d->lines, piece, d->reader->take, d->reader->to);
  }
  lines_end(&d->lines, d->reader->take, d->reader->to);
}

/* A file that is not there is no failure. */
static void read_file(logdir *d, char const *name)
{
  int fd = openat(d->fd, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  struct stat st;

  if (fd < 0) {
    if (errno != ENOENT || !d->directory)
      warn_file(d, name, 1, "");
    return;
  }
  if (fstat(fd, &st) < 0)
    warn_file(d, name, 1, "");
  else if (!S_ISREG(st.st_mode))
    warn_file(d, name, 0, ": it is not a regular file");
  else
    read_lines(d, fd, name);
  close(fd);
}

static int read_all(logdir *d)
{
  struct dirent **name;
  int n = scandir(d->directory, &name, &is_old_log, &alphasort);

  if (n < 0)
    return 0;
  for (int i = 0; i < n; i++) {
    if (!d->stopped)
      read_file(d, name[i]->d_name);
    free(name[i]);
  }
  free(name);
  read_file(d, "previous");
  read_file(d, "current");
  return 1;
}

static int begin(logdir **made, logdir_reader const *r)
{
  logdir *d = *made = calloc(1, sizeof *d);

  if (!d)
    return 0;
  d->reader = r;
  d->fd = AT_FDCWD;
  d->dates.machine = moment_now().wall;
  d->dates.newest = INT64_MIN;
  return (d->buf = input_buffer(PIECE_LEN)) != 0;
}

/* errno stays as it is. Returns whether there was a line. */
static int end(logdir *d)
{
  int had_lines = d && d->lines_seen, e = errno;

  if (d && d->fd >= 0)
    close(d->fd);
  if (d)
    free(d->buf);
  free(d);
  errno = e;
  return had_lines;
}

int logdir_read(char const *directory, logdir_reader const *r)
{
  logdir *d;
  int done = begin(&d, r), had_lines;

  if (done) {
    d->directory = directory;
    d->fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    done = d->fd >= 0 && read_all(d);
  }
  had_lines = end(d);
  return done ? had_lines : -1;
}

int logdir_read_file(char const *path, logdir_reader const *r)
{
  logdir *d;
  int done = begin(&d, r), had_lines;

  if (done)
    read_file(d, path);
  had_lines = end(d);
  return done ? had_lines : -1;
}
