/* main.c - oracle ARGS... <log: prints the alert lines that ratetap ARGS... must write.
 *
 * In the environment: ORACLE_NOW, in nanoseconds since the epoch, is the machine's clock.  ORACLE_WARM names
 * the files that a directory of -w holds, oldest first, with a blank between the names; ORACLE_PROGRAM says
 * that PROGRAM is there.  ORACLE_RELOAD=N: the rules after the word "then" come after N lines.  Exits 100 for
 * a bad command line, 111 when the system fails. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "oracle.h"

static int slurp(FILE *f, char **log, size_t *len)
{
  size_t room = 1 << 16, n;
  char *p = malloc(room);

  while (p && (n = fread(p + *len, 1, room - *len, f)) > 0) {
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
  return p && !ferror(f);
}

/* The files of -w; what is read stays in memory. */
static int stored_read(oracle_asked *a, oracle_file *files, size_t max)
{
  char *names = getenv("ORACLE_WARM");

  a->stored = names ? files : 0;
  for (char *name = names ? strtok(names, " ") : 0; name; name = strtok(0, " ")) {
    char *log;
    FILE *f = a->nstored < max ? fopen(name, "r") : 0;
    if (!f || !slurp(f, &log, &files[a->nstored].len))
      return 0;
    fclose(f);
    files[a->nstored++].s = log;
  }
  return 1;
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
  a->keeps_program = getenv("ORACLE_PROGRAM") != 0;
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
  static oracle_file files[64];
  oracle_asked a = {0};
  char *log = 0, *alerts = 0;
  size_t alen = 0;
  int ok;

  if (!slurp(stdin, &log, &a.len) || !stored_read(&a, files, sizeof files / sizeof *files)) {
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
