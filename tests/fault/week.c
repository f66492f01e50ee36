/* week - a week of a busy host, in minutes: two ratetaps in a chain, the first never killed, the second
 * often.
 *
 *   week log CORPUS ROUNDS NEW
 *     the log of the week (see week_log.h) on stdout, with NEW new senders before each round
 *   week run CORPUS ROUNDS NEW RATE
 *     writes it into a pipe for the command in $FIRST, and what that passes on is for the command in $SECOND:
 * RATE messages a second of the real log, each line in 11 writes, and new senders as fast as they are taken
 *
 * Alerts of the first go to the file "first", those of the second to the file "second". By the stamps both
 * get SIGHUP each minute, the second SIGALRM each hour and SIGKILL each ten minutes, and nobody reads the
 * alerts of the first for three hours of each twelve. $SHIFT is the file for shift.so, so that when the
 * second starts it is as late as in the log that multilog has stored in the folder main.
 *
 * Prints a row for each seventh of the week: lines, memory (kB) and descriptors of the first, its CPU time
 * (in microseconds a line), most memory of the second (kB). At the end it prints what was done. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "feedlib.h"
#include "week_log.h"

#define MINUTE 60u
#define HOUR 3600u

static struct shared {
  _Atomic uint64_t seconds, lines;
} * shared;

static void die(char const *what)
{
  perror(what);
  exit(111);
}

static int put_log(week_log *w)
{
  static char s[WEEK_LINE_MAX];

  for (size_t n; (n = week_next(w, s));)
    if (fwrite(s, 1, n, stdout) != n)
      return 111;
  return fflush(stdout) ? 111 : 0;
}

/* Waits until as much of the round has passed as its stamps say. */
static void keep_pace(struct timespec const *begin, week_log const *w, uint64_t rate)
{
  double const part = (double)w->lines[w->line - 1].at / ROUND / (double)WEEK_SECOND;
  uint64_t const ns =
      (uint64_t)begin->tv_nsec + (uint64_t)(part * (double)w->messages / (double)rate * (double)WEEK_SECOND);
  struct timespec const t = {.tv_sec = begin->tv_sec + (time_t)(ns / WEEK_SECOND),
                             .tv_nsec = (long)(ns % WEEK_SECOND)};

  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0) == EINTR)
    ;
}

static void feed(week_log *w, int fd, uint64_t rate)
{
  static char s[1 << 16];
  static feed_state st;
  struct timespec begin;
  size_t n, kept = 0;

  while ((n = week_next(w, s + kept))) {
    shared->seconds = w->seconds;
    shared->lines += w->line ? 1 : 3;
    if (!w->line) { /* as many new senders in one write as fit */
      kept += n;
      if (kept > sizeof s - WEEK_LINE_MAX || w->born == w->new_senders) {
        if (!feed_bytes(fd, s, kept, &st))
          die("write");
        kept = 0;
      }
      continue;
    }
    if (w->line == 1)
      (void)clock_gettime(CLOCK_MONOTONIC, &begin);
    keep_pace(&begin, w, rate);
    if (!feed_pieces(fd, s, n, 11, &st))
      die("write");
  }
}

static pid_t start(char const *variable, int in, int out, int alerts)
{
  pid_t const pid = fork();
  char command[4096];

  if (pid < 0)
    die("fork");
  if (pid)
    return pid;
  (void)snprintf(command, sizeof command, "exec %s", getenv(variable));
  if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(alerts, 3) < 0)
    die("dup2");
  execl("/bin/sh", "sh", "-c", command, (char *)0);
  _exit(127);
}

/* The number after WORD in a file of /proc/PID, or 0. */
static uint64_t status_number(pid_t pid, char const *word)
{
  char line[256];
  uint64_t n = 0;
  FILE *f;

  (void)snprintf(line, sizeof line, "/proc/%d/status", (int)pid);
  f = fopen(line, "r");
  while (f && fgets(line, sizeof line, f))
    if (!strncmp(line, word, strlen(word)))
      n = strtoull(line + strlen(word), 0, 10);
  if (f)
    (void)fclose(f);
  return n;
}

static unsigned descriptors(pid_t pid)
{
  unsigned n = 0;

  for (int fd = 0; fd < 256; fd++) {
    char path[64], to[8];

    (void)snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, fd);
    n += readlink(path, to, sizeof to) > 0;
  }
  return n;
}

/* CPU time in nanoseconds, from the scheduler's own count. */
static uint64_t cpu_time(pid_t pid)
{
  char path[64];
  uint64_t ns = 0;
  FILE *f;

  (void)snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
  f = fopen(path, "r");
  if (!f || fscanf(f, "%" SCNu64, &ns) != 1)
    ns = 0;
  if (f)
    (void)fclose(f);
  return ns;
}

/* Unix seconds of the newest label that multilog has stored in the folder main; before if there is none. */
static uint64_t stored_until(uint64_t before)
{
  static char s[WEEK_LINE_MAX + 1];
  int const fd = open("main/current", O_RDONLY | O_CLOEXEC);
  off_t const size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
  ssize_t const n = fd < 0 ? 0 : pread(fd, s, sizeof s - 1, size > WEEK_LINE_MAX ? size - WEEK_LINE_MAX : 0);

  if (fd >= 0)
    (void)close(fd);
  for (ssize_t i = n - 26; i >= 0; i--)
    if (!strncmp(s + i, "@4000", 5) && (!i || s[i - 1] == '\n'))
      return (week_hex(s + i + 1, 16) & UINT32_MAX) - 10;
  return before;
}

/* Waits for the multilog of before, and lets the second's clock be that of what is stored: what lies in pipes
 * for a moment would else be minutes old. */
static void set_clock(uint64_t *now)
{
  int const lock = open("main/lock", O_WRONLY | O_CLOEXEC);
  FILE *f;

  if (lock >= 0) {
    (void)flock(lock, LOCK_EX);
    (void)close(lock);
  }
  *now = stored_until(*now);
  f = fopen("shift.new", "w");
  if (!f || fprintf(f, "%lld\n", (long long)*now - (long long)time(0)) < 0 || fclose(f) ||
      rename("shift.new", getenv("SHIFT")) < 0)
    die("shift");
}

typedef struct {
  pid_t first, second;
  int mid, alerts, tell, told;
  unsigned kills, hangups, rotations;
  uint64_t stored, minute, day, day_lines, day_cpu, second_kb;
} run;

static void start_second(run *r)
{
  set_clock(&r->stored);
  r->second = start("SECOND", r->mid, 1, r->alerts);
}

static void report_day(run *r)
{
  uint64_t const lines = shared->lines, cpu = cpu_time(r->first);

  printf("# | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %u | %.2f | %" PRIu64 " |\n", ++r->day,
         lines - r->day_lines, status_number(r->first, "VmRSS:"), descriptors(r->first),
         (double)(cpu - r->day_cpu) / 1000 / (double)(lines - r->day_lines), r->second_kb);
  (void)fflush(stdout);
  r->day_lines = lines;
  r->day_cpu = cpu;
  r->second_kb = 0;
}

static void each_minute(run *r, uint64_t whole)
{
  uint64_t const minute = shared->seconds / MINUTE;
  int const every_ten = minute / 10 != r->minute / 10, hourly = minute / 60 != r->minute / 60;

  if (minute == r->minute)
    return;
  r->minute = minute;
  if (shared->seconds >= (r->day + 1) * whole / STEPS)
    report_day(r);
  (void)kill(r->first, SIGHUP);
  (void)kill(r->second, SIGHUP);
  r->hangups++;
  if (hourly) {
    (void)kill(r->second, SIGALRM);
    r->rotations++;
  }
  if (every_ten) {
    uint64_t const kb = status_number(r->second, "VmHWM:");

    if (kb > r->second_kb)
      r->second_kb = kb;
    (void)kill(r->second, SIGKILL);
    r->kills++;
  }
}

/* For three hours of each twelve nobody reads the alerts of the first. */
static int reader_stopped(void)
{
  uint64_t const hour = shared->seconds / HOUR % 12;

  return hour >= 2 && hour < 5;
}

/* Returns 0 at the end of the alerts. */
static int take_alerts(run *r)
{
  static char s[65536];
  ssize_t n;

  if (poll(&(struct pollfd){.fd = reader_stopped() ? -1 : r->tell, .events = POLLIN}, 1, 2) <= 0)
    return 1;
  n = read(r->tell, s, sizeof s);
  return n > 0 ? write(r->told, s, (size_t)n) == n : n < 0;
}

/* Returns 0 when the second has ended by itself. */
static int look_after_second(run *r, int first_ended)
{
  int status;

  if (waitpid(r->second, &status, WNOHANG) != r->second)
    return 1;
  if (first_ended && WIFEXITED(status) && !WEXITSTATUS(status))
    return 0;
  start_second(r);
  return 1;
}

static int run_week(week_log *w, uint64_t rate)
{
  uint64_t const whole = w->rounds * ROUND;
  int in[2], mid[2], tell[2], first_ended = 0, alerts_ended = 0, status;
  run r = {.told = open("first", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
  pid_t feeder;

  r.alerts = open("second", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644); /* not 3, which told is */
  shared = mmap(0, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED || r.told < 0 || r.alerts < 0 || pipe2(in, O_CLOEXEC) < 0 ||
      pipe2(mid, O_CLOEXEC) < 0 || pipe2(tell, O_CLOEXEC) < 0)
    die("pipe");
  (void)fcntl(tell[1], F_SETPIPE_SZ, 4096); /* so that unread alerts are queued */
  r.stored = WEEK_BEGIN;
  r.mid = mid[0];
  r.tell = tell[0];
  r.first = start("FIRST", in[0], mid[1], tell[1]);
  (void)close(mid[1]);
  (void)close(tell[1]);
  start_second(&r);
  feeder = fork();
  if (!feeder) {
    feed(w, in[1], rate);
    _exit(0);
  }
  do {
    if (!first_ended)
      each_minute(&r, whole);
    if (alerts_ended)
      (void)poll(0, 0, 2);
    else
      alerts_ended = !take_alerts(&r);
    if (feeder && waitpid(feeder, &status, WNOHANG) == feeder) {
      if (status)
        return 1;
      feeder = 0;
      report_day(&r);
      (void)close(in[1]); /* only now does the first see the end */
    }
    if (!first_ended && waitpid(r.first, &status, WNOHANG) == r.first) {
      if (status) {
        printf("# the first ended with status %d\n", status);
        return 1;
      }
      first_ended = 1;
    }
  } while (look_after_second(&r, first_ended) || !alerts_ended);
  printf("# | a week at %" PRIu64 " messages a second, %" PRIu64
         " new senders; %u SIGKILL, %u SIGHUP, %u rotations | %u | %" PRIu64 " |\n",
         rate, w->rounds * w->new_senders, r.kills, r.hangups, r.rotations, r.kills, (uint64_t)shared->lines);
  return 0;
}

int main(int argc, char **argv)
{
  static week_log w;

  if (argc < 5 || !week_open(&w, argv[2], strtoull(argv[3], 0, 10), strtoull(argv[4], 0, 10)))
    return 100;
  (void)signal(SIGPIPE, SIG_IGN);
  if (argc == 5 && !strcmp(argv[1], "log"))
    return put_log(&w);
  if (argc == 6 && !strcmp(argv[1], "run"))
    return run_week(&w, strtoull(argv[5], 0, 10));
  return 100;
}
