#include "rows.h"

#include "gate/envelope.h"
#include "gate/held_name.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

typedef struct {
  char const *name, *bytes;
  size_t len;
  envelope_state state;
  char const *sender;
} envelope_row;

#define B(s) s, sizeof(s) - 1

static envelope_row const envelopes[] = {
    {"one recipient", B("Fann@x\0Tbob@y\0\0"), ENVELOPE_COMPLETE, "ann@x"},
    {"two recipients", B("Fann@x\0Tbob@y\0Tcarl@z\0\0"), ENVELOPE_COMPLETE, "ann@x"},
    {"no recipient", B("Fann@x\0\0"), ENVELOPE_COMPLETE, "ann@x"},
    {"the null sender", B("F\0Tbob@y\0\0"), ENVELOPE_COMPLETE, ""},
    {"an empty recipient", B("Fann@x\0T\0\0"), ENVELOPE_COMPLETE, "ann@x"},
    {"what follows the end does not count", B("Fann@x\0Tbob@y\0\0Fcarl@z\0\0"), ENVELOPE_COMPLETE, "ann@x"},
    {"a sender that looks like a recipient", B("FTbob@y\0Tbob@y\0\0"), ENVELOPE_COMPLETE, "Tbob@y"},
    {"nothing", B(""), ENVELOPE_CUT, 0},
    {"cut in the sender", B("Fann@x"), ENVELOPE_CUT, 0},
    {"cut after the sender", B("Fann@x\0"), ENVELOPE_CUT, 0},
    {"cut in a recipient", B("Fann@x\0Tbob"), ENVELOPE_CUT, 0},
    {"cut after a recipient", B("Fann@x\0Tbob@y\0"), ENVELOPE_CUT, 0},
    {"no sender", B("Tbob@y\0\0"), ENVELOPE_NONE, 0},
    {"a NUL in the place of the sender", B("\0"), ENVELOPE_NONE, 0},
    {"two senders", B("Fann@x\0Fcarl@z\0\0"), ENVELOPE_NONE, 0},
    {"another letter in the place of a recipient", B("Fann@x\0tbob@y\0\0"), ENVELOPE_NONE, 0},
};

/* Returns the first answer that is final, or the last one. */
static envelope_state feed(envelope *e, char const *s, size_t len, size_t step)
{
  envelope_state now = ENVELOPE_CUT;

  for (size_t n = 0; now == ENVELOPE_CUT && n < len;) {
    n = n + step < len ? n + step : len;
    char *copy = rows_exact(s, n);
    now = envelope_read(e, (span){copy, n});
    free(copy);
  }
  return now;
}

static void check_envelope(void **state)
{
  envelope_row const *r = ROWS_ROW(envelope_row, state);

  for (size_t step = 1; step <= r->len + 1; step++) {
    envelope e = {0};
    assert_int_equal(feed(&e, r->bytes, r->len, step), r->state);
    if (!r->sender)
      continue;
    assert_int_equal(e.sender, strlen(r->sender));
    assert_memory_equal(r->bytes + 1, r->sender, e.sender);
  }
}

typedef struct {
  char const *name;
  name_kind kind;
  char const *key, *file;
} name_row;

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

#define SEVEN(s) s s s s s s s
#define SLASHES SEVEN("/////////") /* 63 of them */
#define ESCAPED SEVEN("%2F%2F%2F%2F%2F%2F%2F%2F%2F")

static name_row const names[] = {
    {"a sender stands as it is", NAME_SENDER, "ann@example.org", "sender:ann@example.org"},
    {"a domain", NAME_DOMAIN, "example.org", "domain:example.org"},
    {"a user ID", NAME_UID, "1001", "uid:1001"},
    {"an account", NAME_ACCOUNT, "ann", "account:ann"},
    {"all that needs no escape", NAME_SENDER, "az09@._+=-", "sender:az09@._+=-"},
    {"capitals are escaped, as exact senders have them", NAME_SENDER, "Ann@X", "sender:%41nn@%58"},
    {"a slash leads nowhere", NAME_SENDER, "../../etc/passwd", "sender:..%2F..%2Fetc%2Fpasswd"},
    {"the escape itself is escaped", NAME_SENDER, "a%2fb", "sender:a%252fb"},
    {"bytes that are no ASCII", NAME_SENDER, "\xff\x80\n@x", "sender:%FF%80%0A@x"},
    {"what stands next to the letters and digits in ASCII", NAME_SENDER, "/:`{@", "sender:%2F%3A%60%7B@"},
    {"a name of 200 bytes is kept", NAME_UID, HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN "012345",
     "uid:" HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN "012345"},
    {"a name of 201 bytes becomes a digest of the key", NAME_UID,
     HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN "0123456",
     "uid:sha256-480af83f837af6684cc3bd3fdc2d450c2c5fbf402d2ef249eade917794f85480"},
    {"escapes up to 200 bytes", NAME_SENDER, SLASHES "abcd", "sender:" ESCAPED "abcd"},
    {"a key that only its escapes make too long", NAME_SENDER, SLASHES "/@x",
     "sender:sha256-2909c1e5703140b12236eb1d69c6386119b2b99a85df24b08a1f057bf1115681"},
};

static void check_name(void **state)
{
  name_row const *r = ROWS_ROW(name_row, state);
  size_t len = strlen(r->key);
  char *key = rows_exact(r->key, len), *out = malloc(NAME_MAX_LEN + 1);

  char *back;
  size_t back_len;

  assert_non_null(out);
  assert_int_equal(name_held(out, r->kind, (span){key, len}), strlen(r->file));
  assert_string_equal(out, r->file);
  assert_true(name_is(span_of(out)));
  back = malloc(strlen(out));
  assert_non_null(back);
  back_len = name_key(back, span_of(out));
  assert_int_equal(back_len, strstr(r->file, "sha256-") ? 0 : len);
  assert_memory_equal(back, key, back_len);
  free(back);
  free(key);
  free(out);
}

typedef struct {
  char const *name, *word;
} other_row;

static other_row const others[] = {
    {"nothing is no name", ""},
    {"a kind alone is none", "sender"},
    {"nor a kind with another mark", "sender.a"},
    {"nor the end of a kind", "ender:a"},
    {"nor another kind", "list:a"},
    {"nor a kind in capitals", "Uid:100"},
    {"none leads into a folder", "sender:a/b"},
    {"nor out of one", "../sender:a"},
    {"none has a blank", "uid:100 "},
    {"nor what is escaped in names", "domain:a!"},
    {"nor a byte that is not ASCII", "domain:a\x80"},
    {"none has more than 200 bytes", "sender:" HUNDRED HUNDRED},
};

static void check_other(void **state)
{
  char const *word = ROWS_ROW(other_row, state)->word;
  size_t len = strlen(word);
  char *exact = rows_exact(word, len);

  assert_false(name_is((span){exact, len}));
  free(exact);
}

typedef struct {
  char const *name, *file; /* the one in GATE */
  char const *sender;
  int held;
  char const *fold; /* the text of .fold; 0: there is none */
} find_row;

static find_row const finds[] = {
    {"a sender whose file is there", "sender:ann@example.org", "ann@example.org", 1, 0},
    {"another sender", "sender:ann@example.org", "bob@example.org", 0, 0},
    {"a sender is folded", "sender:ann@example.org", "prvs=1234=Ann@Example.ORG", 1, 0},
    {"exact senders are not folded", "sender:ann@example.org", "Ann@example.org", 0, "exact\n"},
    {"an exact sender has an exact file", "sender:%41nn@example.org", "Ann@example.org", 1, "exact\n"},
    {"a sender is cut", "sender:ann@example.org", "ann+shop@example.org", 1, "+\n"},
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
    {"an account", "account:ann", "", 1, 0},
    {"an exact account is not folded", "account:ann", "", 0, "exact\n"},
    {"an exact account", "account:%41nn", "", 1, "exact\n"},
    {"what .fold says may have %XX", "sender:ann@example.org", "ann%shop@example.org", 1, "%25\n"},
    {"or no newline", "sender:ann@example.org", "ann-shop@example.org", 1, "+-"},
    {"an empty .fold says nothing", "sender:ann@example.org", "ann+shop@example.org", 0, ""},
};

static char directory[] = "/tmp/gate.XXXXXX";

static void path_of(char *path, char const *file)
{
  assert_true(snprintf(path, PATH_MAX, "%s/%s", directory, file) < PATH_MAX);
}

static void make(char const *file, char const *text)
{
  char path[PATH_MAX];
  path_of(path, file);
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, text, strlen(text)), strlen(text));
  close(fd);
}

static void take_away(char const *file)
{
  char path[PATH_MAX];
  path_of(path, file);
  assert_int_equal(unlink(path), 0);
}

/* With user ID 1001 and account Ann. */
static int asked(char const *gates, char const *sender, held_file *f)
{
  size_t len = strlen(sender);
  char *copy = rows_exact(sender, len);
  int held = held_find(
      gates, &(held_who){.sender = {copy, len}, .uid = "1001", .accounts = (char const *const[]){"Ann", 0}},
      f);
  free(copy);
  return held;
}

static void check_find(void **state)
{
  find_row const *r = ROWS_ROW(find_row, state);
  held_file f;

  if (r->fold)
    make(".fold", r->fold);
  int before = asked(directory, r->sender, &f);
  make(r->file, "");
  int held = asked(directory, r->sender, &f);
  take_away(r->file);
  if (r->fold)
    take_away(".fold");
  assert_false(before);
  assert_int_equal(held, r->held);
}

static void long_senders(void **state)
{
  static char sender[HELD_LONGEST + 2];
  char file[NAME_MAX_LEN + 1];
  held_file f;
  (void)state;

  memset(sender, 'a', HELD_LONGEST);
  name_held(file, NAME_SENDER, (span){sender, HELD_LONGEST});
  make(file, "r");
  assert_true(asked(directory, sender, &f));
  assert_int_equal(strlen(f.key), ALERT_FIELD);
  sender[HELD_LONGEST] = 'a';
  assert_false(asked(directory, sender, &f));
  take_away(file);
}

/* What a file says, made by hand or not; and that what is shown is a line without a terminal's controls. */
static void rules(void **state)
{
  static char const *const texts[][2] = {
      {"100:50/1h/remote/sender @4000 ann@x\n", "100:50/1h/remote/sender"},
      {"", "-"},
      {" \t\n", "-"},
      {"\nstolen, says Bob", "stolen,"},
      {"a\033[2Jb\n", "a_[2Jb"},
      {"5/1h/line/%C3%A4\n", "5/1h/line/%C3%A4"},
  };
  held_file f;
  (void)state;

  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    make("sender:ann@x", texts[i][0]);
    int held = asked(directory, "ann@x", &f);
    take_away("sender:ann@x");
    assert_true(held);
    assert_int_equal(f.kind, NAME_SENDER);
    assert_string_equal(f.key, "ann@x");
    assert_string_equal(f.rule, texts[i][1]);
    assert_false(f.discarded);
  }
}

static void link_to_nowhere(void **state)
{
  char path[PATH_MAX];
  held_file f;
  (void)state;

  path_of(path, "sender:ann@example.org");
  assert_int_equal(symlink("nowhere", path), 0);
  int held = asked(directory, "ann@example.org", &f);
  take_away("sender:ann@example.org");
  assert_true(held);
  assert_string_equal(f.rule, "-");
}

static void missing(void **state)
{
  static char dir[2 * PATH_MAX];
  held_file f;
  (void)state;

  assert_false(asked("/nonexistent", "ann@example.org", &f));
  assert_false(asked("", "ann@example.org", &f));
  assert_false(asked("::", "ann@example.org", &f));
  memset(dir, '/', sizeof dir - 1);
  for (size_t len = PATH_MAX - 2 * NAME_MAX_LEN; len < sizeof dir; len++) {
    dir[len] = 0;
    assert_false(asked(dir, "ann@example.org", &f));
    dir[len] = '/';
  }
}

int main(void)
{
  rows_list list = {0};

  if (!mkdtemp(directory))
    return 1;
  ROWS_ADD(&list, envelopes, check_envelope);
  ROWS_ADD(&list, names, check_name);
  ROWS_ADD(&list, others, check_other);
  ROWS_ADD(&list, finds, check_find);
  rows_one(&list, "a sender of 4,096 bytes is looked for, a longer one is not", long_senders);
  rows_one(&list, "the rule is the first word of the file, made visible", rules);
  rows_one(&list, "a link that leads nowhere holds as well", link_to_nowhere);
  rows_one(&list, "a GATE that is not there, or has too long a name, holds nobody", missing);
  int bad = rows_run(&list, "gate");
  return bad || rmdir(directory) < 0;
}
