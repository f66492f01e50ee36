/* main.c - oracle ARGS... <log: prints the alert lines that ratetap ARGS... must write.
 *
 * ORACLE_NOW, in nanoseconds since the epoch, stands for the machine's clock where it is set.  With
 * ORACLE_WARM the log is what a directory of -w holds, and the lines are those of the start. Exits 100 for a
 * bad command line, 111 when the system fails. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "oracle.h"

static int slurp(char **log, size_t *len)
{
  size_t room = 1 << 16, n;
  char *p = malloc(room);

  while (p && (n = fread(p + *len, 1, room - *len, stdin)) > 0) {
    char *bigger;
    *len += n;
    if (*len < room)
      continue;
    bigger = realloc(p, room *= 2);
    if (!bigger)
      free(p);
    p = bigger;
  }
  *log = p;
  return p && !ferror(stdin);
}

static int64_t now(void)
{
  char const *fixed = getenv("ORACLE_NOW");
  struct timespec t;

  if (fixed)
    return strtoll(fixed, 0, 10);
  clock_gettime(CLOCK_REALTIME, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int main(int argc, char **argv)
{
  char *log = 0, *alerts = 0;
  size_t len = 0, alen = 0;
  int ok;

  if (!slurp(&log, &len)) {
    fputs("oracle: fatal: unable to read the log\n", stderr);
    return 111;
  }
  ok = (getenv("ORACLE_WARM") ? oracle_warm : oracle_run)(
      (char const *const *)argv + 1, (size_t)(argc ? argc - 1 : 0), log, len, now(), &alerts, &alen);
  free(log);
  if (!ok) {
    int usage = errno == EINVAL;
    fprintf(stderr, "oracle: fatal: %s\n", usage ? "bad command line" : "out of memory");
    return usage ? 100 : 111;
  }
  ok = fwrite(alerts, 1, alen, stdout) == alen && !fflush(stdout);
  free(alerts);
  return ok ? 0 : 111;
}
