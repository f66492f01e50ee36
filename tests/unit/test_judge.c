#include "rows.h"

#include "gate/held_name.h"
#include "watch/alert.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char const *name, *file; /* the one in GATE */
  char const *sender;
  int held;
  char const *cut; /* 0: none; "": exact senders */
} row;

static row const rows[] = {
    {"a sender whose file is there", "sender:ann@example.org", "ann@example.org", 1, 0},
    {"another sender", "sender:ann@example.org", "bob@example.org", 0, 0},
    {"a sender is folded", "sender:ann@example.org", "prvs=1234=Ann@Example.ORG", 1, 0},
    {"exact senders are not folded", "sender:ann@example.org", "Ann@example.org", 0, ""},
    {"an exact sender has an exact file", "sender:%41nn@example.org", "Ann@example.org", 1, ""},
    {"a sender is cut", "sender:ann@example.org", "ann+shop@example.org", 1, "+"},
    {"a sender is cut only where that is asked for", "sender:ann@example.org", "ann+shop@example.org", 0, 0},
    {"a domain whose file is there", "domain:example.org", "ann@Example.org", 1, 0},
    {"a domain is not a part of another", "domain:example.org", "ann@mail.example.org", 0, 0},
    {"a sender without a domain", "sender:root", "root", 1, 0},
    {"a sender without a domain is not its domain", "domain:root", "root", 0, 0},
    {"a domain is not a sender", "sender:example.org", "ann@example.org", 0, 0},
    {"an empty domain is none", "domain:", "ann@", 0, 0},
    {"the null sender is nobody", "sender:", "", 0, 0},
    {"what folds to the null sender is nobody", "sender:", "-@[]", 0, 0},
    {"the double bounce sender is nobody", "sender:#@[]", "#@[]", 0, 0},
    {"the double bounce sender has no domain", "domain:[]", "#@[]", 0, 0},
    {"our user ID", "uid:1001", "ann@example.org", 1, 0},
    {"our user ID holds the null sender too", "uid:1001", "", 1, 0},
    {"another user ID", "uid:100", "ann@example.org", 0, 0},
    {"a sender with bytes that the log shows as '_'", "sender:a_b_c@example.org",
     "a%b\xff"
     "c@example.org",
     1, 0},
    {"the same sender as it stands", "sender:a%25b%FFc@example.org",
     "a%b\xff"
     "c@example.org",
     1, 0},
    {"a domain with bytes that the log shows as '_'", "domain:a_b", "x@a b", 1, 0},
};

static char directory[] = "/tmp/judge.XXXXXX";

static void path_of(char *path, char const *file)
{
  assert_true(snprintf(path, PATH_MAX, "%s/%s", directory, file) < PATH_MAX);
}

static void make(char const *file)
{
  char path[PATH_MAX];
  path_of(path, file);
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  assert_true(fd >= 0);
  close(fd);
}

static void take_away(char const *file)
{
  char path[PATH_MAX];
  path_of(path, file);
  assert_int_equal(unlink(path), 0);
}

static int asked(judge const *j, char const *sender)
{
  size_t len = strlen(sender);
  char *copy = rows_exact(sender, len);
  int held = judge_held(j, 1001, (span){copy, len});
  free(copy);
  return held;
}

static judge judge_in(char const *dir)
{
  return (judge){dir, {0, {"", 0}}};
}

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  judge j = judge_in(directory);

  j.how.exact = r->cut && !*r->cut;
  j.how.cut = span_of(r->cut ? r->cut : "");
  assert_false(asked(&j, r->sender));
  make(r->file);
  int held = asked(&j, r->sender);
  take_away(r->file);
  assert_int_equal(held, r->held);
}

/* The key of an alert ends after ALERT_FIELD bytes. */
static void long_senders(void **state)
{
  static char sender[JUDGE_SENDER + 2];
  char file[NAME_MAX_LEN + 1];
  judge j = judge_in(directory);
  (void)state;

  memset(sender, 'a', sizeof sender - 1);
  sender[1000] = 0;
  name_held(file, NAME_SENDER, (span){sender, ALERT_FIELD});
  make(file);
  assert_true(asked(&j, sender));
  sender[1000] = 'a';
  sender[JUDGE_SENDER] = 0;
  assert_true(asked(&j, sender));
  sender[JUDGE_SENDER] = 'a';
  assert_false(asked(&j, sender));
  take_away(file);
  name_held(file, NAME_SENDER, (span){sender, 1000});
  sender[1000] = 0;
  make(file);
  assert_true(asked(&j, sender));
  take_away(file);
}

static void link_to_nowhere(void **state)
{
  char path[PATH_MAX];
  judge j = judge_in(directory);
  (void)state;

  path_of(path, "sender:ann@example.org");
  assert_int_equal(symlink("nowhere", path), 0);
  assert_true(asked(&j, "ann@example.org"));
  take_away("sender:ann@example.org");
}

static void missing(void **state)
{
  static char dir[2 * PATH_MAX];
  judge j = judge_in("/nonexistent");
  (void)state;

  assert_false(asked(&j, "ann@example.org"));
  memset(dir, '/', sizeof dir - 1);
  for (size_t len = PATH_MAX - 2 * NAME_MAX_LEN; len < sizeof dir; len++) {
    dir[len] = 0;
    j.directory = dir;
    assert_false(asked(&j, "ann@example.org"));
    dir[len] = '/';
  }
}

int main(void)
{
  rows_list list = {0};

  if (!mkdtemp(directory))
    return 1;
  ROWS_ADD(&list, rows, check);
  rows_one(&list, "a sender longer than an alert shows is held by what it shows, or by all of it",
           long_senders);
  rows_one(&list, "a link that leads nowhere holds as well", link_to_nowhere);
  rows_one(&list, "a GATE that is not there, or has too long a name, holds nobody", missing);
  int bad = rows_run(&list, "judge");
  return bad || rmdir(directory) < 0;
}
