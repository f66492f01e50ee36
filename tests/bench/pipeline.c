/* pipeline - what storing a live log costs altogether: qmail-send, which writes a line in up to eleven
 * pieces, and all that comes after it.
 *
 *   pipeline RATE LOG PROGRAM [ARG...]   writes the lines of LOG, each in eleven writes, RATE a second, to
 * PROGRAM, and prints the microseconds of processor time that the writer, PROGRAM and its children took, and
 * how often the latter waited, a line */
#include "stage.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long long used(struct rusage const *r)
{
  return (r->ru_utime.tv_sec + r->ru_stime.tv_sec) * 1000000LL + r->ru_utime.tv_usec + r->ru_stime.tv_usec;
}

int main(int argc, char **argv)
{
  struct rusage ours, theirs;
  long long before;
  pid_t pid;
  long lines;
  int p[2];

  if (argc < 4) {
    fprintf(stderr, "pipeline: usage: pipeline RATE LOG PROGRAM [ARG...]\n");
    return 100;
  }
  stage_pipe(p);
  pid = stage_start(argv + 3, p[0], 1, -1);
  close(p[0]);
  getrusage(RUSAGE_SELF, &ours);
  before = used(&ours);
  lines = stage_write_live(p[1], argv[2], atol(argv[1]));
  getrusage(RUSAGE_SELF, &ours);
  close(p[1]);
  if (lines < 1 || wait4(pid, 0, 0, &theirs) != pid)
    stage_fail("wait");
  printf("%lld %.3f\n", used(&ours) - before + used(&theirs), (double)theirs.ru_nvcsw / (double)lines);
  return 0;
}
