/* latency - how long an alert takes, from the write of the newline that caused it to its arrival at the
 * reader.
 *
 *   latency RATE LINES FILTER [ARG...]   writes LINES lines, RATE a second, every tenth from a sender of its
 * own; FILTER must give an `over` line on descriptor 2 for each of these. Prints the median and the 99th
 * percentile in microseconds */
#include "stage.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static long long *sent; /* by message; shared with the writer */

static void write_lines(int fd, long rate, long lines)
{
  struct timespec when;
  char line[256];

  clock_gettime(CLOCK_MONOTONIC, &when);
  for (long i = 0; i < lines; i++) {
    when.tv_nsec += 1000000000 / rate;
    if (when.tv_nsec >= 1000000000) {
      when.tv_nsec -= 1000000000;
      when.tv_sec++;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, 0);
    if (i % 10)
      snprintf(line, sizeof line, "status: local 1/10 remote %ld/20\n", i % 20);
    else
      snprintf(line, sizeof line, "info msg %ld: bytes 900 from <user%ld@example.org> qp 7 uid 8\n", i, i);
    sent[i] = stage_clock();
    stage_write(fd, line, strlen(line));
  }
}

static int by_size(void const *a, void const *b)
{
  long long const *x = a, *y = b;
  return *x < *y ? -1 : *x > *y;
}

/* Returns how many alerts came. */
static long read_alerts(int fd, long long *took, long most)
{
  FILE *alerts = fdopen(fd, "r");
  char line[4096];
  long n = 0;

  while (n < most && fgets(line, sizeof line, alerts)) {
    char const *number = strstr(line, " msg=");
    if (strstr(line, " over ") && number)
      took[n++] = stage_clock() - sent[atol(number + 5)];
  }
  return n;
}

static pid_t start_writer(stage const *s, long rate, long lines)
{
  pid_t pid = fork();

  if (pid < 0)
    stage_fail("fork");
  if (pid)
    return pid;
  write_lines(s->in, rate, lines);
  _exit(0);
}

int main(int argc, char **argv)
{
  long lines = argc > 3 ? atol(argv[2]) : 0, most = lines / 10, n;
  long long *took = calloc((size_t)most + 1, sizeof *took);
  int alerts[2];
  stage s;

  if (!most || !took) {
    fprintf(stderr, "latency: usage: latency RATE LINES FILTER [ARG...]\n");
    return 100;
  }
  sent = mmap(0, (size_t)lines * sizeof *sent, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (sent == MAP_FAILED)
    stage_fail("share memory");
  stage_pipe(alerts);
  s = stage_open(argv + 3, alerts[1]);
  close(alerts[1]);
  stage_drain(&s);
  start_writer(&s, atol(argv[1]), lines);
  close(s.in);
  n = read_alerts(alerts[0], took, most);
  if (n < most)
    return 111;
  qsort(took, (size_t)n, sizeof *took, &by_size);
  printf("%lld %lld\n", took[n / 2], took[n * 99 / 100]);
  return 0;
}
