#include "rows.h"

#include "base/tai64n.h"

#define BILLION INT64_C(1000000000)

typedef struct {
  char const *name, *label;
  int64_t seconds; /* since the Unix epoch */
  uint32_t nano;
} row;

static row const good[] = {
    {"the epoch is 10 s after 2^62", "@400000000000000a00000000", 0, 0},
    {"a moment of 2026 with its nanoseconds", "@400000006b04351a075bcd15", 1795437840, 123456789},
    {"the last nanosecond of a second", "@400000000000000a3b9ac9ff", 0, 999999999},
    {"a time before the epoch", "@400000000000000900000001", -1, 1},
    {"a time before 1958", "@3ffffffddca62c8a00000000", INT64_C(-9183024000), 0},
};

static row const bad[] = {
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

static row const odd[] = {
    {"label zero is a label", "@000000000000000000000000", INT64_C(-4611686018427387914), 0},
    {"the highest label not reserved", "@7fffffffffffffff00000005", INT64_C(4611686018427387893), 5},
    {"a reserved label is later than all times", "@800000000000000000000005", INT64_MAX, 5},
    {"the highest reserved label too", "@ffffffffffffffff00000000", INT64_MAX, 0},
};

static void check_fmt(void **state)
{
  row const *r = ROWS_ROW(row, state);
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
  row const *r = ROWS_ROW(row, state);
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
  row const *r = ROWS_ROW(row, state);
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

int main(void)
{
  static rows_list list;
  ROWS_ADD(&list, good, check_both);
  ROWS_ADD(&list, odd, check_scan);
  ROWS_ADD(&list, bad, check_bad);
  rows_one(&list, "every byte in every place is a digit or makes no label", every_byte_in_every_place);
  rows_one(&list, "the label of any int64_t is read back as the same time", extremes_are_read_back);
  return rows_run(&list, "label");
}
