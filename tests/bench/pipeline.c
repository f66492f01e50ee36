/* pipeline - what storing a live log costs altogether: qmail-send, which writes a line in up to eleven
 * pieces, and all that stands behind it.
 *
 *   pipeline RATE LOG PROGRAM [ARG...]   writes the lines of LOG, each in eleven writes, RATE a second, to
 * PROGRAM, and prints the microseconds of processor time that the writer, PROGRAM and its children took, and
 * how often the latter waited, a line */
#include "stage.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PIECES 11

static void write_pieces(int fd, char const *line, size_t len)
{
  for (size_t i = 0; i < PIECES; i++) {
    size_t from = len * i / PIECES, to = len * (i + 1) / PIECES;
    stage_write(fd, line + from, to - from);
  }
}

static void wait_until(struct timespec *when, long rate)
{
  when->tv_nsec += 1000000000 / rate;
  if (when->tv_nsec >= 1000000000) {
    when->tv_nsec -= 1000000000;
    when->tv_sec++;
  }
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, when, 0);
}

/* Returns how many lines there were. */
static long write_log(int fd, char const *name, long rate)
{
  struct timespec when;
  FILE *log = fopen(name, "r");
  char line[4096];
  long lines = 0;

  if (!log)
    stage_fail(name);
  clock_gettime(CLOCK_MONOTONIC, &when);
  for (; fgets(line, sizeof line, log); lines++) {
    wait_until(&when, rate);
    write_pieces(fd, line, strlen(line));
  }
  return lines;
}

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
  lines = write_log(p[1], argv[2], atol(argv[1]));
  getrusage(RUSAGE_SELF, &ours);
  close(p[1]);
  if (lines < 1 || wait4(pid, 0, 0, &theirs) != pid)
    stage_fail("wait");
  printf("%lld %.3f\n", used(&ours) - before + used(&theirs), (double)theirs.ru_nvcsw / (double)lines);
  return 0;
}
