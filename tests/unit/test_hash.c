#include "rows.h"

#include "base/hash.h"
#include "chance.h"

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

/* How many of 65,536 numbers, each so far behind the one before, are in the fullest of as many buckets. */
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
  rows_one(&list, "the oracle gives the value that the paper prints", oracle_is_right);
  rows_one(&list, "texts of all lengths hash as by SipHash-1-3 of salt and text", like_the_paper);
  rows_one(&list, "it does not matter where the bytes lie", wherever_it_lies);
  rows_one(&list, "every bit of key, salt and text matters", everything_matters);
  rows_one(&list, "zeros of different lengths differ", zeros_of_all_lengths);
  rows_one(&list, "mixing spreads numbers over the low bits", mix_spreads);
  rows_one(&list, "mixing keeps the counters of 300 rules apart", mix_tells_salts_apart);
  rows_one(&list, "numbers at any distance spread over the low bits", numbers_spread);
  rows_one(&list, "every bit of a number and its salt matters", all_of_a_number_matters);
  return rows_run(&list, "hash");
}
