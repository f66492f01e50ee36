/* main.c - oracle ARGS... <log: prints the alert lines that ratetap ARGS... must write.
 *
 * ORACLE_NOW, in nanoseconds since the epoch, stands for the machine's clock where it is set.  With
 * ORACLE_WARM the log is what a directory of -w holds, and the lines are those of the start. Exits 100 for a
 * bad command line, 111 when the system fails. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void ask(oracle_asked *a, char const *const *args, size_t nargs)
{
  char const *reload = getenv("ORACLE_RELOAD");

  a->args = args;
  a->nargs = nargs;
  a->wall = now();
  a->warm = getenv("ORACLE_WARM") != 0;
  for (size_t i = 0; reload && i < nargs; i++)
    if (!strcmp(args[i], "then")) {
      a->nargs = i;
      a->next = args + i + 1;
      a->nnext = nargs - i - 1;
      a->before_next = strtoul(reload, 0, 10);
      return;
    }
}

int main(int argc, char **argv)
{
  oracle_asked a = {0};
  char *log = 0, *alerts = 0;
  size_t alen = 0;
  int ok;

  if (!slurp(&log, &a.len)) {
    fputs("oracle: fatal: unable to read the log\n", stderr);
    return 111;
  }
  a.log = log;
  ask(&a, (char const *const *)argv + 1, (size_t)(argc ? argc - 1 : 0));
  ok = oracle_answer(&a, &alerts, &alen);
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
