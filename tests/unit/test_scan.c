#include "rows.h"

#include "base/scan.h"
#include "base/tai64n.h"
#include "base/span.h"
#include "base/hash.h"
#include "chance.h"
#include <time.h>

typedef struct {
  char const *name, *in;
  size_t taken; /* 0: no number */
  uint64_t value;
} row_of_num;

static row_of_num const rows[] = {
    {"nothing is no number", "", 0, 0},
    {"a letter is no number", "x1", 0, 0},
    {"a plus sign is no number", "+1", 0, 0},
    {"a minus sign is no number", "-1", 0, 0},
    {"a blank before is no number", " 1", 0, 0},
    {"the byte before '0' is no digit", "/", 0, 0},
    {"the byte after '9' is no digit", ":", 0, 0},
    {"a byte above 127 is no digit", "\xb1", 0, 0},
    {"zero", "0", 1, 0},
    {"nine", "9", 1, 9},
    {"a number ends at the first other byte", "123: bytes", 3, 123},
    {"a hex prefix is the number 0", "0x10", 1, 0},
    {"leading zeros are allowed", "000042", 6, 42},
    {"leading zeros do not overflow", "0000000000000000000000000000000007", 34, 7},
    {"2^63", "9223372036854775808", 19, (uint64_t)1 << 63},
    {"17 * 10^18 + 9", "17000000000000000009", 20, UINT64_C(17000000000000000009)},
    {"2^64-2", "18446744073709551614", 20, UINT64_MAX - 1},
    {"2^64-1 is the highest", "18446744073709551615", 20, UINT64_MAX},
    {"2^64-1 after zeros", "0018446744073709551615", 22, UINT64_MAX},
    {"2^64 is too much", "18446744073709551616", 0, 0},
    {"2^64+4 is too much", "18446744073709551620", 0, 0},
    {"10 times 2^64 is too much", "184467440737095516160", 0, 0},
    {"twenty nines are too much", "99999999999999999999", 0, 0},
    {"a hundred digits are too much",
     "10000000000000000000000000000000000000000000000000000000000000000000000", 0, 0},
};

static void check(void **state)
{
  row_of_num const *r = ROWS_ROW(row_of_num, state);
  size_t len = strlen(r->in);
  char *in = rows_exact(r->in, len);
  uint64_t u = 77;
  assert_int_equal(num_scan(&u, (span){in, len}), r->taken);
  assert_true(u == (r->taken ? r->value : 77));
  free(in);
}

/* Numbers of all lengths, in lines of all lengths, with any byte after them. */
static void like_strtoull(void **state)
{
  (void)state;
  for (size_t digits = 1; digits <= 19; digits++)
    for (size_t more = 0; more <= 9; more++)
      for (int after = 1; after < 256; after++) {
        char text[32] = "9081726354433221109";
        char *in;
        uint64_t u = 0;
        memset(text + digits, '7', sizeof text - digits);
        text[digits] = more && (after < '0' || after > '9') ? (char)after : 0;
        text[digits + more] = 0;
        in = rows_exact(text, digits + more);
        assert_int_equal(num_scan(&u, (span){in, digits + more}), digits);
        assert_true(u == strtoull(text, 0, 10));
        free(in);
      }
}

#define BILLION INT64_C(1000000000)

typedef struct {
  char const *name, *label;
  int64_t seconds; /* since the Unix epoch */
  uint32_t nano;
} row_of_label;

static row_of_label const good[] = {
    {"the epoch is 10 s after 2^62", "@400000000000000a00000000", 0, 0},
    {"a moment of 2026 with its nanoseconds", "@400000006b04351a075bcd15", 1795437840, 123456789},
    {"the last nanosecond of a second", "@400000000000000a3b9ac9ff", 0, 999999999},
    {"a time before the epoch", "@400000000000000900000001", -1, 1},
    {"a time before 1958", "@3ffffffddca62c8a00000000", INT64_C(-9183024000), 0},
};

static row_of_label const bad[] = {
    {"nothing is no label", "", 0, 0},
    {"an '@' alone is no label", "@", 0, 0},
    {"23 digits are no label", "@400000006b04351a075bcd1", 0, 0},
    {"no '@', no label", "4400000006b04351a075bcd15", 0, 0},
    {"an upper-case digit makes no label", "@400000006B04351a075bcd15", 0, 0},
    {"an upper-case digit in the nanoseconds makes no label", "@400000006b04351a075bcD15", 0, 0},
    {"a 'g' makes no label", "@400000006b04351a075bcdg5", 0, 0},
    {"a blank makes no label", "@40000000 b04351a075bcd15", 0, 0},
    {"10^9 nanoseconds make no label", "@400000006b04351a3b9aca00", 0, 0},
    {"2^32-1 nanoseconds make no label", "@400000006b04351affffffff", 0, 0},
};

static row_of_label const odd[] = {
    {"label zero is a label", "@000000000000000000000000", INT64_C(-4611686018427387914), 0},
    {"the highest label not reserved", "@7fffffffffffffff00000005", INT64_C(4611686018427387893), 5},
    {"a reserved label is later than all times", "@800000000000000000000005", INT64_MAX, 5},
    {"the highest reserved label too", "@ffffffffffffffff00000000", INT64_MAX, 0},
};

static void check_fmt(void **state)
{
  row_of_label const *r = ROWS_ROW(row_of_label, state);
  char out[LABEL_FMT + 1] = {0};
  out[LABEL_FMT] = '#';
  assert_int_equal(label_fmt(out, r->seconds * BILLION + r->nano), LABEL_FMT);
  assert_memory_equal(out, r->label, LABEL_FMT);
  assert_int_equal(out[LABEL_FMT], '#');
}

static size_t scan(char const *label, size_t len, int64_t *seconds, uint32_t *nano)
{
  char *in = rows_exact(label, len);
  size_t taken = label_scan(seconds, nano, (span){in, len});
  free(in);
  return taken;
}

static void check_scan(void **state)
{
  row_of_label const *r = ROWS_ROW(row_of_label, state);
  int64_t seconds;
  uint32_t nano;
  assert_int_equal(scan(r->label, strlen(r->label), &seconds, &nano), LABEL_FMT);
  assert_true(seconds == r->seconds);
  assert_int_equal(nano, r->nano);
}

static void check_both(void **state)
{
  check_fmt(state);
  check_scan(state);
}

static void check_bad(void **state)
{
  row_of_label const *r = ROWS_ROW(row_of_label, state);
  int64_t seconds;
  uint32_t nano;
  assert_int_equal(scan(r->label, strlen(r->label), &seconds, &nano), 0);
}

static void every_byte_in_every_place(void **state)
{
  char label[] = "@4123456789abcdef01234567";
  (void)state;
  for (size_t at = 1; at < LABEL_FMT; at++) {
    char kept = label[at];
    for (int byte = 0; byte < 256; byte++) {
      int64_t seconds;
      uint32_t nano;
      int digit = byte && strchr("0123456789abcdef", byte);
      label[at] = (char)byte;
      if (digit && !(at == 17 && byte > '3')) {
        char tail[9] = {0}, head[17] = {0};
        memcpy(head, label + 1, 16);
        memcpy(tail, label + 17, 8);
        assert_int_equal(scan(label, LABEL_FMT, &seconds, &nano), LABEL_FMT);
        assert_int_equal(nano, strtoul(tail, 0, 16));
        if (at > 1 || byte < '8')
          assert_true((uint64_t)seconds + 10 + ((uint64_t)1 << 62) == strtoull(head, 0, 16));
      } else
        assert_int_equal(scan(label, LABEL_FMT, &seconds, &nano), 0);
    }
    label[at] = kept;
  }
}

static void extremes_are_read_back(void **state)
{
  static int64_t const when[] = {INT64_MIN, INT64_MIN + 1, -BILLION - 1, -BILLION, -1, 1, BILLION, INT64_MAX};
  (void)state;
  for (size_t i = 0; i < sizeof when / sizeof *when; i++) {
    char out[LABEL_FMT];
    int64_t seconds;
    uint32_t nano;
    label_fmt(out, when[i]);
    assert_int_equal(scan(out, LABEL_FMT, &seconds, &nano), LABEL_FMT);
    assert_true((uint64_t)seconds * (uint64_t)BILLION + nano == (uint64_t)when[i]);
  }
}

static int64_t shown(clockid_t clock)
{
  struct timespec t;
  assert_int_equal(clock_gettime(clock, &t), 0);
  return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

/* Read in between, it lies in between. */
static void both_clocks(void **state)
{
  (void)state;
  for (int i = 0; i < 1000; i++) {
    int64_t wall = shown(CLOCK_REALTIME), mono = shown(CLOCK_MONOTONIC);
    moment m = moment_now();
    assert_true(wall <= m.wall && m.wall <= shown(CLOCK_REALTIME));
    assert_true(mono <= m.mono && m.mono <= shown(CLOCK_MONOTONIC));
  }
}

/* SipHash-c-d as its paper has it, a byte at a time, over the salt's bytes and then the text; the last word
 * ends with the length of the text alone. */
typedef struct {
  uint64_t v[4];
} sip;

static uint64_t turn(uint64_t x, int n)
{
  return x << n | x >> (64 - n);
}

static void rounds(sip *s, int n)
{
  uint64_t *v = s->v;
  while (n--) {
    v[0] += v[1], v[2] += v[3];
    v[1] = turn(v[1], 13) ^ v[0], v[3] = turn(v[3], 16) ^ v[2];
    v[0] = turn(v[0], 32);
    v[2] += v[1], v[0] += v[3];
    v[1] = turn(v[1], 17) ^ v[2], v[3] = turn(v[3], 21) ^ v[0];
    v[2] = turn(v[2], 32);
  }
}

static void word(sip *s, uint64_t m, int c)
{
  s->v[3] ^= m;
  rounds(s, c);
  s->v[0] ^= m;
}

static uint64_t siphash(uint64_t k0, uint64_t k1, unsigned char const *in, size_t len, size_t shown, int c,
                        int d)
{
  sip s = {
      {k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573}};
  uint64_t m = 0;
  for (size_t i = 0; i < len; i++) {
    m |= (uint64_t)in[i] << (i % 8 * 8);
    if (i % 8 == 7) {
      word(&s, m, c);
      m = 0;
    }
  }
  word(&s, m | (uint64_t)shown << 56, c);
  s.v[2] ^= 0xff;
  rounds(&s, d);
  return s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
}

static void oracle_is_right(void **state)
{
  unsigned char in[15];
  (void)state;
  for (unsigned char i = 0; i < 15; i++)
    in[i] = i;
  assert_true(siphash(0x0706050403020100, 0x0f0e0d0c0b0a0908, in, 15, 15, 2, 4) == 0xa129ca6149be45e5);
}

static void like_the_paper(void **state)
{
  uint64_t dice = 1;
  (void)state;
  for (size_t len = 0; len < 600; len++) {
    hash_key key = {{chance(&dice), chance(&dice)}};
    uint64_t salt = chance(&dice);
    unsigned char *in = malloc(len + 8);
    char *exact;
    for (size_t i = 0; i < len + 8; i++)
      in[i] = (unsigned char)((i < 8 ? salt >> 8 * i : chance(&dice)) & 255);
    exact = rows_exact(in + 8, len);
    assert_true(hash_bytes(&key, salt, (span){exact, len}) ==
                siphash(key.word[0], key.word[1], in, len + 8, len, 1, 3));
    free(exact);
    free(in);
  }
}

static void wherever_it_lies(void **state)
{
  hash_key key = {{1, 2}};
  char room[64];
  (void)state;
  for (size_t at = 0; at < 16; at++) {
    memset(room, (int)at, sizeof room);
    memcpy(room + at, "ann@example.org", 15);
    assert_true(hash_bytes(&key, 7, (span){room + at, 15}) ==
                hash_bytes(&key, 7, span_of("ann@example.org")));
  }
}

static void everything_matters(void **state)
{
  char const *s = "ann-return-12@example.org";
  span text = span_of(s);
  hash_key key = {{1, 2}};
  uint64_t h = hash_bytes(&key, 3, text);
  char other[64];
  (void)state;
  for (int bit = 0; bit < 64; bit++) {
    hash_key low = {{1 ^ (uint64_t)1 << bit, 2}}, high = {{1, 2 ^ (uint64_t)1 << bit}};
    assert_true(hash_bytes(&low, 3, text) != h);
    assert_true(hash_bytes(&high, 3, text) != h);
    assert_true(hash_bytes(&key, 3 ^ (uint64_t)1 << bit, text) != h);
  }
  for (size_t i = 0; i < 8 * text.len; i++) {
    memcpy(other, s, text.len);
    other[i / 8] = (char)(other[i / 8] ^ 1 << i % 8);
    assert_true(hash_bytes(&key, 3, (span){other, text.len}) != h);
  }
}

static void zeros_of_all_lengths(void **state)
{
  static char const zeros[256];
  uint64_t h[256];
  hash_key key = {{1, 2}};
  (void)state;
  for (size_t i = 0; i < 256; i++) {
    h[i] = hash_bytes(&key, 0, (span){zeros, i});
    for (size_t k = 0; k < i; k++)
      assert_true(h[i] != h[k]);
  }
}

/* Nothing of 65,536 numbers under 4 salts may crowd the low bits, which choose the bucket. */
static void mix_spreads(void **state)
{
  static unsigned int bucket[65536];
  (void)state;
  for (uint64_t salt = 0; salt < 4; salt++) {
    unsigned int most = 0;
    memset(bucket, 0, sizeof bucket);
    for (uint64_t i = 0; i < 65536; i++) {
      unsigned int n = ++bucket[hash_mix(i << (16 * salt), salt + 1) & 65535];
      most = n > most ? n : most;
    }
    assert_true(most <= 12);
  }
}

static void mix_tells_salts_apart(void **state)
{
  (void)state;
  for (uint64_t a = 0; a < 300; a++)
    for (uint64_t b = 0; b < a; b++)
      assert_true((uint32_t)hash_mix(4711, a) != (uint32_t)hash_mix(4711, b));
}

/* How many of 65,536 numbers, each so far after the one before, are in the fullest of as many buckets. */
static unsigned int fullest(hash_key const *key, uint64_t salt, uint64_t step)
{
  static unsigned int bucket[65536];
  unsigned int most = 0;

  memset(bucket, 0, sizeof bucket);
  for (uint64_t i = 0; i < 65536; i++) {
    unsigned int n = ++bucket[hash_number(key, salt, i * step) & 65535];
    most = n > most ? n : most;
  }
  return most;
}

static void numbers_spread(void **state)
{
  uint64_t dice = 7;
  (void)state;
  for (int keys = 0; keys < 10; keys++) {
    hash_key key = {{0, 0, chance(&dice), chance(&dice), chance(&dice)}};
    for (int shift = 0; shift <= 48; shift++) {
      uint64_t step = (uint64_t)1 << shift;
      assert_in_range(fullest(&key, keys % 2 ? chance(&dice) : 0, step), 1, 24);
      assert_in_range(fullest(&key, 0, 3 * step + 1), 1, 24);
    }
  }
}

static void all_of_a_number_matters(void **state)
{
  hash_key key = {{0, 0, 0x9ae16a3b2f90404f, 0xc949d7c7509e6557, 0x3c6ef372fe94f82a}};
  (void)state;
  for (int bit = 0; bit < 64; bit++) {
    uint64_t one = (uint64_t)1 << bit;
    assert_int_not_equal(hash_number(&key, 0, 12345), hash_number(&key, 0, 12345 ^ one));
    assert_int_not_equal(hash_number(&key, 0, 12345), hash_number(&key, one, 12345));
  }
}

int main(void)
{
  static rows_list list;

  ROWS_ADD(&list, rows, check);
  rows_one(&list, "numbers of all lengths are those of strtoull(3)", like_strtoull);
  ROWS_ADD(&list, good, check_both);
  ROWS_ADD(&list, odd, check_scan);
  ROWS_ADD(&list, bad, check_bad);
  rows_one(&list, "every byte in every place is a digit or makes no label", every_byte_in_every_place);
  rows_one(&list, "the label of any int64_t is read back as the same time", extremes_are_read_back);
  rows_one(&list, "a moment is what both clocks of the machine show", both_clocks);
  rows_one(&list, "the oracle gives the value that the paper prints", oracle_is_right);
  rows_one(&list, "texts of all lengths hash as by SipHash-1-3 of salt and text", like_the_paper);
  rows_one(&list, "it does not matter where the bytes lie", wherever_it_lies);
  rows_one(&list, "every bit of key, salt and text matters", everything_matters);
  rows_one(&list, "zeros of different lengths differ", zeros_of_all_lengths);
  rows_one(&list, "mixing spreads numbers over the low bits", mix_spreads);
  rows_one(&list, "mixing keeps the counters of 300 rules apart", mix_tells_salts_apart);
  rows_one(&list, "numbers at any distance spread over the low bits", numbers_spread);
  rows_one(&list, "every bit of a number and its salt matters", all_of_a_number_matters);
  return rows_run(&list, "scan");
}
