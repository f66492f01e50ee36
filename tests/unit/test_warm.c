#include "rows.h"

#include "pipe/warm.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

static int by_flock(int fd)
{
  return flock(fd, LOCK_EX | LOCK_NB);
}

static int by_fcntl(int fd)
{
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  return fcntl(fd, F_SETLK, &whole);
}

static int not_at_all(int fd)
{
  (void)fd;
  return 0;
}

typedef struct {
  char const *name;
  int (*take)(int fd);
  int held;
} row;

static row const rows[] = {
    {"a lock by flock, as multilog's and svlogd's, is seen", by_flock, 1},
    {"a lock by fcntl, as s6-log's, is seen", by_fcntl, 1},
    {"without a lock none is seen", not_at_all, 0},
};

static char path[] = "/tmp/test_lock.XXXXXX";

/* Another process that has the file open and locked until its pipe is closed. */
static pid_t holder(int (*take)(int fd), int *release)
{
  int up[2], down[2];
  char ok;
  pid_t pid;
  assert_int_equal(pipe(up) | pipe(down), 0);
  pid = fork();
  if (!pid) {
    int fd = open(path, O_RDWR);
    close(down[1]);
    ok = fd >= 0 && take(fd) == 0;
    _exit(write(up[1], &ok, 1) == 1 && read(down[0], &ok, 1) == 0 ? 0 : 1);
  }
  close(up[1]);
  close(down[0]);
  assert_int_equal(read(up[0], &ok, 1), 1);
  assert_int_equal(ok, 1);
  close(up[0]);
  *release = down[1];
  return pid;
}

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  int fd = open(path, O_RDWR), release, status;
  pid_t pid = holder(r->take, &release);
  assert_int_equal(warm_lock_is_held(fd), r->held);
  close(release);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
  assert_int_equal(warm_lock_is_held(fd), 0);
  close(fd);
}

/* Whoever looks must not have the lock afterwards: another process takes it. */
static void looking_takes_nothing(void **state)
{
  int (*const take[])(int fd) = {by_flock, by_fcntl};
  (void)state;
  for (size_t i = 0; i < 2; i++) {
    int fd = open(path, O_RDWR), release, status;
    pid_t pid;
    assert_int_equal(warm_lock_is_held(fd), 0);
    pid = holder(take[i], &release);
    assert_int_equal(warm_lock_is_held(fd), 1);
    close(release);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    close(fd);
  }
}

static void of_another_file(void **state)
{
  char other[] = "/tmp/test_lock.XXXXXX";
  int fd = mkstemp(other), release, status;
  pid_t pid = holder(by_flock, &release);
  (void)state;
  assert_int_equal(warm_lock_is_held(fd), 0);
  close(release);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  close(fd);
  unlink(other);
}

int main(void)
{
  static rows_list list;
  int fd = mkstemp(path), failed;
  close(fd);
  ROWS_ADD(&list, rows, check);
  rows_one(&list, "looking does not take the lock", looking_takes_nothing);
  rows_one(&list, "a lock of another file is not seen", of_another_file);
  failed = rows_run(&list, "lock");
  unlink(path);
  return failed;
}
