#include "rows.h"

#include "descriptors.h"
#include "pipe/nbwrite.h"
#include "pipe/splice.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* A descriptor to write to, and one to read from what was written. */
typedef struct {
  int write, read;
} ends;

static ends of_pipe(void)
{
  int p[2];
  assert_int_equal(pipe(p), 0);
  return (ends){p[1], p[0]};
}

static ends of_socket(void)
{
  int p[2];
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, p), 0);
  return (ends){p[1], p[0]};
}

static ends of_terminal(void)
{
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  char name[64];
  ends e;
  assert_true(master >= 0);
  assert_int_equal(grantpt(master) | unlockpt(master) | ptsname_r(master, name, sizeof name), 0);
  e = (ends){open(name, O_RDWR | O_NOCTTY), master};
  assert_true(e.write >= 0);
  return e;
}

static ends of_file(void)
{
  char path[32];
  int fd = memfd_create("nbwrite", 0);
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return (ends){fd, open(path, O_RDONLY)};
}

static void shut_both(ends e)
{
  close(e.write);
  close(e.read);
}

typedef struct {
  char const *name;
  ends (*make)(void);
  nbwrite_use use;
  nbwrite_kind kind;
} row;

static row const rows[] = {
    {"lines into a pipe are moved there", of_pipe, NBWRITE_LINES,
     SPLICE_IS_HERE ? NBWRITE_SPLICE : NBWRITE_PLAIN},
    {"much into a pipe is written through a description of our own", of_pipe, NBWRITE_BULK, NBWRITE_PLAIN},
    {"a socket is told not to wait", of_socket, NBWRITE_LINES, NBWRITE_SOCKET},
    {"a terminal is opened anew", of_terminal, NBWRITE_LINES, NBWRITE_PLAIN},
    {"a file makes nobody wait", of_file, NBWRITE_LINES, NBWRITE_PLAIN},
};

/* Writes lines until none is taken: what was taken is there, in order, and O_NONBLOCK was set for nobody
 * else. */
static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  int before = descriptors();
  ends e = r->make();
  int flags = fcntl(e.write, F_GETFL);
  char got[8] = "";
  nbwrite s;
  nbwrite_open(&s, e.write, r->use);
  assert_int_equal(s.kind, r->kind);
  for (int i = 0; i < 100000 && nbwrite_some(&s, "a line\n", 7) == 7; i++)
    ;
  assert_int_equal(fcntl(e.write, F_GETFL), flags);
  assert_int_equal(read(e.read, got, 6), 6);
  assert_string_equal(got, "a line");
  nbwrite_close(&s);
  assert_int_equal(fcntl(e.write, F_GETFL), flags);
  shut_both(e);
  assert_int_equal(descriptors(), before);
}

static void full_is_eagain(void **state)
{
  ends (*const make[])(void) = {of_pipe, of_socket, of_terminal};
  (void)state;
  for (size_t i = 0; i < 3; i++)
    for (int bulk = 0; bulk < 2; bulk++) {
      ends e = make[i]();
      nbwrite s;
      ssize_t n;
      nbwrite_open(&s, e.write, bulk ? NBWRITE_BULK : NBWRITE_LINES);
      while ((n = nbwrite_some(&s, "a line that is not so short\n", 28)) > 0)
        ;
      assert_int_equal(n, -1);
      assert_int_equal(errno, EAGAIN);
      nbwrite_close(&s);
      shut_both(e);
    }
}

/* What one datagram cannot hold goes on in the next. */
static void datagrams(void **state)
{
  static char much[1 << 20], got[1 << 20];
  int const kind[] = {SOCK_DGRAM, SOCK_SEQPACKET};
  (void)state;
  for (size_t i = 0; i < 2; i++) {
    int p[2];
    nbwrite s;
    ssize_t n;
    assert_int_equal(socketpair(AF_UNIX, kind[i], 0, p), 0);
    nbwrite_open(&s, p[1], NBWRITE_BULK);
    n = nbwrite_some(&s, much, sizeof much);
    assert_true(n >= PIPE_BUF);
    assert_int_equal(recv(p[0], got, sizeof got, MSG_DONTWAIT), n);
    assert_int_equal(recv(p[0], got, sizeof got, MSG_DONTWAIT), -1);
    nbwrite_close(&s);
    shut_both((ends){p[1], p[0]});
  }
}

/* Fills a pipe but for one page, and that with as many bytes. */
static void fill_but(ends e, size_t left)
{
  static char page[PIPE_BUF];
  size_t all = (size_t)fcntl(e.write, F_GETPIPE_SZ);
  for (size_t n = PIPE_BUF; n < all; n += PIPE_BUF)
    assert_int_equal(write(e.write, page, PIPE_BUF), PIPE_BUF);
  assert_int_equal(write(e.write, page, PIPE_BUF - left), PIPE_BUF - left);
}

static void lines_stay_whole(void **state)
{
  static char line[3000], page[PIPE_BUF];
  ends e = of_pipe();
  int before;
  nbwrite s;
  (void)state;
  nbwrite_open(&s, e.write, NBWRITE_LINES);
  fill_but(e, 100);
  before = waiting(e.read);
  assert_int_equal(nbwrite_some(&s, line, sizeof line), -1);
  assert_int_equal(errno, EAGAIN);
  assert_int_equal(waiting(e.read), before);
  assert_int_equal(read(e.read, page, PIPE_BUF), PIPE_BUF);
  assert_int_equal(nbwrite_some(&s, line, sizeof line), sizeof line);
  nbwrite_close(&s);
  shut_both(e);
}

static void forgotten_is_not_written(void **state)
{
  static char page[PIPE_BUF];
  ends e = of_pipe();
  nbwrite s;
  (void)state;
  nbwrite_open(&s, e.write, NBWRITE_LINES);
  fill_but(e, 1);
  assert_int_equal(nbwrite_some(&s, "first\n", 6), -1);
  nbwrite_forget(&s);
  while (waiting(e.read))
    assert_true(read(e.read, page, sizeof page) > 0);
  assert_int_equal(nbwrite_some(&s, "second\n", 7), 7);
  assert_int_equal(read(e.read, page, sizeof page), 7);
  assert_memory_equal(page, "second\n", 7);
  nbwrite_close(&s);
  shut_both(e);
}

static void own_is_used_as_it_is(void **state)
{
  ends e = of_pipe();
  nbwrite s;
  (void)state;
  nbwrite_open_own(&s, e.write);
  assert_int_equal(s.fd, e.write);
  assert_int_equal(s.kind, NBWRITE_PLAIN);
  nbwrite_close(&s);
  assert_int_equal(nbwrite_some(&s, "x", 1), 1);
  shut_both(e);
}

/* What cannot be opened anew is written to with a timer that interrupts. */
static void timed_never_waits(void **state)
{
  ends (*const make[])(void) = {of_pipe, of_terminal};
  (void)state;
  for (size_t i = 0; i < 2; i++) {
    ends e = make[i]();
    nbwrite s;
    ssize_t n;
    size_t all = 0;
    char byte;
    nbwrite_open_own(&s, e.write);
    s.kind = NBWRITE_TIMED;
    while ((n = nbwrite_some(&s, "a line that is not so short\n", 28)) > 0)
      all += (size_t)n;
    assert_int_equal(n, -1);
    assert_int_equal(errno, EAGAIN);
    assert_true(all > 0);
    assert_int_equal(read(e.read, &byte, 1), 1); /* what a terminal was given comes a little later */
    shut_both(e);
  }
}

static void timed_tells_errors(void **state)
{
  nbwrite s;
  (void)state;
  nbwrite_open_own(&s, open("/dev/full", O_WRONLY));
  s.kind = NBWRITE_TIMED;
  assert_int_equal(nbwrite_some(&s, "x", 1), -1);
  assert_int_equal(errno, ENOSPC);
  close(s.fd);
}

int main(void)
{
  static rows_list list;
  alarm(60); /* a write that waits ends the test */
  ROWS_ADD(&list, rows, check);
  rows_one(&list, "what is full says EAGAIN, and nobody waits", full_is_eagain);
  rows_one(&list, "of what is too large for a datagram a part is written", datagrams);
  rows_one(&list, "a pipe takes a line whole or not at all", lines_stay_whole);
  rows_one(&list, "a line that was forgotten is not written later", forgotten_is_not_written);
  rows_one(&list, "a descriptor of our own is used as it is", own_is_used_as_it_is);
  rows_one(&list, "a timed write to what is full is interrupted", timed_never_waits);
  rows_one(&list, "a timed write tells errors", timed_tells_errors);
  return rows_run(&list, "nbwrite");
}
