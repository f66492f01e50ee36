#include "rows.h"

#include "chance.h"
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

#define SMALL ((size_t)32768) /* bytes of memory */

/* A queue and its reader. */
typedef struct {
  alert_queue o;
  int write, read;
} line;

static line l;

static void open_pair(int pair[2], size_t memory)
{
  l.read = pair[0];
  l.write = pair[1];
  alert_queue_open(&l.o, l.write, memory);
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
  alert_queue_close(&l.o);
  shut(&l.write);
  shut(&l.read);
}

/* Writes what is taken, long after the last time. */
static alert_queue_state flush(void)
{
  static int64_t mono;
  mono += 2 * SECOND;
  assert_int_equal(alert_queue_write(&l.o, mono), 1);
  return l.o.state;
}

static void put(int number)
{
  char s[32];
  int n = snprintf(s, sizeof s, "line %d\n", number);
  alert_queue_put(&l.o, (span){s, (size_t)n});
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
    assert_int_not_equal(flush(), ALERT_QUEUE_FAILS);
    expect_lines(i, i);
  }
  assert_int_equal(flush(), ALERT_QUEUE_EMPTY);
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
  assert_int_equal(flush(), ALERT_QUEUE_EMPTY);
  for (int i = 0; i < 10; i++) {
    put(i);
    if (i % 3 == 0)
      assert_int_equal(flush(), ALERT_QUEUE_EMPTY);
  }
  assert_int_equal(flush(), ALERT_QUEUE_EMPTY);
  expect_lines(0, 9);
  for (int i = 10; i < 100; i++)
    put(i);
  deliver(10, 99);
  assert_int_equal(alert_queue_gap(&l.o), 0);
  stop();
}

/* That the test ends shows that nothing blocks. */
static void never_blocks(void (*begin)(void))
{
  begin();
  fill(l.write);
  for (int i = 0; i < 50; i++) {
    put(i);
    assert_int_equal(flush(), ALERT_QUEUE_WAITS);
  }
  drain_zeros();
  deliver(0, 49);
  stop();
}

static void flag_is_never_set(void (*begin)(void))
{
  begin();
  put(1);
  flush();
  assert_int_equal(fcntl(l.write, F_GETFL) & O_NONBLOCK, 0);
  expect_lines(1, 1);
  fill(l.write);
  put(2);
  flush();
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
    assert_int_equal(flush(), ALERT_QUEUE_FAILS);
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
  open_pair(p, SMALL);
  fill(l.write);
  while (!l.o.lost) {
    put(queued++);
    if (queued == 1)
      assert_int_equal(flush(), ALERT_QUEUE_WAITS);
  }
  queued--;
  assert_true(queued > 3000 && queued < 4000);
  for (int i = 0; i < 999; i++) {
    put(-1);
    assert_int_equal(flush(), ALERT_QUEUE_WAITS);
    assert_int_equal(alert_queue_gap(&l.o), 0);
  }
  drain_zeros();
  deliver(0, queued - 1);
  put(-1);
  assert_int_equal(alert_queue_gap(&l.o), 1001);
  assert_int_equal(alert_queue_tell(&l.o, 10), ALERT_QUEUE_FITS);
  assert_int_equal(alert_queue_gap(&l.o), 0);
  assert_int_equal(l.o.lost, 1001);
  put(queued);
  deliver(queued, queued);
  stop();
}

/* Fills the memory with lines of 50 bytes and loses one. */
static void lose_one(void)
{
  char const *text = "0123456789012345678901234567890123456789012345678\n";
  int p[2];
  assert_int_equal(pipe(p), 0);
  open_pair(p, SMALL);
  fill(l.write);
  while (!l.o.lost)
    alert_queue_put(&l.o, span_of(text));
}

/* The gap is told only when there is much room: not with each line that the reader takes. */
static void gap_waits_for_room(void **state)
{
  (void)state;
  lose_one();
  while (!alert_queue_gap(&l.o))
    line_buffer_drop(&l.o.waiting);
  assert_int_equal(l.o.waiting.used, SMALL / 2 / 50 * 50);
  assert_int_equal(alert_queue_tell(&l.o, LINE_MOST), ALERT_QUEUE_FITS);
  stop();
}

/* What tells of the gap goes in whole: as soon as all of it fits, and never if it is too much for the memory.
 */
static void gap_with_much_to_tell(void **state)
{
  size_t much = SMALL - 3 * LINE_MOST;
  (void)state;
  lose_one();
  while (!alert_queue_gap(&l.o))
    line_buffer_drop(&l.o.waiting);
  assert_int_equal(alert_queue_tell(&l.o, much), ALERT_QUEUE_LATER);
  while (!alert_queue_gap(&l.o))
    line_buffer_drop(&l.o.waiting);
  assert_true(l.o.waiting.used <= LINE_MOST && l.o.waiting.used > LINE_MOST - 50);
  assert_int_equal(alert_queue_tell(&l.o, much), ALERT_QUEUE_FITS);
  for (size_t n = 0; n < much; n += 1000) {
    static char text[1000];
    alert_queue_put(&l.o, (span){text, n + 1000 < much ? 1000 : much - n});
  }
  assert_int_equal(l.o.lost, 1);
  stop();
  lose_one();
  while (!alert_queue_gap(&l.o))
    line_buffer_drop(&l.o.waiting);
  assert_int_equal(alert_queue_tell(&l.o, SMALL), ALERT_QUEUE_LATER);
  while (!alert_queue_gap(&l.o))
    line_buffer_drop(&l.o.waiting);
  assert_int_equal(l.o.waiting.used, 0);
  assert_int_equal(alert_queue_tell(&l.o, SMALL), ALERT_QUEUE_NEVER);
  assert_int_equal(alert_queue_gap(&l.o), 1);
  assert_int_equal(alert_queue_tell(&l.o, 30), ALERT_QUEUE_FITS);
  stop();
}

/* More at a time than waits in memory, as all that ends with one event. */
static void ready_loses_none(void **state)
{
  int p[2];
  (void)state;
  p[1] = memfd_create("alerts", 0);
  p[0] = dup(p[1]);
  open_pair(p, SMALL);
  for (int i = 0; i < 5000; i++)
    put(i);
  assert_int_equal(l.o.lost, 0);
  assert_int_equal(flush(), ALERT_QUEUE_EMPTY);
  assert_int_equal(lseek(l.read, 0, SEEK_SET), 0);
  expect_lines(0, 4999);
  stop();
}

static void longest_lines_whole(void **state)
{
  static char s[LINE_MOST], got[LINE_MOST];
  (void)state;
  open_pipe();
  for (int i = 0; i < 40; i++) {
    memset(s, 'a' + i % 26, sizeof s - 1);
    s[sizeof s - 1] = '\n';
    alert_queue_put(&l.o, (span){s, sizeof s});
  }
  for (int i = 0; i < 40; i++) {
    flush();
    assert_int_equal(waiting(l.read) % LINE_MOST, 0);
    assert_int_equal(read(l.read, got, sizeof got), sizeof got);
    assert_int_equal(got[0], 'a' + i % 26);
    assert_int_equal(got[sizeof got - 2], 'a' + i % 26);
    assert_int_equal(got[sizeof got - 1], '\n');
  }
  assert_int_equal(flush(), ALERT_QUEUE_EMPTY);
  stop();
}

static void reader_comes_back(void **state)
{
  char dir[] = "/tmp/queue.XXXXXX", path[40];
  int p[2];
  (void)state;
  assert_non_null(mkdtemp(dir));
  snprintf(path, sizeof path, "%s/fifo", dir);
  assert_int_equal(mkfifo(path, 0600), 0);
  p[0] = open(path, O_RDONLY | O_NONBLOCK);
  p[1] = open(path, O_WRONLY);
  open_pair(p, 1 << 20);
  put(1);
  assert_int_equal(flush(), ALERT_QUEUE_EMPTY);
  shut(&l.read);
  for (int i = 2; i < 5; i++) {
    put(i);
    assert_int_equal(flush(), ALERT_QUEUE_FAILS);
  }
  l.read = open(path, O_RDONLY | O_NONBLOCK);
  assert_int_equal(flush(), ALERT_QUEUE_EMPTY);
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
  assert_int_equal(flush(), ALERT_QUEUE_EMPTY);
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
  assert_int_equal(flush(), ALERT_QUEUE_FAILS);
  assert_int_equal(errno, ENOSPC);
  stop();
}

/* A file whose size is limited takes a part of a line; what is left of it comes when there is room, and no
 * more. */
static void part_of_a_line(void **state)
{
  int p[2] = {-1, memfd_create("alerts", 0)};
  struct rlimit usual, few;
  alert_queue_state limited;
  (void)state;
  open_pair(p, 1 << 20);
  for (int i = 0; i < 20; i++)
    put(i);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
  few = usual;
  few.rlim_cur = 73;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
  limited = flush();
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
  assert_int_equal(limited, ALERT_QUEUE_FAILS);
  assert_int_equal(lseek(l.write, 0, SEEK_CUR), 73);
  assert_int_equal(flush(), ALERT_QUEUE_EMPTY);
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
  assert_int_equal(flush(), ALERT_QUEUE_FAILS);
  stop();
}

/* A pipe is spliced to and a socket sent to: only that cannot block when somebody else writes there, too. */
static void kinds(void **state)
{
  int p[2], files[] = {memfd_create("alerts", 0), open("/dev/null", O_WRONLY), -1};
  (void)state;
  open_pipe();
  assert_int_equal(l.o.to.kind, NBWRITE_SPLICE);
  stop();
  open_socket();
  assert_int_equal(l.o.to.kind, NBWRITE_SOCKET);
  stop();
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    p[0] = -1;
    p[1] = files[i];
    open_pair(p, 1 << 20);
    assert_int_equal(l.o.to.kind, NBWRITE_PLAIN);
    stop();
  }
}

static void nothing_stays_open(void (*begin)(void))
{
  int before = descriptors();
  begin();
  put(1);
  flush();
  stop();
  assert_int_equal(descriptors(), before);
}

static void put_one(void)
{
  alert_queue_put(&l.o, span_of("line\n"));
}

static void expect_poll(int fd)
{
  struct pollfd p;
  alert_queue_poll(&l.o, &p);
  assert_int_equal(p.fd, fd);
  if (fd >= 0)
    assert_int_equal(p.events, POLLOUT);
}

static void poll_says(short what)
{
  alert_queue_polled(&l.o, &(struct pollfd){.revents = what});
}

static void nothing_to_do(void **state)
{
  (void)state;
  open_pipe();
  for (int i = 0; i < 2; i++) {
    expect_poll(-1);
    assert_true(alert_queue_deadline(&l.o) == INT64_MAX);
    put_one();
    assert_int_equal(flush(), ALERT_QUEUE_EMPTY);
  }
  stop();
}

static void full_is_polled(void **state)
{
  (void)state;
  open_pipe();
  fill(l.write);
  put_one();
  assert_int_equal(flush(), ALERT_QUEUE_WAITS);
  expect_poll(l.write);
  assert_true(alert_queue_deadline(&l.o) == INT64_MAX);
  stop();
}

static void not_taken_is_left_alone(void **state)
{
  (void)state;
  open_pipe();
  fill(l.write);
  put_one();
  poll_says(POLLOUT);
  assert_int_equal(alert_queue_write(&l.o, 7), 1);
  assert_int_equal(l.o.state, ALERT_QUEUE_WAITS);
  expect_poll(-1);
  assert_true(alert_queue_deadline(&l.o) == 7 + SECOND / 50);
  assert_int_equal(alert_queue_write(&l.o, 6 + SECOND / 50), 0);
  poll_says(0);
  assert_int_equal(alert_queue_write(&l.o, 7 + SECOND / 50), 1);
  expect_poll(l.write);
  stop();
}

static void failing_is_tried_again(void **state)
{
  (void)state;
  open_pipe();
  shut(&l.read);
  put_one();
  assert_int_equal(alert_queue_write(&l.o, 7), 1);
  assert_int_equal(l.o.state, ALERT_QUEUE_FAILS);
  expect_poll(-1);
  assert_true(alert_queue_deadline(&l.o) == 7 + SECOND);
  assert_int_equal(alert_queue_write(&l.o, 6 + SECOND), 0);
  assert_int_equal(alert_queue_write(&l.o, 7 + SECOND), 1);
  assert_true(alert_queue_deadline(&l.o) == 7 + 2 * SECOND);
  stop();
}

/* ---- the lines that wait */
static char const *line_of(uint64_t number, size_t *len)
{
  static char s[LINE_MOST];
  uint64_t dice = number;
  *len = 1 + chance_below(&dice, chance_below(&dice, 9) ? 200 : sizeof s);
  for (size_t i = 0; i + 1 < *len; i++)
    s[i] = (char)(chance(&dice) % 127 + 128);
  s[*len - 1] = '\n';
  return s;
}

static int put_number(line_buffer *b, uint64_t number)
{
  size_t len;
  char const *s = line_of(number, &len);
  char *copy = rows_exact(s, len);
  int done = line_buffer_put(b, (span){copy, len});
  free(copy);
  return done;
}

static void expect_number(line_buffer *b, uint64_t number)
{
  size_t len;
  char const *s = line_of(number, &len);
  span first = line_buffer_first(b);
  assert_int_equal(first.len, len);
  assert_memory_equal(first.s, s, len);
  line_buffer_drop(b);
}

/* The sizes make it grow while its lines go round, and fall back. */
static void in_order(void **state)
{
  uint64_t dice = 1, in = 0, out = 0;
  line_buffer b;
  (void)state;
  line_buffer_open(&b, 1 << 20);
  assert_int_equal(line_buffer_first(&b).len, 0);
  while (in < 20000) {
    if (in - out < 100 + in / 20 && chance_below(&dice, 1000) < 510)
      assert_int_equal(put_number(&b, in++), 1);
    else if (out < in)
      expect_number(&b, out++);
    else
      assert_int_equal(line_buffer_first(&b).len, 0);
  }
  while (out < in)
    expect_number(&b, out++);
  assert_int_equal(b.used, 0);
  line_buffer_close(&b);
}

static void full_buffer(void **state)
{
  uint64_t in = 0;
  size_t used;
  line_buffer b;
  (void)state;
  line_buffer_open(&b, SMALL + 100);
  do {
    used = b.used;
    errno = 0;
  } while (put_number(&b, in++));
  assert_int_equal(errno, ENOMEM);
  assert_int_equal(b.used, used);
  assert_true(b.size <= SMALL + 100 && used > SMALL - LINE_MOST);
  in--;
  for (uint64_t out = 0; out < in; out++)
    expect_number(&b, out);
  assert_int_equal(b.used, 0);
  assert_int_equal(put_number(&b, 5), 1);
  expect_number(&b, 5);
  line_buffer_close(&b);
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
    {"pipe: nothing stays open after it", open_pipe, nothing_stays_open},
    {"socket: nothing stays open after it", open_socket, nothing_stays_open},
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
  rows_moved(&list, "what the descriptor is decides how it is written to", kinds);
  rows_one(&list, "lines without room are lost and counted exactly, up to the telling of it", lost_is_exact);
  rows_one(&list, "a reader that takes all at once loses none of a burst beyond the memory",
           ready_loses_none);
  rows_one(&list, "a gap is told when half of the memory is free", gap_waits_for_room);
  rows_one(&list, "what tells of a gap goes in whole, or not", gap_with_much_to_tell);
  rows_one(&list, "when all is written there is nothing to wait for", nothing_to_do);
  rows_moved(&list, "a pipe that is full is polled", full_is_polled);
  rows_moved(&list, "one that poll wrongly calls writable is left alone for 20 ms", not_taken_is_left_alone);
  rows_one(&list, "one without a reader is tried again each second", failing_is_tried_again);
  rows_one(&list, "20,000 lines that wait come out as they went in", in_order);
  rows_one(&list, "a full memory refuses, keeps what it has, and takes again", full_buffer);
  rows_one(&list, "the longest lines go out whole or not at all", longest_lines_whole);
  rows_one(&list, "a reader that comes back gets what waited", reader_comes_back);
  rows_one(&list, "a file gets the lines", file);
  rows_one(&list, "a full disk is told", full_disk);
  rows_one(&list, "a file that takes a part of a line gets the rest later, once", part_of_a_line);
  rows_one(&list, "a descriptor that is not open is told, and not waited for", not_open);
  return rows_run(&list, "alert_queue");
}
