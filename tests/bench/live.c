/* live - what a filter costs behind a qmail-send, which writes a line in up to eleven pieces.
 *
 *   live RATE LOG FILTER [ARG...]   writes the lines of LOG, each in eleven writes, RATE a second, and prints
 * the microseconds of processor time that FILTER took */
#include "stage.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

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

int main(int argc, char **argv)
{
  struct timespec when;
  char line[4096];
  long long before;
  FILE *log;
  stage s;

  if (argc < 4 || !(log = fopen(argv[2], "r"))) {
    fprintf(stderr, "live: usage: live RATE LOG FILTER [ARG...]\n");
    return 100;
  }
  s = stage_open(argv + 3, -1);
  stage_drain(&s);
  stage_settle(s.pid, s.in);
  before = stage_used(s.pid);
  clock_gettime(CLOCK_MONOTONIC, &when);
  while (fgets(line, sizeof line, log)) {
    wait_until(&when, atol(argv[1]));
    write_pieces(s.in, line, strlen(line));
  }
  stage_settle(s.pid, s.in);
  printf("%lld\n", stage_used(s.pid) - before);
  return 0;
}
