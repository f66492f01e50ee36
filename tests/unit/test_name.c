#include "rows.h"

#include "gate/held_name.h"

typedef struct {
  char const *name;
  name_kind kind;
  char const *key, *file;
} row;

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

#define SEVEN(s) s s s s s s s
#define SLASHES SEVEN("/////////") /* 63 of them */
#define ESCAPED SEVEN("%2F%2F%2F%2F%2F%2F%2F%2F%2F")

static row const rows[] = {
    {"a sender stands as it is", NAME_SENDER, "ann@example.org", "sender:ann@example.org"},
    {"a domain", NAME_DOMAIN, "example.org", "domain:example.org"},
    {"a user ID", NAME_UID, "1001", "uid:1001"},
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

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  size_t len = strlen(r->key);
  char *key = rows_exact(r->key, len), *out = malloc(NAME_MAX_LEN + 1);

  assert_non_null(out);
  assert_int_equal(name_held(out, r->kind, (span){key, len}), strlen(r->file));
  assert_string_equal(out, r->file);
  assert_true(name_is(span_of(out)));
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

int main(void)
{
  rows_list list = {0};

  ROWS_ADD(&list, rows, check);
  ROWS_ADD(&list, others, check_other);
  return rows_run(&list, "name");
}
