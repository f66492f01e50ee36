#include "rows.h"

#include "chance.h"
#include "mail/sender.h"
#include <errno.h>

static hash_key const secret = {{7, 8}};
static folding const folded = {0, {"", 0}}, exact = {1, {"", 0}};

typedef struct {
  char const *name, *logged, *key, *domain;
} row;

static row const rows[] = {
    {"an address has key and domain", "Ann@Example.org", "ann@example.org", "example.org"},
    {"an address that folds to itself", "ann@example.org", "ann@example.org", "example.org"},
    {"the null sender has neither", "", "", ""},
    {"the double bounce sender has no domain", "#@[]", "#@[]", ""},
    {"an address without '@' has no domain", "root", "root", ""},
    {"a domain is behind the last '@'", "a@b@c", "a@b@c", "c"},
    {"an '@' at the end leaves an empty domain", "ann@", "ann@", ""},
    {"an ezmlm sender is its list", "list-return-12-ann=example.org@lists.org", "list-return@lists.org",
     "lists.org"},
    {"a VERP mark goes", "news-@lists.org-@[]", "news-@lists.org", "lists.org"},
    {"bytes outside of ASCII stay", "\xc3\x84nn@x", "\xc3\x84nn@x", "x"},
};

static void expect(span got, char const *wanted)
{
  assert_int_equal(got.len, strlen(wanted));
  if (got.len)
    assert_memory_equal(got.s, wanted, got.len);
}

static void check_fold(void **state)
{
  row const *r = ROWS_ROW(row, state);
  static sender s;
  size_t len = strlen(r->logged);
  char *logged = rows_exact(r->logged, len);
  memset(&s, 0xa5, sizeof s);
  sender_fold(&s, (span){logged, len}, &folded, &secret);
  expect(s.logged, r->logged);
  free(logged);
  expect(s.key, r->key);
  expect(sender_domain(&s), r->domain);
  assert_true(s.key_hash == hash_bytes(&secret, 0, s.key));
  assert_int_equal(s.generation, 0);
  assert_int_equal(s.applies_len, 0);
}

static void expect_same(sender const *a, sender const *b)
{
  assert_true(span_equal(a->logged, b->logged));
  assert_true(span_equal(a->key, b->key));
  assert_true(span_equal(sender_domain(a), sender_domain(b)));
  assert_true(a->key_hash == b->key_hash && a->domain_hash == b->domain_hash);
  assert_int_equal(a->generation, b->generation);
  assert_int_equal(a->applies_len, b->applies_len);
  assert_memory_equal(a->applies, b->applies, a->applies_len);
}

/* Stored and read back into a sender full of other things; not one cell is lost or miscounted. */
static void round_trip(pool *mem, sender const *s)
{
  static sender back;
  size_t used = mem->used, cells = 1000;
  cell c = sender_store(mem, s, &cells);
  assert_int_not_equal(c, 0);
  assert_int_equal(cells - 1000, mem->used - used);
  memset(&back, 0xa5, sizeof back);
  sender_load(mem, c, &back);
  expect_same(s, &back);
  assert_int_equal(sender_free(mem, c), cells - 1000);
  assert_int_equal(mem->used, used);
}

static void check_store(void **state)
{
  row const *r = ROWS_ROW(row, state);
  static sender s;
  pool mem;
  pool_open(&mem, 1 << 20, 0, 0);
  sender_fold(&s, span_of(r->logged), &folded, &secret);
  round_trip(&mem, &s);
  sender_fold(&s, span_of(r->logged), &exact, &secret);
  round_trip(&mem, &s);
  pool_close(&mem);
}

/* Capital letters, so that key and logged differ; and all numbers of rules. */
static void all_lengths(void **state)
{
  static char address[SENDER_MAX + 100];
  static sender s;
  uint64_t dice = 3;
  pool mem;
  (void)state;
  memset(address, 'A', sizeof address);
  address[50] = '@';
  pool_open(&mem, 1 << 20, 0, 0);
  for (size_t len = 0; len <= SENDER_MAX; len += len < 200 ? 1 : 333) {
    for (int how = 0; how < 2; how++) {
      sender_fold(&s, (span){address, len}, how ? &exact : &folded, &secret);
      s.generation = (uint32_t)chance(&dice);
      s.domain_hash = chance(&dice);
      s.applies_len = chance_below(&dice, 2) ? chance_below(&dice, SENDER_BITS + 1) : 0;
      for (size_t i = 0; i < s.applies_len; i++)
        s.applies[i] = (unsigned char)chance(&dice);
      assert_int_equal(s.logged.len, len);
      round_trip(&mem, &s);
    }
  }
  sender_fold(&s, (span){address, SENDER_MAX}, &folded, &secret);
  s.applies_len = SENDER_BITS;
  memset(s.applies, 0x55, SENDER_BITS);
  round_trip(&mem, &s);
  pool_close(&mem);
}

static void too_long(void **state)
{
  static char address[SENDER_MAX + 100];
  static sender s;
  (void)state;
  memset(address, 'a', sizeof address);
  sender_fold(&s, (span){address, sizeof address}, &folded, &secret);
  assert_int_equal(s.logged.len, SENDER_MAX);
  assert_int_equal(s.key.len, SENDER_MAX);
}

static void short_address_is_cheap(void **state)
{
  static sender s;
  size_t cells = 0;
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  sender_fold(&s, span_of("ann.lee@mail.example.org"), &folded, &secret);
  sender_store(&mem, &s, &cells);
  assert_int_equal(cells, 1);
  pool_close(&mem);
}

static void no_memory(void **state)
{
  static char address[SENDER_MAX];
  static sender s;
  size_t cells = 5, used;
  pool mem;
  (void)state;
  memset(address, 'A', sizeof address);
  sender_fold(&s, (span){address, sizeof address}, &folded, &secret);
  pool_open(&mem, POOL_CHUNK, 0, 0);
  while (mem.used < POOL_CELLS - 100)
    pool_take(&mem);
  used = mem.used;
  errno = 0;
  assert_int_equal(sender_store(&mem, &s, &cells), 0);
  assert_int_equal(errno, ENOMEM);
  assert_int_equal(cells, 5);
  assert_int_equal(mem.used, used);
  pool_close(&mem);
}

int main(void)
{
  static rows_list list;
  ROWS_ADD(&list, rows, check_fold);
  ROWS_ADD(&list, rows, check_store);
  rows_one(&list, "addresses and selections of all lengths come back from memory", all_lengths);
  rows_one(&list, "an address beyond the longest is cut", too_long);
  rows_one(&list, "a usual address takes one cell", short_address_is_cheap);
  rows_one(&list, "without memory nothing is kept and no cell counted", no_memory);
  return rows_run(&list, "sender");
}
