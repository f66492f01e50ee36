#include "rows.h"

#include "mail/fold.h"
#include "chance.h"
#include "mail/sender.h"
#include <errno.h>

typedef struct {
  char const *name, *sender, *folded;
  char const *cut; /* 0: none */
} row_of_fold;

static row_of_fold const rows_of_fold[] = {
    {"capitals become small", "Ann@EXAMPLE.Org", "ann@example.org", 0},
    {"the letters at both ends of the alphabet too", "AZ@AZ", "az@az", 0},
    {"what stands next to the alphabet in ASCII stays", "@[`{^_", "@[`{^_", 0},
    {"bytes above 127 stay", "\xc4\xe4@x", "\xc4\xe4@x", 0},
    {"the null sender stays empty", "", "", 0},
    {"the double bounce sender stays as it stands", "#@[]", "#@[]", 0},

    {"a VERP mark goes", "list-@host-@[]", "list-@host", 0},
    {"a VERP mark without a dash goes", "list@host@[]", "list@host", 0},
    {"a VERP mark that is all leaves the null sender", "-@[]", "", 0},
    {"a VERP mark without a dash that is all leaves the null sender", "@[]", "", 0},
    {"a VERP mark leaves an address without a host", "nohost-@[]", "nohost", 0},
    {"only one VERP mark goes", "a@b-@[]-@[]", "a@b-@[]", 0},
    {"only one dash goes with a VERP mark", "a--@[]", "a-", 0},
    {"a VERP mark may leave the double bounce sender", "#@[]-@[]", "#@[]", 0},
    {"a longer address that ends like the double bounce sender has a VERP mark", "a#@[]", "a#", 0},
    {"a VERP mark with something after it is none", "a-@[]x", "a-@[]x", 0},
    {"a VERP mark in front is none", "-@[]a@b", "-@[]a@b", 0},
    {"half a VERP mark is none", "a@[", "a@[", 0},
    {"an address literal is no VERP mark", "a@[127.0.0.1]", "a@[127.0.0.1]", 0},

    {"prvs leaves the user", "prvs=0123456789=carol@example.org", "carol@example.org", 0},
    {"prvs in capitals leaves the user", "PRVS=12AB=Carol@x", "carol@x", 0},
    {"a prvs tag ends at the next '='", "prvs=tag=a=b@x", "a=b@x", 0},
    {"a prvs tag may be empty", "prvs==u@x", "u@x", 0},
    {"a second prvs stays", "prvs=t=prvs=t=u@x", "prvs=t=u@x", 0},
    {"prvs with one '=' is no tag", "prvs=carol@x", "prvs=carol@x", 0},
    {"prvs with its second '=' in the domain is no tag", "prvs=carol@x=y", "prvs=carol@x=y", 0},
    {"prvs with something in front is no tag", "xprvs=t=u@x", "xprvs=t=u@x", 0},
    {"prvs without '=' is no tag", "prvs-t=u@x", "prvs-t=u@x", 0},
    {"prvs without an '@' is no tag", "prvs=t=u", "prvs=t=u", 0},
    {"msprvs1 is another scheme", "msprvs1=1=u@x", "msprvs1=1=u@x", 0},

    {"btv1 leaves the user", "btv1==0123456789==dave@x", "dave@x", 0},
    {"a btv1 tag may contain a '='", "btv1==a=b==u@x", "u@x", 0},
    {"a btv1 tag ends at the next '=='", "btv1==t==a==b@x", "a==b@x", 0},
    {"a third '=' belongs to the user", "btv1==t===u@x", "=u@x", 0},
    {"btv1 with single '=' is no tag", "btv1=t=u@x", "btv1=t=u@x", 0},
    {"btv1 that never ends is no tag", "btv1==t=u@x", "btv1==t=u@x", 0},
    {"btv1 whose marks share a '=' is no tag", "btv1===u@x", "btv1===u@x", 0},
    {"btv2 is no tag", "btv2==t==u@x", "btv2==t==u@x", 0},
    {"btv1 without an '@' is no tag", "btv1==t==u", "btv1==t==u", 0},
    {"btv1 inside prvs goes too", "prvs=t=btv1==s==u@x", "u@x", 0},
    {"prvs inside btv1 stays", "btv1==s==prvs=t=u@x", "prvs=t=u@x", 0},

    {"SRS0 becomes srs", "SRS0=HHH=TT=orig.example.com=dave@fwd.example.org", "srs@fwd.example.org", 0},
    {"SRS1 becomes srs", "SRS1=HHH=a==HHH=TT=b=u@x", "srs@x", 0},
    {"SRS0 with '+' becomes srs", "srs0+h=t=d=u@x", "srs@x", 0},
    {"SRS0 with '-' becomes srs", "srs0-h=t=d=u@x", "srs@x", 0},
    {"SRS0 with nothing after its separator becomes srs", "srs0=@x", "srs@x", 0},
    {"SRS2 is no SRS", "srs2=h=t@x", "srs2=h=t@x", 0},
    {"SRS without a digit is no SRS", "srs=h=t@x", "srs=h=t@x", 0},
    {"SRS0 with another separator is no SRS", "srs0_h=t@x", "srs0_h=t@x", 0},
    {"SRS0 with nothing after it is no SRS", "srs0@x", "srs0@x", 0},
    {"SRS with two digits is no SRS", "srs01=h@x", "srs01=h@x", 0},
    {"SRS0 with something in front is no SRS", "asrs0=h@x", "asrs0=h@x", 0},
    {"SRS0 without an '@' is no SRS", "srs0=h=t", "srs0=h=t", 0},
    {"SRS0 inside prvs becomes srs", "prvs=t=srs0=h=t=d=u@x", "srs@x", 0},

    {"an ezmlm number with a recipient goes", "list-return-123-user=host@d", "list-return@d", 0},
    {"an ezmlm number with nothing after it goes", "list-return-123-@d", "list-return@d", 0},
    {"an ezmlm number goes with the VERP mark", "list-return-2-@lists-@[]", "list-return@lists", 0},
    {"an ezmlm number in capitals goes", "List-RETURN-1-U=H@D", "list-return@d", 0},
    {"an ezmlm recipient may begin with its '='", "l-return-1-=h@d", "l-return@d", 0},
    {"the last ezmlm number is cut", "a-return-1-b=c-return-2-u=h@d", "a-return-1-b=c-return@d", 0},
    {"two ezmlm numbers may share a dash", "a-return-1-return-2-u=h@d", "a-return-1-return@d", 0},
    {"an ezmlm number that does not count leaves the one before it", "a-return-1-u=h-return-2-x@d",
     "a-return@d", 0},
    {"an ezmlm number may be long", "l-return-123456789012345678901234567890-@d", "l-return@d", 0},
    {"an ezmlm list may have no name", "-return-1-@d", "-return@d", 0},
    {"an ezmlm number with a word after it stays", "list-return-123-user@d", "list-return-123-user@d", 0},
    {"an ezmlm number with no dash after it stays", "list-return-123@d", "list-return-123@d", 0},
    {"an ezmlm number with a '=' instead of the dash stays", "list-return-123=u@d", "list-return-123=u@d", 0},
    {"a '=' before an ezmlm number does not help it", "a=b-return-1-user@d", "a=b-return-1-user@d", 0},
    {"a '=' in the domain does not help it", "l-return-1-user@d=e", "l-return-1-user@d=e", 0},
    {"no number is no ezmlm number", "list-return--u=h@d", "list-return--u=h@d", 0},
    {"letters are no ezmlm number", "list-return-12a-u=h@d", "list-return-12a-u=h@d", 0},
    {"return without a dash in front is no ezmlm", "listreturn-1-u=h@d", "listreturn-1-u=h@d", 0},
    {"returns is no ezmlm", "list-returns-1-u=h@d", "list-returns-1-u=h@d", 0},
    {"Mailman's VERP goes", "news-bounces+ann=example.net@lists", "news-bounces@lists", 0},
    {"... in capitals", "News-Bounces+Ann=Example.Net@Lists", "news-bounces@lists", 0},
    {"... from its first '+'", "l+a+b=c@d", "l@d", 0},
    {"... whose '=' may come at once", "l+=c@d", "l@d", 0},
    {"... whose '=' may be the last byte", "l+a=@d", "l@d", 0},
    {"a '+' in first place is no VERP", "+ann=x@d", "+ann=x@d", 0},
    {"a '+' in first place leaves the next one", "+l+ann=x@d", "+l@d", 0},
    {"a '=' before the '+' is no VERP", "a=b+c@d", "a=b+c@d", 0},
    {"a '+' without '=' is no VERP", "ann+shop@d", "ann+shop@d", 0},
    {"a '=' in the domain is no VERP", "ann+shop@d=e", "ann+shop@d=e", 0},
    {"a VERP without an '@' stays", "l+a=b", "l+a=b", 0},
    {"an ezmlm number that went leaves a '+'", "l+x-return-1-a=b@d", "l+x-return@d", 0},
    {"an ezmlm number that stays does not keep a VERP", "l-return-1-x+a=b@d", "l-return@d", 0},
    {"a VERP inside prvs goes", "prvs=t=l+a=b@d", "l@d", 0},
    {"-x comes after a VERP", "a-l+b=c@d", "a@d", "-"},
    {"srs leaves no VERP", "srs0=a+b=c@d", "srs@d", 0},
    {"ezmlm without an '@' stays", "list-return-1-", "list-return-1-", 0},
    {"an ezmlm number inside prvs goes", "prvs=t=l-return-1-u=h@d", "l-return@d", 0},

    {"-x drops what is after the character", "ann+shop@x", "ann@x", "+"},
    {"-x drops from the first of several characters", "ann-a+b@x", "ann@x", "+-"},
    {"-x takes the order of its characters for nothing", "ann-a+b@x", "ann@x", "-+"},
    {"-x does not count a character in first place", "+ann@x", "+ann@x", "+"},
    {"-x counts the second one after one in first place", "+ann+shop@x", "+ann@x", "+"},
    {"-x counts a character in second place", "++@x", "+@x", "+"},
    {"-x leaves the domain alone", "ann@x+y", "ann@x+y", "+"},
    {"-x works without an '@'", "ann+shop", "ann", "+"},
    {"-x works on an '@' before the last", "a@b@c", "a@c", "@"},
    {"-x characters are lower-cased too", "annXshop@d", "ann@d", "X"},
    {"-x comes after the ezmlm number", "l-return-1-u=h@d", "l@d", "-"},
    {"-x comes after prvs", "prvs=t=ann=b@d", "ann@d", "="},
    {"-x leaves the double bounce sender alone", "#@[]", "#@[]", "#@["},
    {"-x comes after the VERP mark", "a-b@c-@[]", "a@c", "-"},
    {"-x without its character changes nothing", "ann@x", "ann@x", "+"},

    {"the last '@' ends the local part", "prvs=t=a@b@c", "a@b@c", 0},
    {"an empty local part stays", "@d", "@d", 0},
    {"an empty domain stays", "a@", "a@", 0},
};

static void check(void **state)
{
  row_of_fold const *r = ROWS_ROW(row_of_fold, state);
  size_t len = strlen(r->sender);
  char *in = rows_exact(r->sender, len), *out = rows_exact(r->sender, len);
  folding how = {0, span_of(r->cut ? r->cut : "")};
  size_t n = fold_sender(out, (span){in, len}, &how);
  assert_true(n <= len);
  assert_int_equal(n, strlen(r->folded));
  assert_memory_equal(out, r->folded, n);
  free(in);
  free(out);
}

static void check_exact(void **state)
{
  row_of_fold const *r = ROWS_ROW(row_of_fold, state);
  size_t len = strlen(r->sender);
  char *out = rows_exact("................................", len);
  folding how = {1, span_of("")};
  assert_int_equal(fold_sender(out, span_of(r->sender), &how), len);
  assert_memory_equal(out, r->sender, len);
  free(out);
}

typedef struct {
  char const *name, *folded, *domain;
} domain_row;

static domain_row const domains[] = {
    {"the domain is after the '@'", "ann@example.org", "example.org"},
    {"the domain is after the last '@'", "a@b@c", "c"},
    {"a sender without '@' has no domain", "ann", ""},
    {"nothing after the '@' is no domain", "ann@", ""},
    {"the null sender has no domain", "", ""},
};

static void check_domain(void **state)
{
  domain_row const *r = ROWS_ROW(domain_row, state);
  assert_true(span_equal(fold_domain(span_of(r->folded)), span_of(r->domain)));
}

typedef struct {
  char const *name, *folded;
  int null;
} null_row;

static null_row const nulls[] = {
    {"nothing is a null sender", "", 1},
    {"#@[] is a null sender", "#@[]", 1},
    {"# is none", "#", 0},
    {"@[] is none", "@[]", 0},
    {"x#@[] is none", "x#@[]", 0},
    {"an address is none", "ann@example.org", 0},
};

static void check_null(void **state)
{
  null_row const *r = ROWS_ROW(null_row, state);
  assert_int_equal(fold_null(span_of(r->folded)), r->null);
}

static row_of_fold const exact_of_fold[] = {
    {"-e keeps capitals", "Ann@EXAMPLE.Org", 0, 0}, {"-e keeps a VERP mark", "list-@host-@[]", 0, 0},
    {"-e keeps prvs", "prvs=1=u@x", 0, 0},          {"-e keeps an ezmlm number", "list-return-123-@d", 0, 0},
    {"-e keeps the null sender", "", 0, 0},
};

static void no_overread(void **state)
{
  (void)state;
  static char const *const hard[] = {"prvs=",       "prvs=@",   "btv1==@", "btv1==",    "srs0",
                                     "srs0@",       "-return@", "-return", "-return-@", "-return-1@",
                                     "-return-1-@", "@",        "]",       "[]",        "@["};
  for (size_t i = 0; i < sizeof hard / sizeof *hard; i++)
    for (size_t len = 0; len <= strlen(hard[i]); len++) {
      char *in = rows_exact(hard[i], len), *out = rows_exact(hard[i], len);
      folding how = {0, span_of("+-")};
      assert_true(fold_sender(out, (span){in, len}, &how) <= len);
      free(in);
      free(out);
    }
}

/* None of the characters that are looked for is a zero. */
static void nul_bytes(void **state)
{
  (void)state;
  static span const kept[] = {{"srs0\0h=t@x", 10}, {"a\0b@x", 5}, {"\0a@x", 4}, {"\0", 1}, {"a\0", 2}};
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
    char *in = rows_exact(kept[i].s, kept[i].len), *out = rows_exact(kept[i].s, kept[i].len);
    char *cut = rows_exact("+", 1);
    folding how = {0, {cut, 1}};
    assert_int_equal(fold_sender(out, (span){in, kept[i].len}, &how), kept[i].len);
    assert_memory_equal(out, kept[i].s, kept[i].len);
    free(in);
    free(out);
    free(cut);
  }
}

static hash_key const secret = {{7, 8}};
static folding const folded = {0, {"", 0}}, exact_of_sender = {1, {"", 0}};

typedef struct {
  char const *name, *logged, *key, *domain;
} row_of_sender;

static row_of_sender const rows_of_sender[] = {
    {"an address has key and domain", "Ann@Example.org", "ann@example.org", "example.org"},
    {"an address that folds to itself", "ann@example.org", "ann@example.org", "example.org"},
    {"the null sender has neither", "", "", ""},
    {"the double bounce sender has no domain", "#@[]", "#@[]", ""},
    {"an address without '@' has no domain", "root", "root", ""},
    {"a domain is after the last '@'", "a@b@c", "a@b@c", "c"},
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
  row_of_sender const *r = ROWS_ROW(row_of_sender, state);
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
  row_of_sender const *r = ROWS_ROW(row_of_sender, state);
  static sender s;
  pool mem;
  pool_open(&mem, 1 << 20, 0, 0);
  sender_fold(&s, span_of(r->logged), &folded, &secret);
  round_trip(&mem, &s);
  sender_fold(&s, span_of(r->logged), &exact_of_sender, &secret);
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
      sender_fold(&s, (span){address, len}, how ? &exact_of_sender : &folded, &secret);
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

  ROWS_ADD(&list, rows_of_fold, check);
  ROWS_ADD(&list, exact_of_fold, check_exact);
  ROWS_ADD(&list, domains, check_domain);
  ROWS_ADD(&list, nulls, check_null);
  rows_one(&list, "an address cut anywhere is not read beyond its end", no_overread);
  rows_one(&list, "a NUL byte is a byte like any other", nul_bytes);
  ROWS_ADD(&list, rows_of_sender, check_fold);
  ROWS_ADD(&list, rows_of_sender, check_store);
  rows_one(&list, "addresses and selections of all lengths come back from memory", all_lengths);
  rows_one(&list, "an address beyond the longest is cut", too_long);
  rows_one(&list, "a usual address takes one cell", short_address_is_cheap);
  rows_one(&list, "without memory nothing is kept and no cell counted", no_memory);
  return rows_run(&list, "fold");
}
