#include "rows.h"

#include "base/span.h"
#include "descriptors.h"
#include "pipe/alert_queue.h"
#include <signal.h>
#include <unistd.h>

/* Alerts on their way into a pipe. Times are small numbers. */
static struct {
  outlet o;
  alerts a;
  int read, write;
} w;

static void open_pipe(void)
{
  int p[2];
  assert_int_equal(pipe(p), 0);
  w.read = p[0];
  w.write = p[1];
  outlet_open(&w.o, w.write, 1 << 20);
  alerts_start(&w.a, &w.o);
}

static void stop(void)
{
  outlet_close(&w.o);
  shut(&w.write);
  shut(&w.read);
}

static void put(void)
{
  outlet_put(&w.o, (span){"line\n", 5});
}

static void expect_poll(int fd)
{
  struct pollfd p;
  alerts_poll(&w.a, &p);
  assert_int_equal(p.fd, fd);
  if (fd >= 0)
    assert_int_equal(p.events, POLLOUT);
}

static void poll_says(short what)
{
  alerts_polled(&w.a, &(struct pollfd){.revents = what});
}

static void nothing_to_do(void **state)
{
  (void)state;
  open_pipe();
  for (int i = 0; i < 2; i++) {
    expect_poll(-1);
    assert_true(alerts_deadline(&w.a) == INT64_MAX);
    put();
    assert_int_equal(alerts_move(&w.a, 7), 1);
    assert_int_equal(w.a.state, OUTLET_IDLE);
  }
  stop();
}

static void full_is_polled(void **state)
{
  (void)state;
  open_pipe();
  fill(w.write);
  put();
  assert_int_equal(alerts_move(&w.a, 7), 1);
  assert_int_equal(w.a.state, OUTLET_FULL);
  expect_poll(w.write);
  assert_true(alerts_deadline(&w.a) == INT64_MAX);
  stop();
}

static void reluctant_is_left_alone(void **state)
{
  (void)state;
  open_pipe();
  fill(w.write);
  put();
  poll_says(POLLOUT);
  assert_int_equal(alerts_move(&w.a, 7), 1);
  assert_int_equal(w.a.state, OUTLET_FULL);
  expect_poll(-1);
  assert_true(alerts_deadline(&w.a) == 7 + SECOND / 50);
  assert_int_equal(alerts_move(&w.a, 6 + SECOND / 50), 0);
  poll_says(0);
  assert_int_equal(alerts_move(&w.a, 7 + SECOND / 50), 1);
  expect_poll(w.write);
  stop();
}

static void broken_is_tried_again(void **state)
{
  (void)state;
  open_pipe();
  shut(&w.read);
  put();
  assert_int_equal(alerts_move(&w.a, 7), 1);
  assert_int_equal(w.a.state, OUTLET_BROKEN);
  expect_poll(-1);
  assert_true(alerts_deadline(&w.a) == 7 + SECOND);
  assert_int_equal(alerts_move(&w.a, 6 + SECOND), 0);
  assert_int_equal(alerts_move(&w.a, 7 + SECOND), 1);
  assert_true(alerts_deadline(&w.a) == 7 + 2 * SECOND);
  stop();
}

int main(void)
{
  static rows_list list;
  signal(SIGPIPE, SIG_IGN);
  rows_one(&list, "when all is written there is nothing to wait for", nothing_to_do);
  rows_one(&list, "a pipe that is full is polled", full_is_polled);
  rows_one(&list, "one that poll wrongly calls writable is left alone for 20 ms", reluctant_is_left_alone);
  rows_one(&list, "one without a reader is tried again each second", broken_is_tried_again);
  return rows_run(&list, "alerts");
}
