#include "rows.h"

#include "base/scan.h"

typedef struct {
  char const *name, *in;
  size_t taken; /* 0: no number */
  uint64_t value;
} row;

static row const rows[] = {
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
    {"2^64-1 behind zeros", "0018446744073709551615", 22, UINT64_MAX},
    {"2^64 is too much", "18446744073709551616", 0, 0},
    {"2^64+4 is too much", "18446744073709551620", 0, 0},
    {"10 times 2^64 is too much", "184467440737095516160", 0, 0},
    {"twenty nines are too much", "99999999999999999999", 0, 0},
    {"a hundred digits are too much",
     "10000000000000000000000000000000000000000000000000000000000000000000000", 0, 0},
};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  size_t len = strlen(r->in);
  char *in = rows_exact(r->in, len);
  uint64_t u = 77;
  assert_int_equal(num_scan(&u, (span){in, len}), r->taken);
  assert_true(u == (r->taken ? r->value : 77));
  free(in);
}

/* Numbers of all lengths, in lines of all lengths, with any byte behind them. */
static void like_strtoull(void **state)
{
  (void)state;
  for (size_t digits = 1; digits <= 19; digits++)
    for (size_t more = 0; more <= 9; more++)
      for (int behind = 1; behind < 256; behind++) {
        char text[32] = "9081726354433221109";
        char *in;
        uint64_t u = 0;
        memset(text + digits, '7', sizeof text - digits);
        text[digits] = more && (behind < '0' || behind > '9') ? (char)behind : 0;
        text[digits + more] = 0;
        in = rows_exact(text, digits + more);
        assert_int_equal(num_scan(&u, (span){in, digits + more}), digits);
        assert_true(u == strtoull(text, 0, 10));
        free(in);
      }
}

int main(void)
{
  static rows_list list;
  ROWS_ADD(&list, rows, check);
  rows_one(&list, "numbers of all lengths are those of strtoull(3)", like_strtoull);
  return rows_run(&list, "num");
}
