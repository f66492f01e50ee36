#include "rows.h"

#include "descriptors.h"
#include "chance.h"
#include "pipe/pass.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* Both ends of what is before and after a pass; -1: closed. */
typedef struct {
  int feed, in, out, drain;
  pass p;
} line;

static line l;

static void open_pipes(void)
{
  int a[2], b[2];
  assert_int_equal(pipe(a), 0);
  assert_int_equal(pipe(b), 0);
  l = (line){.feed = a[1], .in = a[0], .out = b[1], .drain = b[0]};
  assert_int_equal(pass_open(&l.p, l.in, l.out, 0), 1);
}

/* Between a pipe and a file, where nothing can be moved unseen. */
static void open_to_file(void)
{
  char path[32];
  int a[2];
  assert_int_equal(pipe(a), 0);
  l = (line){.feed = a[1], .in = a[0], .out = memfd_create("out", 0)};
  snprintf(path, sizeof path, "/proc/self/fd/%d", l.out);
  l.drain = open(path, O_RDONLY); /* the same file, at a place of its own */
  assert_true(l.out >= 0 && l.drain >= 0);
  assert_int_equal(pass_open(&l.p, l.in, l.out, 0), 1);
}

static void stop(void)
{
  pass_close(&l.p);
  shut(&l.feed);
  shut(&l.in);
  shut(&l.out);
  shut(&l.drain);
}

static void feed(char const *s)
{
  assert_int_equal(write(l.feed, s, strlen(s)), strlen(s));
}

static pass_answer step(span *seen)
{
  struct pollfd in = {.fd = l.in, .events = POLLIN};
  return pass_step(&l.p, PASS_ALL, poll(&in, 1, 0) == 1, seen);
}

/* Steps until there is nothing to do; what was seen in the steps must be this. */
static pass_answer steps(char const *seen)
{
  pass_answer answer;
  char all[4096];
  size_t len = 0;
  do {
    span s;
    answer = step(&s);
    memcpy(all + len, s.s, s.len);
    len += s.len;
  } while (answer == PASS_MOVED || (answer == PASS_WANT_INPUT && (l.feed < 0 || waiting(l.in))));
  assert_int_equal(len, strlen(seen));
  assert_memory_equal(all, seen, len);
  return answer;
}

static void expect_out(char const *s)
{
  char got[4096];
  ssize_t n = *s || l.out < 0 || !l.p.by_splice ? read(l.drain, got, sizeof got) : waiting(l.drain);
  assert_int_equal(n, strlen(s));
  assert_memory_equal(got, s, strlen(s));
}

/* A claim that holds for both kinds. */
typedef struct {
  char const *name;
  void (*open)(void);
  void (*check)(void (*begin)(void));
} way;

static void at_once(void (*begin)(void))
{
  begin();
  assert_int_equal(steps(""), PASS_WANT_INPUT);
  feed("new m");
  assert_int_equal(steps("new m"), PASS_WANT_INPUT);
  expect_out("new m");
  feed("sg 7\nen");
  assert_int_equal(steps("sg 7\nen"), PASS_WANT_INPUT);
  expect_out("sg 7\nen");
  stop();
}

static void ends(void (*begin)(void))
{
  begin();
  feed("no newline");
  shut(&l.feed);
  assert_int_equal(steps("no newline"), PASS_END);
  assert_int_equal(steps(""), PASS_END);
  expect_out("no newline");
  stop();
}

static void stop_after_the_line(void (*begin)(void))
{
  span seen;
  begin();
  feed("one\ntw");
  assert_int_equal(steps("one\ntw"), PASS_WANT_INPUT);
  pass_stop(&l.p);
  assert_int_equal(steps(""), PASS_WANT_INPUT);
  feed("o\nthree\n");
  assert_int_equal(steps("o\n"), PASS_END);
  expect_out("one\ntwo\n");
  assert_int_equal(waiting(l.in), 6);
  assert_int_equal(step(&seen), PASS_END);
  assert_int_equal(waiting(l.in), 6);
  stop();
}

/* However many bytes the line has left. */
static void stop_to_the_byte(void (*begin)(void))
{
  for (int left = 1; left < 5; left++) {
    char rest[] = "....\n";
    begin();
    feed("one");
    steps("one");
    pass_stop(&l.p);
    feed(&rest[5 - left]);
    feed("next\n");
    assert_int_equal(steps(&rest[5 - left]), PASS_END);
    assert_int_equal(waiting(l.in), 5);
    stop();
  }
}

static void stop_between_lines(void (*begin)(void))
{
  span seen;
  begin();
  feed("one\n");
  steps("one\n");
  feed("two\n");
  pass_stop(&l.p);
  assert_int_equal(step(&seen), PASS_END);
  assert_int_equal(seen.len, 0);
  assert_int_equal(waiting(l.in), 4);
  stop();
}

static void stop_at_the_start(void (*begin)(void))
{
  span seen;
  begin();
  feed("one\n");
  pass_stop(&l.p);
  assert_int_equal(step(&seen), PASS_END);
  assert_int_equal(waiting(l.in), 4);
  stop();
}

static void stop_and_end_of_input(void (*begin)(void))
{
  begin();
  feed("half");
  steps("half");
  pass_stop(&l.p);
  shut(&l.feed);
  assert_int_equal(steps(""), PASS_END);
  expect_out("half");
  stop();
}

static void descriptors_stay_blocking(void (*begin)(void))
{
  begin();
  feed("one\n");
  steps("one\n");
  assert_int_equal(fcntl(l.in, F_GETFL) & O_NONBLOCK, 0);
  assert_int_equal(fcntl(l.out, F_GETFL) & O_NONBLOCK, 0);
  stop();
}

static void nothing_stays_open(void (*begin)(void))
{
  int before = descriptors();
  begin();
  feed("one\n");
  steps("one\n");
  stop();
  assert_int_equal(descriptors(), before);
}

static way const ways[] = {
    {"pipes: partial lines are passed on at once", open_pipes, at_once},
    {"file: partial lines are passed on at once", open_to_file, at_once},
    {"pipes: the end comes after the last byte", open_pipes, ends},
    {"file: the end comes after the last byte", open_to_file, ends},
    {"pipes: a stop is at the end of the line, the rest stays unread and unseen", open_pipes,
     stop_after_the_line},
    {"file: a stop is at the end of the line, the rest stays unread and unseen", open_to_file,
     stop_after_the_line},
    {"pipes: a stop is at the newline to the byte", open_pipes, stop_to_the_byte},
    {"file: a stop is at the newline to the byte", open_to_file, stop_to_the_byte},
    {"pipes: a stop between lines takes nothing more", open_pipes, stop_between_lines},
    {"file: a stop between lines takes nothing more", open_to_file, stop_between_lines},
    {"pipes: a stop before the first byte takes nothing", open_pipes, stop_at_the_start},
    {"file: a stop before the first byte takes nothing", open_to_file, stop_at_the_start},
    {"pipes: a stop in a line that never ends is the end of input", open_pipes, stop_and_end_of_input},
    {"file: a stop in a line that never ends is the end of input", open_to_file, stop_and_end_of_input},
    {"pipes: the descriptors stay as they are", open_pipes, descriptors_stay_blocking},
    {"file: the descriptors stay as they are", open_to_file, descriptors_stay_blocking},
    {"pipes: nothing stays open after them", open_pipes, nothing_stays_open},
    {"file: nothing stays open after it", open_to_file, nothing_stays_open},
};

static void check(void **state)
{
  way const *r = ROWS_ROW(way, state);
  r->check(r->open);
}

static void drain(size_t n)
{
  char page[4096];
  while (n) {
    ssize_t r = read(l.drain, page, n < sizeof page ? n : sizeof page);
    assert_true(r > 0);
    n -= (size_t)r;
  }
}

static void full_output(void **state)
{
  size_t filled;
  span seen;
  (void)state;
  open_pipes();
  filled = fill(l.out);
  feed("one\n");
  assert_int_equal(step(&seen), PASS_WANT_OUTPUT);
  assert_int_equal(seen.len, 4);
  assert_int_equal(waiting(l.in), 4);
  feed("two\n");
  for (int i = 0; i < 3; i++) {
    assert_int_equal(step(&seen), PASS_WANT_OUTPUT);
    assert_int_equal(seen.len, 0);
  }
  drain(filled);
  assert_int_equal(steps("two\n"), PASS_WANT_INPUT);
  expect_out("one\ntwo\n");
  stop();
}

/* Room for three pages of five: the rest follows when there is more, and is not shown again. */
static void room_for_a_part(void **state)
{
  static char in[5 * 4096], got[5 * 4096];
  size_t filled;
  span seen;
  (void)state;
  for (size_t i = 0; i < sizeof in; i++)
    in[i] = (char)(i % 251);
  open_pipes();
  filled = fill(l.out);
  drain(3 * 4096);
  assert_int_equal(write(l.feed, in, sizeof in), sizeof in);
  assert_int_equal(step(&seen), PASS_WANT_OUTPUT);
  assert_int_equal(seen.len, sizeof in);
  assert_int_equal(waiting(l.in), 2 * 4096);
  assert_int_equal(step(&seen), PASS_WANT_OUTPUT);
  assert_int_equal(seen.len, 0);
  drain(filled - 3 * 4096);
  assert_int_equal(step(&seen), PASS_WANT_INPUT);
  assert_int_equal(seen.len, 0);
  assert_int_equal(read(l.drain, got, sizeof got), sizeof got);
  assert_memory_equal(got, in, sizeof in);
  stop();
}

/* What was seen but not passed on is not of the line under way: it must stay in the input. */
static void stop_while_full(void **state)
{
  size_t filled;
  span seen;
  (void)state;
  for (int begun = 0; begun < 2; begun++) {
    open_pipes();
    if (begun) {
      feed("ze");
      steps("ze");
      expect_out("ze");
    }
    filled = fill(l.out);
    feed("ro\none\n");
    assert_int_equal(step(&seen), PASS_WANT_OUTPUT);
    pass_stop(&l.p);
    drain(filled);
    assert_int_equal(step(&seen), PASS_END);
    expect_out(begun ? "ro\n" : "");
    assert_int_equal(waiting(l.in), begun ? 4 : 7);
    stop();
  }
}

/* A newline of something that was passed on long ago must not be taken for the end of the line under way. */
static void stop_in_a_part(void **state)
{
  static char in[5 * 4096], got[5 * 4096];
  size_t filled;
  span seen;
  (void)state;
  open_pipes();
  memset(in, 'a', sizeof in);
  in[15000] = '\n';
  assert_int_equal(write(l.feed, in, sizeof in), sizeof in);
  assert_int_equal(step(&seen), PASS_WANT_INPUT);
  assert_int_equal(read(l.drain, got, sizeof got), sizeof got);
  filled = fill(l.out);
  drain(4096);
  memset(in, 'b', 8192);
  assert_int_equal(write(l.feed, in, 8192), 8192);
  assert_int_equal(step(&seen), PASS_WANT_OUTPUT);
  assert_int_equal(waiting(l.in), 4096);
  pass_stop(&l.p);
  feed("end\nnext\n");
  drain(filled - 4096);
  for (int steps_left = 1000; step(&seen) != PASS_END;)
    assert_true(steps_left--);
  assert_int_equal(waiting(l.in), 5);
  assert_int_equal(read(l.drain, got, sizeof got), 8192 + 4);
  assert_memory_equal(got + 8192, "end\n", 4);
  stop();
}

/* Bytes that somebody else took from the input meanwhile are not ours to wait for; nor is half a line of
 * them. */
static void taken_by_another(void **state)
{
  static char const *const lines[] = {"one\n", "half"};
  (void)state;
  for (int i = 0; i < 2; i++) {
    char got[4];
    size_t filled;
    span seen;
    open_pipes();
    filled = fill(l.out);
    feed(lines[i]);
    assert_int_equal(step(&seen), PASS_WANT_OUTPUT);
    assert_int_equal(read(l.in, got, 4), 4);
    drain(filled);
    assert_int_equal(step(&seen), PASS_WANT_INPUT);
    expect_out("");
    feed("two\n");
    steps("two\n");
    expect_out("two\n");
    stop();
  }
}

static void half_taken_by_another(void **state)
{
  char got[4];
  size_t filled;
  span seen;
  (void)state;
  open_pipes();
  filled = fill(l.out);
  feed("half");
  assert_int_equal(step(&seen), PASS_WANT_OUTPUT);
  assert_int_equal(read(l.in, got, 4), 4);
  drain(filled);
  assert_int_equal(step(&seen), PASS_WANT_INPUT);
  pass_stop(&l.p);
  assert_int_equal(step(&seen), PASS_END);
  stop();
}

static void no_descriptor(void **state)
{
  struct rlimit usual, few;
  int ok, error;
  pass p;
  (void)state;
  open_pipes();
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
  few = usual;
  few.rlim_cur = 1;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
  ok = pass_open(&p, l.in, l.out, 0);
  error = errno;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
  assert_int_equal(ok, 0);
  assert_int_equal(error, EMFILE);
  stop();
}

static void reader_gone(void **state)
{
  span seen;
  (void)state;
  open_pipes();
  feed("one\ntwo\n");
  shut(&l.drain);
  errno = 0;
  assert_int_equal(step(&seen), PASS_GONE);
  assert_int_equal(errno, EPIPE);
  assert_int_equal(waiting(l.in), 8);
  stop();
}

static void no_space(void **state)
{
  int a[2];
  span seen;
  (void)state;
  assert_int_equal(pipe(a), 0);
  l = (line){.feed = a[1], .in = a[0], .out = open("/dev/full", O_WRONLY), .drain = -1};
  assert_int_equal(pass_open(&l.p, l.in, l.out, 0), 1);
  feed("one\n");
  assert_int_equal(step(&seen), PASS_RETRY);
  assert_int_equal(errno, ENOSPC);
  assert_int_equal(seen.len, 4);
  feed("two\n");
  assert_int_equal(step(&seen), PASS_RETRY);
  assert_int_equal(seen.len, 0);
  assert_int_equal(waiting(l.in), 4);
  stop();
}

static void bad_input(void **state)
{
  span seen;
  (void)state;
  open_pipes();
  l.p.in = l.feed; /* open for writing only */
  errno = 0;
  assert_int_equal(pass_step(&l.p, PASS_ALL, 1, &seen), PASS_FAILED);
  assert_int_equal(errno, EBADF);
  stop();
}

static void one_byte(void **state)
{
  (void)state;
  open_pipes();
  for (int i = 0; i < 3; i++) {
    feed("x");
    assert_int_equal(steps("x"), PASS_WANT_INPUT);
    expect_out("x");
    assert_int_equal(l.p.by_splice, 1);
  }
  stop();
}

/* poll(2) says of a file that it is readable, also at its end. */
static void from_file(void **state)
{
  int file = memfd_create("in", 0);
  span seen;
  int b[2];
  (void)state;
  assert_int_equal(write(file, "one\ntwo", 7), 7);
  lseek(file, 0, SEEK_SET);
  assert_int_equal(pipe(b), 0);
  l = (line){.feed = -1, .in = file, .out = b[1], .drain = b[0]};
  assert_int_equal(pass_open(&l.p, l.in, l.out, 0), 1);
  assert_int_equal(pass_step(&l.p, PASS_ALL, 1, &seen), PASS_WANT_INPUT);
  assert_int_equal(seen.len, 7);
  assert_int_equal(pass_step(&l.p, PASS_ALL, 1, &seen), PASS_END);
  expect_out("one\ntwo");
  stop();
}

#define TOTAL 2000000

/* Two million bytes, fed and drained in random amounts: each comes out once and is seen once, in order. */
static void exactly_once(void **state)
{
  static char in[TOTAL], out[TOTAL], all[TOTAL];
  size_t fed = 0, drained = 0, looked = 0;
  uint64_t dice = 1;
  (void)state;
  for (size_t i = 0; i < TOTAL; i++)
    in[i] = (char)chance(&dice);
  open_pipes();
  fcntl(l.feed, F_SETFL, O_NONBLOCK);
  while (drained < TOTAL) {
    size_t n = chance_below(&dice, 2) ? 1 + chance_below(&dice, 50) : 1 + chance_below(&dice, 300000);
    uint64_t what = chance_below(&dice, 3);
    ssize_t r = 0;
    span seen;
    if (what == 0 && fed < TOTAL)
      r = write(l.feed, in + fed, n < TOTAL - fed ? n : TOTAL - fed);
    if (r > 0)
      fed += (size_t)r;
    if (what == 1 && waiting(l.drain)) {
      r = read(l.drain, out + drained, n < TOTAL - drained ? n : TOTAL - drained);
      assert_true(r > 0);
      drained += (size_t)r;
    }
    if (what == 2) {
      pass_answer answer = pass_step(&l.p, PASS_ALL, 0, &seen);
      assert_true(answer == PASS_WANT_INPUT || answer == PASS_WANT_OUTPUT || answer == PASS_MOVED);
      assert_true(looked + seen.len <= TOTAL);
      memcpy(all + looked, seen.s, seen.len);
      looked += seen.len;
    }
  }
  assert_int_equal(looked, TOTAL);
  assert_memory_equal(in, out, TOTAL);
  assert_memory_equal(in, all, TOTAL);
  assert_int_equal(fcntl(l.in, F_GETFL) & O_NONBLOCK, 0);
  assert_int_equal(fcntl(l.out, F_GETFL) & O_NONBLOCK, 0);
  stop();
}

int main(void)
{
  static rows_list list;
  signal(SIGPIPE, SIG_IGN);
  ROWS_ADD(&list, ways, check);
  rows_moved(&list, "a full output leaves the bytes in the input, and shows them once", full_output);
  rows_moved(&list, "an output with room for a part gets the rest later", room_for_a_part);
  rows_moved(&list, "a stop while the output is full leaves all but the line under way", stop_while_full);
  rows_moved(&list, "a stop in a line of which a part is passed on ends at its newline", stop_in_a_part);
  rows_moved(&list, "what somebody else took from the input is not waited for", taken_by_another);
  rows_moved(&list, "a line of which nothing was passed on is not under way", half_taken_by_another);
  rows_moved(&list, "without descriptors for a pipe nothing can be passed on", no_descriptor);
  rows_moved(&list, "a reader that is gone leaves everything in the input", reader_gone);
  rows_one(&list, "a full disk is tried again, and nothing more is taken before", no_space);
  rows_one(&list, "an input that cannot be read fails", bad_input);
  rows_moved(&list, "one byte is moved by the kernel as well as many", one_byte);
  rows_one(&list, "a file is passed on without waiting", from_file);
  rows_moved(&list, "two million bytes come out once and are seen once, in order", exactly_once);
  return rows_run(&list, "pass");
}
