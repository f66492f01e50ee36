/* warm - what a filter costs that has seen a lot: feeds it one log, waits until it has nothing to do, then
 * feeds it another, always cat-like, from a pipe and into a pipe.
 *
 *   warm FIRST SECOND FILTER [ARG...]   prints the microseconds of processor time that SECOND took, and the
 * resident memory after it in KiB; with SECOND /dev/null the memory after FIRST */
#include "stage.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static long resident(pid_t pid)
{
  char name[64], line[256];
  long kib = -1;
  FILE *f;

  snprintf(name, sizeof name, "/proc/%ld/status", (long)pid);
  f = fopen(name, "r");
  if (!f)
    stage_fail(name);
  while (fgets(line, sizeof line, f) && sscanf(line, "VmRSS: %ld", &kib) != 1)
    ;
  fclose(f);
  return kib;
}

int main(int argc, char **argv)
{
  long long before;
  stage s;

  if (argc < 4) {
    fprintf(stderr, "warm: usage: warm FIRST SECOND FILTER [ARG...]\n");
    return 100;
  }
  s = stage_open(argv + 3, -1);
  stage_drain(&s);
  stage_feed(s.in, argv[1]);
  stage_settle(s.pid, s.in);
  before = stage_used(s.pid);
  stage_feed(s.in, argv[2]);
  stage_settle(s.pid, s.in);
  printf("%lld %ld\n", stage_used(s.pid) - before, resident(s.pid));
  return 0;
}
