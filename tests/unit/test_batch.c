#include "rows.h"

#include "descriptors.h"
#include "pipe/batch.h"
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define MS INT64_C(1000000)

/* Into a batch and out of it. */
static struct {
  batch b;
  int feed, in, out, drain;
} l;

static void open_between(int in[2])
{
  int out[2];
  assert_int_equal(pipe(out), 0);
  l.feed = in[1];
  l.in = in[0];
  l.out = out[1];
  l.drain = out[0];
  assert_int_equal(batch_open(&l.b, l.in, l.out, 0), 1);
}

static void open_pipes(void)
{
  int in[2];
  assert_int_equal(pipe(in), 0);
  open_between(in);
}

static void open_socket(void)
{
  int in[2];
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, in), 0);
  open_between(in);
}

static void stop(void)
{
  batch_close(&l.b);
  shut(&l.feed);
  shut(&l.in);
  shut(&l.out);
  shut(&l.drain);
}

static void feed(size_t len)
{
  static char s[65536];
  assert_int_equal(write(l.feed, s, len), len);
}

/* Asks poll for what the batch asks for, and then moves at that time. How many bytes have come through? */
static size_t moved_at(int64_t mono)
{
  static char got[65536];
  struct pollfd fd[2];
  span seen;
  batch_poll(&l.b, fd);
  assert_true(poll(fd, 2, 0) >= 0);
  batch_polled(&l.b, fd);
  batch_move(&l.b, mono, 0, &seen);
  return waiting(l.drain) ? (size_t)read(l.drain, got, sizeof got) : 0;
}

static void little_waits(void **state)
{
  (void)state;
  open_pipes();
  feed(1);
  assert_int_equal(moved_at(100 * MS), 0);
  assert_int_equal(batch_deadline(&l.b), 120 * MS);
  feed(499);
  assert_int_equal(moved_at(120 * MS - 1), 0);
  assert_int_equal(batch_deadline(&l.b), 120 * MS);
  assert_int_equal(moved_at(120 * MS), 500);
  assert_int_equal(batch_deadline(&l.b), INT64_MAX);
  stop();
}

static void much_does_not(void **state)
{
  (void)state;
  open_pipes();
  feed(BATCH_LEN);
  assert_int_equal(moved_at(100 * MS), BATCH_LEN);
  assert_int_equal(batch_deadline(&l.b), INT64_MAX);
  stop();
}

/* Half of what it holds is enough, so that its writer is not stopped. */
static void small_pipe(void **state)
{
  int in[2];
  (void)state;
  assert_int_equal(pipe(in), 0);
  assert_int_equal(fcntl(in[0], F_SETPIPE_SZ, 4096), 4096);
  open_between(in);
  feed(2047);
  assert_int_equal(moved_at(100 * MS), 0);
  feed(1);
  assert_int_equal(moved_at(120 * MS), 2048);
  feed(2048);
  assert_int_equal(moved_at(200 * MS), 2048);
  stop();
}

static void a_socket_does_not(void **state)
{
  (void)state;
  open_socket();
  feed(1);
  assert_int_equal(moved_at(100 * MS), 1);
  assert_int_equal(batch_deadline(&l.b), INT64_MAX);
  stop();
}

static void the_end_ends_it(void **state)
{
  (void)state;
  open_pipes();
  feed(7);
  assert_int_equal(moved_at(100 * MS), 0);
  shut(&l.feed);
  assert_int_equal(moved_at(101 * MS), 7);
  assert_int_equal(l.b.answer, PASS_WANT_INPUT);
  assert_int_equal(moved_at(101 * MS), 0);
  assert_int_equal(l.b.answer, PASS_END);
  stop();
}

static void a_signal_ends_it(void **state)
{
  span seen;
  (void)state;
  open_pipes();
  feed(7);
  assert_int_equal(moved_at(100 * MS), 0);
  l.b.urgent = 1;
  assert_int_equal(batch_move(&l.b, 101 * MS, 0, &seen), 1);
  assert_int_equal(seen.len, 7);
  assert_int_equal(waiting(l.drain), 7);
  stop();
}

/* 32 KiB came in 20 ms, so the next 16 are there in 10. */
static void pace(void **state)
{
  (void)state;
  open_pipes();
  feed(100);
  assert_int_equal(moved_at(100 * MS), 0);
  feed(2 * BATCH_LEN - 100);
  assert_int_equal(moved_at(120 * MS), 2 * BATCH_LEN);
  feed(100);
  assert_int_equal(moved_at(200 * MS), 0);
  assert_int_equal(batch_deadline(&l.b), 210 * MS);
  assert_int_equal(moved_at(210 * MS), 0);
  assert_int_equal(batch_deadline(&l.b), 220 * MS);
  assert_int_equal(moved_at(220 * MS), 100);
  stop();
}

/* Input that comes again at once needs no wake-up of its own, and still waits for 20 ms at most. */
static void dense(void **state)
{
  (void)state;
  open_pipes();
  feed(100);
  assert_int_equal(moved_at(100 * MS), 0);
  assert_int_equal(moved_at(120 * MS), 100);
  assert_int_equal(batch_deadline(&l.b), INT64_MAX);
  feed(10);
  assert_int_equal(moved_at(120 * MS + 1), 0);
  assert_int_equal(moved_at(140 * MS + 1), 10);
  assert_int_equal(batch_deadline(&l.b), 160 * MS + 1);
  feed(20);
  assert_int_equal(moved_at(160 * MS + 1), 20);
  assert_int_equal(batch_deadline(&l.b), 180 * MS + 1);
  assert_int_equal(moved_at(180 * MS + 1), 0);
  assert_int_equal(batch_deadline(&l.b), INT64_MAX);
  stop();
}

/* It was stopped meanwhile, or the output full. A byte in a week is a slow pace, and no number too large. */
static void week(void **state)
{
  int64_t later = 7 * 86400 * (1000 * MS);
  (void)state;
  open_pipes();
  feed(1);
  assert_int_equal(moved_at(100 * MS), 0);
  assert_int_equal(moved_at(later), 1);
  feed(1);
  assert_int_equal(moved_at(later + 100 * MS), 0);
  assert_int_equal(batch_deadline(&l.b), later + 120 * MS);
  stop();
}

int main(void)
{
  static rows_list list;
  signal(SIGPIPE, SIG_IGN);
  rows_one(&list, "little input waits for 20 ms", little_waits);
  rows_one(&list, "16 KiB do not wait", much_does_not);
  rows_one(&list, "nor does half of what a small pipe holds", small_pipe);
  rows_one(&list, "nor does what comes by a socket", a_socket_does_not);
  rows_one(&list, "the end of input ends a wait", the_end_ends_it);
  rows_one(&list, "a signal ends a wait", a_signal_ends_it);
  rows_one(&list, "it is looked at when 16 KiB would have come, at the pace of last time", pace);
  rows_one(&list, "where input comes again at once, waits follow each other", dense);
  rows_one(&list, "a wait that took a week", week);
  return rows_run(&list, "batch");
}
