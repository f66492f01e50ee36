#include "rows.h"

#include "descriptors.h"
#include "pipe/alert_queue.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* An outlet and the reader behind it. */
typedef struct {
  outlet o;
  int write, read;
} line;

static line l;

static void open_pair(int pair[2], size_t memory)
{
  l.read = pair[0];
  l.write = pair[1];
  outlet_open(&l.o, l.write, memory);
}

static void open_pipe(void)
{
  int p[2];
  assert_int_equal(pipe(p), 0);
  open_pair(p, 1 << 20);
}

static void open_socket(void)
{
  int p[2];
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, p), 0);
  open_pair(p, 1 << 20);
}

static void stop(void)
{
  outlet_close(&l.o);
  shut(&l.write);
  shut(&l.read);
}

static void put(int number)
{
  char s[32];
  int n = snprintf(s, sizeof s, "line %d\n", number);
  outlet_put(&l.o, (span){s, (size_t)n});
}

/* Lines from from to to, exactly, are what the reader gets. */
static void expect_lines(int from, int to)
{
  char got, want[32];
  for (int i = from; i <= to; i++) {
    int n = snprintf(want, sizeof want, "line %d\n", i);
    for (int k = 0; k < n; k++) {
      assert_int_equal(read(l.read, &got, 1), 1);
      assert_int_equal(got, want[k]);
    }
  }
}

static void drain_zeros(void)
{
  char page[4096];
  while (waiting(l.read)) {
    ssize_t n = recv(l.read, page, sizeof page, MSG_PEEK | MSG_DONTWAIT);
    ssize_t zeros = 0;
    if (n < 0) { /* a pipe */
      assert_int_equal(read(l.read, page, 1), 1);
      assert_int_equal(page[0], 0);
      if (waiting(l.read) % 4096 == 0 && waiting(l.read))
        assert_true(read(l.read, page, sizeof page) > 0);
      continue;
    }
    while (zeros < n && !page[zeros])
      zeros++;
    if (!zeros)
      return;
    assert_int_equal(read(l.read, page, (size_t)zeros), zeros);
  }
}

/* A pipe takes 16 lines at a time, so the reader has to read before the last can follow. */
static void deliver(int from, int to)
{
  for (int i = from; i <= to; i++) {
    assert_int_not_equal(outlet_flush(&l.o), OUTLET_BROKEN);
    expect_lines(i, i);
  }
  assert_int_equal(outlet_flush(&l.o), OUTLET_IDLE);
  assert_int_equal(waiting(l.read), 0);
}

/* A claim that holds for both kinds. */
typedef struct {
  char const *name;
  void (*open)(void);
  void (*check)(void (*begin)(void));
} way;

static void delivers(void (*begin)(void))
{
  begin();
  assert_int_equal(outlet_flush(&l.o), OUTLET_IDLE);
  for (int i = 0; i < 10; i++) {
    put(i);
    if (i % 3 == 0)
      assert_int_equal(outlet_flush(&l.o), OUTLET_IDLE);
  }
  assert_int_equal(outlet_flush(&l.o), OUTLET_IDLE);
  expect_lines(0, 9);
  for (int i = 10; i < 100; i++)
    put(i);
  deliver(10, 99);
  assert_int_equal(outlet_gap(&l.o), 0);
  stop();
}

/* That the test ends shows that nothing blocks. */
static void never_blocks(void (*begin)(void))
{
  begin();
  fill(l.write);
  for (int i = 0; i < 50; i++) {
    put(i);
    assert_int_equal(outlet_flush(&l.o), OUTLET_FULL);
  }
  drain_zeros();
  deliver(0, 49);
  stop();
}

static void flag_is_never_set(void (*begin)(void))
{
  begin();
  put(1);
  outlet_flush(&l.o);
  assert_int_equal(fcntl(l.write, F_GETFL) & O_NONBLOCK, 0);
  expect_lines(1, 1);
  fill(l.write);
  put(2);
  outlet_flush(&l.o);
  assert_int_equal(fcntl(l.write, F_GETFL) & O_NONBLOCK, 0);
  stop();
}

static void reader_gone(void (*begin)(void))
{
  begin();
  put(1);
  shut(&l.read);
  for (int i = 0; i < 3; i++) {
    errno = 0;
    assert_int_equal(outlet_flush(&l.o), OUTLET_BROKEN);
    assert_int_equal(errno, EPIPE);
  }
  stop();
}

/* A small memory: what fits is queued, and of the rest each line is counted. */
static void lost_is_exact(void **state)
{
  int p[2], queued = 0;
  (void)state;
  assert_int_equal(pipe(p), 0);
  open_pair(p, POOL_CHUNK);
  fill(l.write);
  while (!l.o.lost) {
    put(queued++);
    if (queued == 1)
      assert_int_equal(outlet_flush(&l.o), OUTLET_FULL);
  }
  queued--;
  assert_true(queued > 400 && queued < 1024);
  for (int i = 0; i < 999; i++) {
    put(-1);
    assert_int_equal(outlet_flush(&l.o), OUTLET_FULL);
    assert_int_equal(outlet_gap(&l.o), 0);
  }
  drain_zeros();
  deliver(0, queued - 1);
  put(-1);
  assert_int_equal(outlet_gap(&l.o), 1001);
  assert_int_equal(outlet_gap(&l.o), 0);
  assert_int_equal(l.o.lost, 1001);
  put(queued);
  deliver(queued, queued);
  stop();
}

/* The gap is told only when there is much room: not with each line that the reader takes. */
static void gap_waits_for_room(void **state)
{
  char const *long_line = "0123456789012345678901234567890123456789012345678\n";
  int p[2], queued = 0;
  uint64_t lost = 0;
  (void)state;
  assert_int_equal(pipe(p), 0);
  open_pair(p, POOL_CHUNK);
  fill(l.write);
  while (!l.o.lost) {
    outlet_put(&l.o, span_of(long_line));
    queued++;
  }
  queued -= 2; /* the last was lost, the first is under way */
  for (char s[OUTLET_LINE]; !lost; lost = outlet_gap(&l.o)) {
    assert_true(backlog_take(&l.o.waiting, s) > 0);
    queued--;
  }
  assert_int_equal(lost, 1);
  assert_int_equal(queued, 256);
  stop();
}

/* More at a time than waits in memory, as all that ends with one event. */
static void ready_loses_none(void **state)
{
  int p[2];
  (void)state;
  p[1] = memfd_create("alerts", 0);
  p[0] = dup(p[1]);
  open_pair(p, POOL_CHUNK);
  for (int i = 0; i < 5000; i++)
    put(i);
  assert_int_equal(l.o.lost, 0);
  assert_int_equal(outlet_flush(&l.o), OUTLET_IDLE);
  assert_int_equal(lseek(l.read, 0, SEEK_SET), 0);
  expect_lines(0, 4999);
  stop();
}

static void longest_lines_whole(void **state)
{
  static char s[OUTLET_LINE], got[OUTLET_LINE];
  (void)state;
  open_pipe();
  for (int i = 0; i < 40; i++) {
    memset(s, 'a' + i % 26, sizeof s - 1);
    s[sizeof s - 1] = '\n';
    outlet_put(&l.o, (span){s, sizeof s});
  }
  for (int i = 0; i < 40; i++) {
    outlet_flush(&l.o);
    assert_int_equal(waiting(l.read) % OUTLET_LINE, 0);
    assert_int_equal(read(l.read, got, sizeof got), sizeof got);
    assert_int_equal(got[0], 'a' + i % 26);
    assert_int_equal(got[sizeof got - 2], 'a' + i % 26);
    assert_int_equal(got[sizeof got - 1], '\n');
  }
  assert_int_equal(outlet_flush(&l.o), OUTLET_IDLE);
  stop();
}

static void reader_comes_back(void **state)
{
  char dir[] = "/tmp/outlet.XXXXXX", path[40];
  int p[2];
  (void)state;
  assert_non_null(mkdtemp(dir));
  snprintf(path, sizeof path, "%s/fifo", dir);
  assert_int_equal(mkfifo(path, 0600), 0);
  p[0] = open(path, O_RDONLY | O_NONBLOCK);
  p[1] = open(path, O_WRONLY);
  open_pair(p, 1 << 20);
  put(1);
  assert_int_equal(outlet_flush(&l.o), OUTLET_IDLE);
  shut(&l.read);
  for (int i = 2; i < 5; i++) {
    put(i);
    assert_int_equal(outlet_flush(&l.o), OUTLET_BROKEN);
  }
  l.read = open(path, O_RDONLY | O_NONBLOCK);
  assert_int_equal(outlet_flush(&l.o), OUTLET_IDLE);
  expect_lines(1, 4); /* the first one was still in the FIFO */
  stop();
  unlink(path);
  rmdir(dir);
}

static void file(void **state)
{
  int p[2] = {-1, memfd_create("alerts", 0)};
  (void)state;
  open_pair(p, 1 << 20);
  for (int i = 0; i < 10; i++)
    put(i);
  assert_int_equal(outlet_flush(&l.o), OUTLET_IDLE);
  l.read = dup(l.write);
  lseek(l.read, 0, SEEK_SET);
  expect_lines(0, 9);
  stop();
}

static void full_disk(void **state)
{
  int p[2] = {-1, open("/dev/full", O_WRONLY)};
  (void)state;
  open_pair(p, 1 << 20);
  put(1);
  errno = 0;
  assert_int_equal(outlet_flush(&l.o), OUTLET_BROKEN);
  assert_int_equal(errno, ENOSPC);
  stop();
}

/* A file whose size is limited takes a part of a line; what is left of it comes when there is room, and no
 * more. */
static void part_of_a_line(void **state)
{
  int p[2] = {-1, memfd_create("alerts", 0)};
  struct rlimit usual, few;
  outlet_state limited;
  (void)state;
  open_pair(p, 1 << 20);
  for (int i = 0; i < 20; i++)
    put(i);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
  few = usual;
  few.rlim_cur = 73;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
  limited = outlet_flush(&l.o);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
  assert_int_equal(limited, OUTLET_BROKEN);
  assert_int_equal(lseek(l.write, 0, SEEK_CUR), 73);
  assert_int_equal(outlet_flush(&l.o), OUTLET_IDLE);
  l.read = dup(l.write);
  lseek(l.read, 0, SEEK_SET);
  expect_lines(0, 19);
  assert_int_equal(read(l.read, &(char){0}, 1), 0);
  stop();
}

static void not_open(void **state)
{
  int p[2] = {-1, 250};
  (void)state;
  open_pair(p, 1 << 20);
  put(1);
  assert_int_equal(outlet_flush(&l.o), OUTLET_BROKEN);
  stop();
}

/* A pipe is spliced to and a socket sent to: only that cannot block when somebody else writes there, too. */
static void kinds(void **state)
{
  int p[2], files[] = {memfd_create("alerts", 0), open("/dev/null", O_WRONLY), -1};
  (void)state;
  open_pipe();
  assert_int_equal(l.o.to.kind, SINK_PIPE);
  stop();
  open_socket();
  assert_int_equal(l.o.to.kind, SINK_SOCKET);
  stop();
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    p[0] = -1;
    p[1] = files[i];
    open_pair(p, 1 << 20);
    assert_int_equal(l.o.to.kind, SINK_FILE);
    stop();
  }
}

static void nothing_stays_open(void (*begin)(void))
{
  int before = descriptors();
  begin();
  put(1);
  outlet_flush(&l.o);
  stop();
  assert_int_equal(descriptors(), before);
}

static way const ways[] = {
    {"pipe: lines arrive in their order", open_pipe, delivers},
    {"socket: lines arrive in their order", open_socket, delivers},
    {"pipe: a full one does not block, and gets its lines later", open_pipe, never_blocks},
    {"socket: a full one does not block, and gets its lines later", open_socket, never_blocks},
    {"pipe: O_NONBLOCK is never set", open_pipe, flag_is_never_set},
    {"socket: O_NONBLOCK is never set", open_socket, flag_is_never_set},
    {"pipe: a reader that is gone is told, each time", open_pipe, reader_gone},
    {"socket: a reader that is gone is told, each time", open_socket, reader_gone},
    {"pipe: nothing stays open behind it", open_pipe, nothing_stays_open},
    {"socket: nothing stays open behind it", open_socket, nothing_stays_open},
};

static void check(void **state)
{
  way const *r = ROWS_ROW(way, state);
  r->check(r->open);
}

int main(void)
{
  static rows_list list;
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  ROWS_ADD(&list, ways, check);
  rows_one(&list, "what the descriptor is decides how it is written to", kinds);
  rows_one(&list, "lines without room are lost and counted exactly, up to the telling of it", lost_is_exact);
  rows_one(&list, "a reader that takes all at once loses none of a burst beyond the memory",
           ready_loses_none);
  rows_one(&list, "a gap is told when half of the memory is free", gap_waits_for_room);
  rows_one(&list, "the longest lines go out whole or not at all", longest_lines_whole);
  rows_one(&list, "a reader that comes back gets what waited", reader_comes_back);
  rows_one(&list, "a file gets the lines", file);
  rows_one(&list, "a full disk is told", full_disk);
  rows_one(&list, "a file that takes a part of a line gets the rest later, once", part_of_a_line);
  rows_one(&list, "a descriptor that is not open is told, and not waited for", not_open);
  return rows_run(&list, "outlet");
}
