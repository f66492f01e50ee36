#include "rows.h"

#include "gate/envelope.h"

typedef struct {
  char const *name, *bytes;
  size_t len;
  envelope_state state;
  char const *sender;
} row;

#define B(s) s, sizeof(s) - 1

static row const rows[] = {
    {"one recipient", B("Fann@x\0Tbob@y\0\0"), ENVELOPE_COMPLETE, "ann@x"},
    {"two recipients", B("Fann@x\0Tbob@y\0Tcarl@z\0\0"), ENVELOPE_COMPLETE, "ann@x"},
    {"no recipient", B("Fann@x\0\0"), ENVELOPE_COMPLETE, "ann@x"},
    {"the null sender", B("F\0Tbob@y\0\0"), ENVELOPE_COMPLETE, ""},
    {"an empty recipient", B("Fann@x\0T\0\0"), ENVELOPE_COMPLETE, "ann@x"},
    {"what follows the end does not count", B("Fann@x\0Tbob@y\0\0Fcarl@z\0\0"), ENVELOPE_COMPLETE, "ann@x"},
    {"a sender that looks like a recipient", B("FTbob@y\0Tbob@y\0\0"), ENVELOPE_COMPLETE, "Tbob@y"},
    {"nothing", B(""), ENVELOPE_CUT, 0},
    {"cut in the sender", B("Fann@x"), ENVELOPE_CUT, 0},
    {"cut behind the sender", B("Fann@x\0"), ENVELOPE_CUT, 0},
    {"cut in a recipient", B("Fann@x\0Tbob"), ENVELOPE_CUT, 0},
    {"cut behind a recipient", B("Fann@x\0Tbob@y\0"), ENVELOPE_CUT, 0},
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

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);

  for (size_t step = 1; step <= r->len + 1; step++) {
    envelope e = {0};
    assert_int_equal(feed(&e, r->bytes, r->len, step), r->state);
    if (!r->sender)
      continue;
    assert_int_equal(e.sender, strlen(r->sender));
    assert_memory_equal(r->bytes + 1, r->sender, e.sender);
  }
}

int main(void)
{
  rows_list list = {0};

  ROWS_ADD(&list, rows, check);
  return rows_run(&list, "envelope");
}
