/* race - what a filter costs inside a pipeline, measured from outside.
 *
 *   race LOG FILTER [ARG...]      runs  cat LOG | FILTER ... | cat >/dev/null  and prints, of FILTER alone, the
 *                                 microseconds of user and of system time, and of real time until all is through
 *   race -d LOG FILTER [ARG...]   the same for  FILTER ... <LOG >/dev/null
 *
 * FILTER's standard error goes to the file $BENCH_ERR, or nowhere. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(char const *what)
{
  fprintf(stderr, "race: fatal: unable to %s: %s\n", what, strerror(errno));
  exit(111);
}

static int open_file(char const *name, int flags)
{
  int fd = open(name, flags | O_CLOEXEC, 0644);

  if (fd < 0)
    fail(name);
  return fd;
}

static pid_t start(char *const *argv, int in, int out, int err)
{
  pid_t pid = fork();

  if (pid < 0)
    fail("fork");
  if (pid)
    return pid;
  dup2(in, 0);
  dup2(out, 1);
  if (err >= 0)
    dup2(err, 2);
  execvp(argv[0], argv);
  fail(argv[0]);
  return 0;
}

static void make_pipe(int p[2])
{
  if (pipe2(p, O_CLOEXEC) < 0)
    fail("make a pipe");
}

static long long micro(struct timeval t)
{
  return t.tv_sec * 1000000LL + t.tv_usec;
}

static long long clock_now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static pid_t start_all(int direct, char **argv, int err)
{
  static char *cat[] = {"cat", 0};
  int in = open_file(argv[0], O_RDONLY), out = open_file("/dev/null", O_WRONLY);
  int left[2], right[2];
  pid_t filter;

  if (direct)
    return start(argv + 1, in, out, err);
  make_pipe(left);
  make_pipe(right);
  filter = start(argv + 1, left[0], right[1], err);
  start(cat, right[0], out, -1);
  start(cat, in, left[1], -1);
  close(left[0]);
  close(left[1]);
  close(right[0]);
  close(right[1]);
  return filter;
}

int main(int argc, char **argv)
{
  int direct = argc > 1 && !strcmp(argv[1], "-d"), status, code = 111;
  char const *err = getenv("BENCH_ERR");
  long long began = clock_now();
  struct rusage used, mine = {.ru_maxrss = 0};
  pid_t filter, pid;

  if (argc < 3 + direct) {
    fprintf(stderr, "race: usage: race [-d] LOG FILTER [ARG...]\n");
    return 100;
  }
  filter = start_all(direct, argv + 1 + direct, open_file(err ? err : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC));
  while ((pid = wait4(-1, &status, 0, &used)) > 0)
    if (pid == filter) {
      mine = used;
      code = WIFEXITED(status) ? WEXITSTATUS(status) : 111;
    }
  printf("%lld %lld %lld\n", micro(mine.ru_utime), micro(mine.ru_stime), clock_now() - began);
  return code;
}
