#include "rows.h"

#include "descriptors.h"
#include "hold/input.h"
#include <fcntl.h>
#include <unistd.h>

static void say(int fd, char const *s)
{
  assert_int_equal(write(fd, s, strlen(s)), strlen(s));
}

static void from_a_pipe(void **state)
{
  static intake i;
  span piece;
  int p[2];
  (void)state;

  assert_int_equal(pipe2(p, O_CLOEXEC), 0);
  intake_open(&i, p[0]);
  assert_int_equal(intake_look(&i, &piece), INTAKE_NOTHING);
  say(p[1], "one\n");
  assert_int_equal(intake_look(&i, &piece), INTAKE_SOME);
  assert_true(span_equal(piece, span_of("one\n")));
  assert_int_equal(waiting(p[0]), 4);
  say(p[1], "two\n");
  assert_int_equal(intake_look(&i, &piece), INTAKE_SOME);
  assert_true(span_equal(piece, span_of("two\n")));
  assert_int_equal(intake_look(&i, &piece), INTAKE_NOTHING);
  assert_false(intake_full(&i));
  assert_true(intake_take(&i));
  assert_int_equal(waiting(p[0]), 0);
  close(p[1]);
  assert_int_equal(intake_look(&i, &piece), INTAKE_END);
  intake_close(&i);
  close(p[0]);
}

static void a_full_pipe(void **state)
{
  static char page[4096];
  static intake i;
  span piece;
  int p[2];
  (void)state;

  assert_int_equal(pipe2(p, O_CLOEXEC | O_NONBLOCK), 0);
  intake_open(&i, p[0]);
  while (write(p[1], page, sizeof page) > 0)
    ;
  assert_int_equal(intake_look(&i, &piece), INTAKE_SOME);
  assert_true(intake_full(&i));
  assert_true(intake_take(&i));
  intake_close(&i);
  close(p[0]);
  close(p[1]);
}

static void from_a_file(void **state)
{
  static intake i;
  char name[] = "/tmp/intake.XXXXXX";
  int fd = mkstemp(name);
  intake_answer a;
  span piece;
  (void)state;

  assert_true(fd >= 0 && unlink(name) == 0);
  say(fd, "one\n");
  assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
  intake_open(&i, fd);
  while ((a = intake_look(&i, &piece)) == INTAKE_NOTHING)
    ;
  assert_int_equal(a, INTAKE_SOME);
  assert_true(span_equal(piece, span_of("one\n")));
  assert_true(intake_take(&i));
  assert_int_equal(intake_look(&i, &piece), INTAKE_END);
  intake_close(&i);
  close(fd);
}

int main(void)
{
  rows_list list = {0};

  rows_moved(&list, "what is looked at in a pipe stays there until it is taken", from_a_pipe);
  rows_moved(&list, "a pipe that is full is seen to be", a_full_pipe);
  rows_one(&list, "a file is read", from_a_file);
  return rows_run(&list, "intake");
}
