#include "pipe/warn.h"
#include "pipe/nbwrite.h"
#include <errno.h>
#include <string.h>

static struct {
  nbwrite to;
  int open;
  int torn; /* the end of the last line was dropped */
  int silent;
} err;

void warn_open(void)
{
  if (err.open)
    return;
  nbwrite_open(&err.to, 2, NBWRITE_LINES);
  err.open = 1;
}

void warn_silence(void)
{
  err.silent = 1;
}

static size_t put(char *out, size_t at, size_t max, char const *text)
{
  for (; *text && at < max; text++)
    out[at++] = *text < 32 || *text > 126 ? '_' : *text;
  return at;
}

static void send(char const *line, size_t len)
{
  size_t done = 0;

  while (done < len) {
    ssize_t n = nbwrite_some(&err.to, line + done, len - done);
    if (n > 0)
      done += (size_t)n;
    else if (n == 0 || errno != EINTR)
      break;
  }
  nbwrite_forget(&err.to);
  if (done)
    err.torn = done < len;
}

void warn_pieces(char const *kind, int system, char const *const *pieces)
{
  char line[4096];
  size_t max = sizeof line - 1, len = 0;
  int error = errno;

  if (err.silent)
    return;
  warn_open();
  if (err.torn)
    line[len++] = '\n';
  len = put(line, len, max, PROG);
  len = put(line, len, max, ": ");
  len = put(line, len, max, kind);
  for (; *pieces; pieces++)
    len = put(line, len, max, *pieces);
  if (system) {
    len = put(line, len, max, ": ");
    len = put(line, len, max, strerror(error));
  }
  line[len++] = '\n';
  send(line, len);
  errno = error;
}
