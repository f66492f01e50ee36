/* race - what a filter costs inside a pipeline, measured from outside.
 *
 *   race LOG FILTER [ARG...]      runs  cat LOG | FILTER ... | cat >/dev/null  and prints, of FILTER alone,
 * the microseconds of processor time, and of real time until all is through race -d LOG FILTER [ARG...]   the
 * same for  FILTER ... <LOG >/dev/null
 *
 * FILTER's standard error goes to the file $BENCH_ERR, or nowhere. */
#include "stage.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long long micro(struct timeval t)
{
  return t.tv_sec * 1000000LL + t.tv_usec;
}

static pid_t start_all(int direct, char **argv)
{
  static char *cat[] = {"cat", 0};
  int in = stage_file(argv[0], O_RDONLY), out = stage_file("/dev/null", O_WRONLY);
  stage s;

  if (direct)
    return stage_start(argv + 1, in, out, -1);
  s = stage_open(argv + 1, -1);
  stage_start(cat, s.out, out, -1);
  stage_start(cat, in, s.in, -1);
  close(s.in);
  close(s.out);
  return s.pid;
}

int main(int argc, char **argv)
{
  int direct = argc > 1 && !strcmp(argv[1], "-d"), status, code = 111;
  long long began = stage_clock();
  struct rusage used, mine = {.ru_maxrss = 0};
  pid_t filter, pid;

  if (argc < 3 + direct) {
    fprintf(stderr, "race: usage: race [-d] LOG FILTER [ARG...]\n");
    return 100;
  }
  filter = start_all(direct, argv + 1 + direct);
  while ((pid = wait4(-1, &status, 0, &used)) > 0)
    if (pid == filter) {
      mine = used;
      code = WIFEXITED(status) ? WEXITSTATUS(status) : 111;
    }
  printf("%lld %lld\n", micro(mine.ru_utime) + micro(mine.ru_stime), stage_clock() - began);
  return code;
}
