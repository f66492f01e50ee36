#include "rows.h"

#include "pipe/logger.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static logger k;
static char dir[] = "/tmp/logger.XXXXXX", out[64];

static char const *const *sh(char const *script)
{
  static char const *argv[] = {"sh", "-c", 0, 0};
  argv[2] = script;
  return argv;
}

static void start(char const *script, int hidden)
{
  assert_int_equal(logger_open(&k, sh(script), hidden, 0), 1);
  assert_true(k.pid > 0);
}

static void feed(char const *s)
{
  assert_int_equal(write(k.pipe[1], s, strlen(s)), strlen(s));
}

/* Waits for the end of the program without taking it from logger_check. */
static logger_state after_its_end(void)
{
  siginfo_t info;
  assert_int_equal(waitid(P_PID, (id_t)k.pid, &info, WEXITED | WNOWAIT), 0);
  return logger_check(&k);
}

static int code_at_the_end(void)
{
  logger_close_input(&k);
  assert_int_equal(after_its_end(), LOGGER_DONE);
  close(k.pipe[0]);
  return logger_code(&k);
}

static void expect_out(char const *s)
{
  char got[256];
  int fd = open(out, O_RDONLY);
  assert_true(fd >= 0);
  assert_int_equal(read(fd, got, sizeof got), strlen(s));
  assert_memory_equal(got, s, strlen(s));
  close(fd);
  unlink(out);
}

static void missing_program(void **state)
{
  static char const *const argv[] = {"no-such-program-anywhere", 0};
  (void)state;
  errno = 0;
  assert_int_equal(logger_open(&k, argv, -1, 0), 0);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(k.pid, 0);
  close(k.pipe[0]);
  close(k.pipe[1]);
}

static void no_program(void **state)
{
  static char const *const argv[] = {"/etc/passwd", 0};
  (void)state;
  errno = 0;
  assert_int_equal(logger_open(&k, argv, -1, 0), 0);
  assert_int_equal(errno, EACCES);
  close(k.pipe[0]);
  close(k.pipe[1]);
}

/* Where a descriptor cannot be that high there is nobody to set errno: only the answer says what is wrong. */
static void impossible_descriptor(void **state)
{
  struct rlimit usual, few;
  int opened, error;
  (void)state;
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
  few = usual;
  few.rlim_cur = 64;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
  errno = 0;
  opened = logger_open(&k, sh("exit 0"), 64, 0);
  error = errno;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
  assert_int_equal(opened, 0);
  assert_int_equal(error, EBADF);
  assert_int_equal(k.pid, 0);
  close(k.pipe[0]);
  close(k.pipe[1]);
}

static void reads_all(void **state)
{
  (void)state;
  start("exec cat >\"$OUT\"", -1);
  feed("one\ntwo");
  assert_int_equal(logger_check(&k), LOGGER_RUNS);
  assert_int_equal(code_at_the_end(), 0);
  expect_out("one\ntwo");
}

typedef struct {
  char const *name, *script;
  int code;
} row;

static row const codes[] = {
    {"exit code 0", "exit 0", 0},
    {"exit code 3", "exit 3", 3},
    {"exit code 255", "exit 255", 255},
    {"SIGTERM is 143", "kill -TERM $$; exit 1", 128 + SIGTERM},
    {"SIGKILL is 137", "kill -KILL $$; exit 1", 128 + SIGKILL},
    {"no signal is ignored or blocked",
     "while read -r name bits; do case $name in SigIgn:|SigBlk:) test $((0x$bits & ~0x180000000)) -eq 0 || "
     "exit 1;; "
     "esac; done </proc/$$/status", /* glibc ignores 32 and 33, which are its own */
     0},
    {"it has one descriptor of the pipe, its input",
     "p=$(readlink /proc/$$/fd/0); n=0; for f in /proc/$$/fd/*; do test \"$(readlink \"$f\")\" = \"$p\" && "
     "n=$((n+1)); "
     "done; exit $n",
     1},
    {"its input waits for lines", "test -n \"$(grep 'flags:.*0$' /proc/$$/fdinfo/0)\"", 0},
};

static void check_code(void **state)
{
  row const *r = ROWS_ROW(row, state);
  start(r->script, -1);
  assert_int_equal(code_at_the_end(), r->code);
}

static void hidden_descriptor(void **state)
{
  int fd = fcntl(2, F_DUPFD, 100);
  char script[64];
  (void)state;
  snprintf(script, sizeof script, "test -e /proc/$$/fd/%d", fd);
  start(script, -1);
  assert_int_equal(code_at_the_end(), 0);
  start(script, fd);
  assert_int_equal(code_at_the_end(), 1);
  assert_true(fcntl(fd, F_GETFD) >= 0);
  close(fd);
}

static void standard_error_is_not_hidden(void **state)
{
  (void)state;
  start("test -e /proc/$$/fd/2", 2);
  assert_int_equal(code_at_the_end(), 0);
}

/* The first one reads nothing and dies; what was in the pipe is read by the second. */
static void pipe_outlives_the_program(void **state)
{
  (void)state;
  start("if test -e \"$OUT\"; then exec cat >>\"$OUT\"; fi; : >\"$OUT\"; exit 7", -1);
  feed("one\n");
  assert_int_equal(after_its_end(), LOGGER_DIED);
  assert_int_equal(k.pid, 0);
  assert_int_equal(logger_code(&k), 7);
  feed("two\n");
  assert_int_equal(logger_start(&k, LOGGER_RESTART_NS - 1), 1);
  assert_int_equal(k.pid, 0);
  assert_int_equal(logger_check(&k), LOGGER_WAITS);
  assert_int_equal(logger_start(&k, LOGGER_RESTART_NS), 1);
  assert_true(k.pid > 0);
  feed("three\n");
  assert_int_equal(code_at_the_end(), 0);
  expect_out("one\ntwo\nthree\n");
}

/* As after a SIGTERM to all: the input is closed, and the program went before it had read all. */
static void bytes_left_at_the_end(void **state)
{
  (void)state;
  start("if test -e \"$OUT\"; then exec cat >>\"$OUT\"; fi; : >\"$OUT\"; kill -TERM $$", -1);
  feed("one\n");
  logger_close_input(&k);
  assert_int_equal(after_its_end(), LOGGER_DIED);
  assert_int_equal(logger_code(&k), 128 + SIGTERM);
  assert_int_equal(logger_check(&k), LOGGER_WAITS);
  assert_int_equal(logger_start(&k, LOGGER_RESTART_NS), 1);
  assert_int_equal(code_at_the_end(), 0);
  expect_out("one\n");
}

static void one_at_a_time(void **state)
{
  pid_t pid;
  (void)state;
  start("exec cat >\"$OUT\"", -1);
  pid = k.pid;
  assert_int_equal(logger_start(&k, 100 * (int64_t)LOGGER_RESTART_NS), 1);
  assert_int_equal(k.pid, pid);
  assert_int_equal(k.started, 0);
  assert_int_equal(code_at_the_end(), 0);
  expect_out("");
}

static void gone_meanwhile(void **state)
{
  char link[64];
  char const *argv[] = {link, 0};
  (void)state;
  snprintf(link, sizeof link, "%s/false", dir);
  assert_int_equal(symlink("/bin/false", link), 0);
  assert_int_equal(logger_open(&k, argv, -1, 0), 1);
  assert_int_equal(after_its_end(), LOGGER_DIED);
  unlink(link);
  errno = 0;
  assert_int_equal(logger_start(&k, LOGGER_RESTART_NS), 0);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(logger_start(&k, LOGGER_RESTART_NS + 1), 1);
  assert_int_equal(k.pid, 0);
  assert_int_equal(symlink("/bin/true", link), 0);
  assert_int_equal(logger_start(&k, 2 * (int64_t)LOGGER_RESTART_NS), 1);
  assert_int_equal(code_at_the_end(), 0);
  unlink(link);
}

static void waited_for_by_others(void **state)
{
  int status;
  (void)state;
  start("exit 0", -1);
  assert_int_equal(waitpid(k.pid, &status, 0), k.pid);
  assert_int_equal(logger_check(&k), LOGGER_DIED);
  assert_int_equal(k.pid, 0);
  logger_close_input(&k);
  assert_int_equal(logger_check(&k), LOGGER_DONE);
  close(k.pipe[0]);
}

/* A signal that it does not catch yet would kill a program that has just been started. */
static void rotated(void **state)
{
  (void)state;
  start("exec cat", -1);
  assert_int_equal(logger_tend(&k, 5), INT64_MAX);
  logger_rotate(&k);
  assert_int_equal(logger_tend(&k, LOGGER_TRIAL_NS - 1), LOGGER_TRIAL_NS);
  assert_int_equal(logger_check(&k), LOGGER_RUNS);
  assert_int_equal(logger_tend(&k, LOGGER_TRIAL_NS), INT64_MAX);
  assert_int_equal(after_its_end(), LOGGER_DIED);
  assert_int_equal(logger_code(&k), 128 + SIGALRM);
  logger_rotate(&k); /* to nobody: a pid of 0 would be our own group */
  assert_int_equal(logger_tend(&k, LOGGER_TRIAL_NS + 1), LOGGER_RESTART_NS);
  logger_close_input(&k);
  logger_close_input(&k);
  assert_int_equal(logger_check(&k), LOGGER_DONE);
  close(k.pipe[0]);
}

static void room(void **state)
{
  int64_t again;
  (void)state;
  start("read a; kill -STOP $$; exec sleep 60", -1);
  assert_int_equal(logger_room(&k, 1, &again), 0);
  assert_int_equal(again, LOGGER_TRIAL_NS);
  assert_int_equal(logger_room(&k, LOGGER_TRIAL_NS - 1, &again), 0);
  assert_int_equal(logger_room(&k, LOGGER_TRIAL_NS, &again), LOGGER_PIECE_LEN);
  kill(k.pid, SIGSTOP);
  feed("a");
  assert_int_equal(logger_room(&k, LOGGER_TRIAL_NS + 1, &again), 0);
  assert_int_equal(again, LOGGER_TRIAL_NS + 1 + LOGGER_LOOK_MIN_NS);
  assert_int_equal(logger_room(&k, LOGGER_TRIAL_NS + 40000001, &again), 0);
  assert_int_equal(again, LOGGER_TRIAL_NS + 50000001);
  assert_int_equal(logger_room(&k, 9 * LOGGER_TRIAL_NS, &again), 0);
  assert_int_equal(again, 9 * LOGGER_TRIAL_NS + LOGGER_LOOK_MAX_NS);
  assert_int_equal(read(k.pipe[0], &(char){0}, 1), 1);
  assert_int_equal(logger_room(&k, 9 * LOGGER_TRIAL_NS, &again), LOGGER_PIECE_LEN);
  kill(k.pid, SIGKILL);
  assert_int_equal(after_its_end(), LOGGER_DIED);
  assert_int_equal(logger_room(&k, 9 * LOGGER_TRIAL_NS, &again), 0);
  assert_int_equal(again, LOGGER_RESTART_NS);
  close(k.pipe[0]);
  close(k.pipe[1]);
}

static void full_pipe(void **state)
{
  static char const page[4096];
  (void)state;
  start("kill -STOP $$; exec cat >/dev/null", -1);
  while (write(k.pipe[1], page, sizeof page) > 0)
    ;
  assert_int_equal(errno, EAGAIN);
  kill(k.pid, SIGKILL);
  assert_int_equal(after_its_end(), LOGGER_DIED);
  close(k.pipe[0]);
  close(k.pipe[1]);
}

int main(void)
{
  static rows_list list;
  sigset_t term;
  int failed;
  signal(SIGPIPE, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  sigprocmask(SIG_BLOCK, &term, 0);
  if (!mkdtemp(dir))
    abort();
  snprintf(out, sizeof out, "%s/out", dir);
  setenv("OUT", out, 1);
  rows_one(&list, "a program that does not exist is ENOENT at once", missing_program);
  rows_one(&list, "one that is none is EACCES", no_program);
  rows_one(&list, "a hidden descriptor that cannot be one is EBADF", impossible_descriptor);
  rows_one(&list, "the program reads all that was written, up to the end", reads_all);
  ROWS_ADD(&list, codes, check_code);
  rows_one(&list, "the hidden descriptor is hidden, and stays ours", hidden_descriptor);
  rows_one(&list, "standard error is not hidden", standard_error_is_not_hidden);
  rows_one(&list, "what is in the pipe when the program dies is read by the next one",
           pipe_outlives_the_program);
  rows_one(&list, "it is not over before the pipe is empty", bytes_left_at_the_end);
  rows_one(&list, "there is one program at a time", one_at_a_time);
  rows_one(&list, "a program that is gone meanwhile is tried again after the pause", gone_meanwhile);
  rows_one(&list, "a program that somebody else has waited for is gone", waited_for_by_others);
  rows_one(&list, "a rotation waits until the program has run for a while, and reaches nobody once it ended",
           rotated);
  rows_one(&list, "no room before it has run for a while, nor while the pipe holds something, nor without it",
           room);
  rows_one(&list, "a pipe that nobody reads does not make us wait", full_pipe);
  failed = rows_run(&list, "logger");
  rmdir(dir);
  return failed;
}
