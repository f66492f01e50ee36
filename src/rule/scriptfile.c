#include "rule/script.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads fd to its end, and leaves room for one more byte. Returns 1, or 0 with errno. */
static int read_all(stralloc *all, int fd)
{
  for (;;) {
    if (all->len > SCRIPT_FILE)
      return errno = EFBIG, 0;
    if (!stralloc_readyplus(all, 65536))
      return 0;
    ssize_t n = read(fd, all->s + all->len, 65536);
    if (!n)
      return 1;
    if (n > 0)
      all->len += (size_t)n;
    else if (errno != EINTR)
      return 0;
  }
}

/* Whoever gives a byte a second must not hold a running ratetap up: files only, and directories say
 * themselves what they are. Returns SCRIPT_FINE, or SCRIPT_SYSTEM with errno. */
static script_problem read_file(stralloc *all, char const *path)
{
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  struct stat st;
  script_problem problem = SCRIPT_FINE;

  if (fd < 0)
    return SCRIPT_SYSTEM;
  if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
    problem = SCRIPT_NOT_REGULAR;
  else if (!read_all(all, fd))
    problem = SCRIPT_SYSTEM;
  int error = errno;
  close(fd);
  errno = error;
  return problem;
}

static int is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

/* In "10/1m/line/text " the blank at the end belongs to the text. */
static int is_line_rule(span in)
{
  for (int slashes = 0; slashes < 2; slashes++) {
    char const *slash = in.len ? memchr(in.s, '/', in.len) : 0;
    if (!slash)
      return 0;
    in.len = (size_t)(in.s + in.len - slash) - 1;
    in.s = slash + 1;
  }
  return in.len >= 5 && !memcmp(in.s, "line/", 5);
}

/* The directive in a line; empty if there is none. */
static span trim_line(span line)
{
  while (line.len && is_blank(*line.s)) {
    line.s++;
    line.len--;
  }
  if (line.len && *line.s == '#')
    line.len = 0;
  if (line.len && *line.s >= '0' && *line.s <= '9' && is_line_rule(line))
    return line;
  while (line.len && is_blank(line.s[line.len - 1]))
    line.len--;
  return line;
}

/* Puts a terminator behind the directive, which is inside the buffer or, for the last line, in the room
 * behind it. */
static int add_line(script *s, char *start, size_t len, script_error *e)
{
  if (memchr(start, 0, len))
    *e = (script_error){.problem = SCRIPT_NUL_BYTE};
  else if (len > SCRIPT_LINE)
    *e = (script_error){.problem = SCRIPT_LONG_LINE};
  else {
    span directive = trim_line((span){start, len});
    start[(size_t)(directive.s - start) + directive.len] = 0;
    return !directive.len || script_add(s, directive.s, e);
  }
  return 0;
}

int script_file(script *s, char const *path, script_error *e)
{
  stralloc all = STRALLOC_ZERO;
  size_t number = 0;
  script_problem problem = read_file(&all, path);
  int ok = problem == SCRIPT_FINE;
  *e = (script_error){.problem = problem, .error = problem == SCRIPT_SYSTEM ? errno : 0};
  for (size_t at = 0; ok && at < all.len; number++) {
    char const *end = memchr(all.s + at, '\n', all.len - at);
    size_t len = (end ? (size_t)(end - all.s) : all.len) - at;
    ok = add_line(s, all.s + at, len, e);
    at += len + 1;
  }
  if (!ok) {
    e->file = path;
    e->line = number;
  }
  stralloc_free(&all);
  return ok;
}
