#include "rows.h"

#include "hold/gatedir.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/gatedir.XXXXXX";
static unsigned held_told, gone_told, foreign_told;

static void tell(void *to, gatedir_event what, held const *h)
{
  (void)to;
  assert_non_null(h);
  held_told += what == GATEDIR_HELD;
  gone_told += what == GATEDIR_LET_GO;
  foreign_told += what == GATEDIR_FOREIGN;
}

static char const *path_of(char const *file)
{
  static char path[512];
  assert_true(snprintf(path, sizeof path, "%s/%s", directory, file) < (int)sizeof path);
  return path;
}

static int content_is(char const *file, char const *want)
{
  char got[1024];
  int fd = open(path_of(file), O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : read(fd, got, sizeof got);
  close(fd);
  return n == (ssize_t)strlen(want) && !memcmp(got, want, strlen(want));
}

static void put_file(char const *file, char const *text)
{
  int fd = open(path_of(file), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
  close(fd);
}

static int empty(void **state)
{
  struct dirent const *e;
  DIR *d = opendir(directory);
  (void)state;

  while (d && (e = readdir(d)) != 0)
    if (unlink(path_of(e->d_name)) < 0)
      rmdir(path_of(e->d_name));
  closedir(d);
  held_told = gone_told = foreign_told = 0;
  return 0;
}

static held *want(roll *r, char const *name)
{
  held *h = roll_add(r, name);
  assert_true(h && held_text(h, span_of("rule"), span_of("since"), span_of("from")));
  assert_non_null(held_because(h, span_of("rule"), span_of("since"), HELD_FOREVER));
  held_settle(h);
  r->changed = 1;
  return h;
}

static void let_go(roll *r, held *h)
{
  held_forgive(h, h->reasons);
  held_settle(h);
  r->changed = 1;
}

static void made_and_gone(void **state)
{
  gatedir g;
  roll r = {0};
  held *h;
  (void)empty(state);

  gatedir_open(&g, directory, &tell, 0);
  assert_int_equal(gatedir_ready(&g, &r), GATEDIR_FINE);
  h = want(&r, "sender:a");
  assert_int_equal(gatedir_keep(&g, &r), GATEDIR_FINE);
  assert_int_equal(h->state, HELD_MADE);
  assert_true(content_is("sender:a", "rule since from\n"));
  assert_true(content_is(".held", "still 0\nmade sender:a rule since from\nfor rule since - -\n"));
  assert_int_equal(held_told, 1);
  let_go(&r, h);
  assert_int_equal(gatedir_keep(&g, &r), GATEDIR_FINE);
  assert_int_equal(r.len, 0);
  assert_int_equal(gone_told, 1);
  assert_int_equal(access(path_of("sender:a"), F_OK), -1);
  assert_int_equal(access(path_of(".held.file"), F_OK), -1);
  assert_true(content_is(".held", "still 0\n"));
  gatedir_close(&g);
  roll_close(&r);
}

typedef struct {
  char const *name, *there; /* what a file made by hand has; 0: it is a folder */
  int ours;
} row;

static row const rows[] = {
    {"an empty file is not ours", "", 0},
    {"a file with another text is not ours", "rule since froM\n", 0},
    {"a file with more is not ours", "rule since from\n\n", 0},
    {"a file with less is not ours", "rule since from", 0},
    {"a folder is not ours", 0, 0},
    {"a file with our text is ours, as after a crash", "rule since from\n", 1},
};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  gatedir g;
  roll all = {0};
  held *h;

  (void)empty(0);
  gatedir_open(&g, directory, &tell, 0);
  assert_int_equal(gatedir_ready(&g, &all), GATEDIR_FINE);
  if (r->there)
    put_file("sender:a", r->there);
  else
    assert_int_equal(mkdir(path_of("sender:a"), 0700), 0);
  h = want(&all, "sender:a");
  assert_int_equal(gatedir_keep(&g, &all), GATEDIR_FINE);
  assert_int_equal(all.len, r->ours);
  assert_int_equal(foreign_told, !r->ours);
  assert_int_equal(access(path_of("sender:a"), F_OK), 0);
  if (r->ours) {
    let_go(&all, h);
    assert_int_equal(gatedir_keep(&g, &all), GATEDIR_FINE);
  }
  assert_int_equal(access(path_of("sender:a"), F_OK), r->ours ? -1 : 0);
  gatedir_close(&g);
  roll_close(&all);
}

/* What a list says that was written before a crash. */
static void crashed(void **state)
{
  gatedir g;
  roll r = {0};
  (void)empty(state);

  put_file(".held", "still 0\nmade sender:a rule since from\nfor rule since - -\n"
                    "wanted sender:b rule since from\nfor rule since - -\n"
                    "leaving sender:c rule since from\n");
  put_file("sender:c", "rule since from\n");
  gatedir_open(&g, directory, &tell, 0);
  assert_int_equal(gatedir_ready(&g, &r), GATEDIR_FINE);
  assert_int_equal(gatedir_keep(&g, &r), GATEDIR_FINE);
  assert_int_equal(access(path_of("sender:a"), F_OK), -1); /* taken away by hand */
  assert_int_equal(access(path_of("sender:b"), F_OK), 0);
  assert_int_equal(access(path_of("sender:c"), F_OK), -1);
  assert_int_equal(r.len, 2);
  gatedir_close(&g);
  roll_close(&r);
}

static void busy(void **state)
{
  gatedir one, two;
  roll r = {0}, s = {0};
  (void)empty(state);

  gatedir_open(&one, directory, &tell, 0);
  gatedir_open(&two, directory, &tell, 0);
  assert_int_equal(gatedir_ready(&one, &r), GATEDIR_FINE);
  assert_int_equal(gatedir_ready(&two, &s), GATEDIR_BUSY);
  gatedir_close(&one);
  assert_int_equal(gatedir_ready(&two, &s), GATEDIR_FINE);
  gatedir_close(&two);
}

static void another(void **state)
{
  gatedir g;
  roll r = {0};
  (void)empty(state);

  gatedir_open(&g, directory, &tell, 0);
  assert_int_equal(gatedir_ready(&g, &r), GATEDIR_FINE);
  want(&r, "sender:a");
  assert_int_equal(gatedir_keep(&g, &r), GATEDIR_FINE);
  (void)empty(0);
  assert_int_equal(rmdir(directory), 0);
  assert_int_equal(gatedir_ready(&g, &r), GATEDIR_MISSING);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(mkdir(directory, 0711), 0);
  assert_int_equal(gatedir_ready(&g, &r), GATEDIR_FINE);
  assert_int_equal(gatedir_keep(&g, &r), GATEDIR_FINE);
  assert_int_equal(access(path_of("sender:a"), F_OK), 0);
  gatedir_close(&g);
  roll_close(&r);
}

static void unread(void **state)
{
  gatedir g;
  roll r = {0};
  (void)empty(state);

  assert_int_equal(mkdir(path_of(".held"), 0700), 0);
  gatedir_open(&g, directory, &tell, 0);
  assert_int_equal(gatedir_ready(&g, &r), GATEDIR_UNREAD);
  assert_false(g.loaded);
  assert_int_equal(rmdir(path_of(".held")), 0);
  assert_int_equal(gatedir_ready(&g, &r), GATEDIR_FINE);
  assert_true(g.loaded);
  gatedir_close(&g);
}

/* As when a file system is mounted over the folder, in which we have held others meanwhile. */
static void another_with_a_list(void **state)
{
  gatedir g;
  roll r = {0};
  (void)empty(state);
  put_file(".held", "still 0\nmade sender:a old since from\nfor old since - -\n"
                    "made sender:b old since from\nfor old since - -\n"
                    "made sender:c old since from\nfor old since - -\n");
  put_file("sender:a", "old since from\n");
  put_file("sender:b", "old since from\n");
  put_file("sender:c", "old since from\n");

  gatedir_open(&g, directory, &tell, 0);
  g.loaded = 1; /* as from another folder */
  want(&r, "sender:b");
  let_go(&r, want(&r, "sender:c"));
  assert_int_equal(gatedir_ready(&g, &r), GATEDIR_FINE);
  assert_int_equal(gatedir_keep(&g, &r), GATEDIR_FINE);
  assert_true(content_is("sender:a", "old since from\n"));
  assert_true(content_is("sender:b", "old since from\n"));
  assert_true(access(path_of("sender:c"), F_OK) < 0);
  let_go(&r, roll_find(&r, "sender:a"));
  let_go(&r, roll_find(&r, "sender:b"));
  assert_int_equal(gatedir_keep(&g, &r), GATEDIR_FINE);
  assert_true(access(path_of("sender:a"), F_OK) < 0);
  assert_true(access(path_of("sender:b"), F_OK) < 0);
  assert_int_equal(r.len, 0);
  assert_int_equal(foreign_told, 0);
  gatedir_close(&g);
  roll_close(&r);
}

int main(void)
{
  rows_list list = {0};

  if (!mkdtemp(directory))
    return 1;
  ROWS_ADD(&list, rows, check);
  rows_one(&list, "a file is made and taken away, and the list says so", made_and_gone);
  rows_one(&list, "after a crash what was to be done is done, and no more", crashed);
  rows_one(&list, "only one at a time", busy);
  rows_one(&list, "a directory that is another is filled again", another);
  rows_one(&list, "another one with a list of its own: whom it holds is known from then on",
           another_with_a_list);
  rows_one(&list, "a list that cannot be read is not replaced", unread);
  int bad = rows_run(&list, "gatedir");
  (void)empty(0);
  return bad || rmdir(directory) < 0;
}
