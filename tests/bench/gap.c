/* gap - the longest time for which nothing came out of a filter that is fed a log as fast as it takes it.
 *
 *   gap LOG FILTER [ARG...]    prints it in microseconds */
#include "stage.h"
#include <stdio.h>
#include <unistd.h>

static void feed_aside(stage *s, char const *log)
{
  pid_t pid = fork();

  if (pid < 0)
    stage_fail("fork");
  if (!pid) {
    stage_feed(s->in, log);
    _exit(0);
  }
  close(s->in);
}

int main(int argc, char **argv)
{
  static char buffer[1 << 16];
  long long last, longest = 0;
  stage s;

  if (argc < 3) {
    fprintf(stderr, "gap: usage: gap LOG FILTER [ARG...]\n");
    return 100;
  }
  s = stage_open(argv + 2, -1);
  feed_aside(&s, argv[1]);
  if (read(s.out, buffer, sizeof buffer) <= 0) /* how long it takes to start is not the question */
    return 111;
  last = stage_clock();
  while (read(s.out, buffer, sizeof buffer) > 0) {
    long long now = stage_clock();
    if (now - last > longest)
      longest = now - last;
    last = now;
  }
  printf("%lld\n", longest);
  return 0;
}
