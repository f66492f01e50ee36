#include "stage.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

void stage_fail(char const *what)
{
  fprintf(stderr, "bench: fatal: unable to %s: %s\n", what, strerror(errno));
  exit(111);
}

void stage_pipe(int p[2])
{
  if (pipe2(p, O_CLOEXEC) < 0)
    stage_fail("make a pipe");
}

int stage_file(char const *name, int flags)
{
  int fd = open(name, flags | O_CLOEXEC, 0644);

  if (fd < 0)
    stage_fail(name);
  return fd;
}

static int err_file(void)
{
  char const *name = getenv("BENCH_ERR");
  return stage_file(name ? name : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC);
}

pid_t stage_start(char *const *argv, int in, int out, int err)
{
  pid_t pid = fork();

  if (pid < 0)
    stage_fail("fork");
  if (pid)
    return pid;
  dup2(in, 0);
  dup2(out, 1);
  dup2(err < 0 ? err_file() : err, 2);
  execvp(argv[0], argv);
  stage_fail(argv[0]);
  return 0;
}

stage stage_open(char *const *argv, int err)
{
  int left[2], right[2];
  stage s;

  stage_pipe(left);
  stage_pipe(right);
  s = (stage){stage_start(argv, left[0], right[1], err), left[1], right[0]};
  close(left[0]);
  close(right[1]);
  return s;
}

static long long clock_of(clockid_t clock)
{
  struct timespec t;

  if (clock_gettime(clock, &t) < 0)
    stage_fail("read a clock");
  return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

long long stage_clock(void)
{
  return clock_of(CLOCK_MONOTONIC);
}

long long stage_used(pid_t pid)
{
  clockid_t clock;

  if ((errno = clock_getcpuclockid(pid, &clock)))
    stage_fail("find the clock of a process");
  return clock_of(clock);
}

void stage_settle(pid_t pid, int fd)
{
  struct timespec pause = {0, 20000000};
  long long before = -1, now;
  int left;

  for (;;) {
    if (ioctl(fd, FIONREAD, &left) < 0)
      stage_fail("look into a pipe");
    now = stage_used(pid);
    if (!left && now == before)
      return;
    before = now;
    nanosleep(&pause, 0);
  }
}

void stage_write(int fd, char const *s, size_t len)
{
  while (len) {
    ssize_t n = write(fd, s, len);
    if (n < 0)
      stage_fail("write");
    s += n;
    len -= (size_t)n;
  }
}

void stage_feed(int fd, char const *file)
{
  static char buffer[1 << 17];
  int in = stage_file(file, O_RDONLY);
  ssize_t n;

  while ((n = read(in, buffer, sizeof buffer)) > 0)
    stage_write(fd, buffer, (size_t)n);
  close(in);
}

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

long stage_write_live(int fd, char const *name, long rate)
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
  fclose(log);
  return lines;
}

void stage_drain(stage *s)
{
  static char buffer[1 << 17];
  pid_t pid = fork();

  if (pid < 0)
    stage_fail("fork");
  if (pid) {
    close(s->out);
    return;
  }
  close(s->in);
  while (read(s->out, buffer, sizeof buffer) > 0)
    ;
  _exit(0);
}
