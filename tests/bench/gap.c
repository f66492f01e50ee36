/* gap - the longest time for which nothing came out of a filter that is fed a log as fast as it takes it,
 * with a pause now and then that does not count.
 *
 *   gap LOG FILTER [ARG...]    prints it in microseconds */
#include "stage.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define BURST (16 << 20) /* bytes; with real-time priority the kernel stops whoever never pauses */

static long long volatile *resumed; /* when the writer went on after a pause; shared with it */

static void feed_bursts(int fd, char const *log)
{
  static char buffer[1 << 17];
  struct timespec pause = {0, 100000000};
  int in = stage_file(log, O_RDONLY);
  ssize_t n;

  for (ssize_t sent = 0; (n = read(in, buffer, sizeof buffer)) > 0; sent += n) {
    if (sent >= BURST) {
      nanosleep(&pause, 0);
      *resumed = stage_clock();
      sent = 0;
    }
    stage_write(fd, buffer, (size_t)n);
  }
}

static void feed_aside(stage *s, char const *log)
{
  pid_t pid = fork();

  if (pid < 0)
    stage_fail("fork");
  if (!pid) {
    feed_bursts(s->in, log);
    _exit(0);
  }
  close(s->in);
}

static void follow(int fd)
{
  static char buffer[1 << 16];
  long long last, longest = 0;

  if (read(fd, buffer, sizeof buffer) <= 0) /* how long it takes to start is not the question */
    stage_fail("read from the filter");
  last = stage_clock();
  while (read(fd, buffer, sizeof buffer) > 0) {
    long long now = stage_clock(), since = *resumed > last ? *resumed : last;
    if (now - since > longest)
      longest = now - since;
    last = now;
  }
  printf("%lld\n", longest);
}

int main(int argc, char **argv)
{
  stage s;

  if (argc < 3) {
    fprintf(stderr, "gap: usage: gap LOG FILTER [ARG...]\n");
    return 100;
  }
  resumed = mmap(0, sizeof *resumed, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (resumed == MAP_FAILED)
    stage_fail("share memory");
  s = stage_open(argv + 2, -1);
  feed_aside(&s, argv[1]);
  follow(s.out);
  return 0;
}
