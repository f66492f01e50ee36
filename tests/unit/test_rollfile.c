#include "rows.h"

#include "hold/list_file.h"

typedef struct {
  char const *name, *text;
  char const *again; /* what is written of it; 0: the same */
  int odd;           /* a line is passed over */
} row;

#define ANN "made sender:ann@x 9/1h/msg/sender @a ann@x\n"
#define FOR "for 9/1h/msg/sender @a - -\n"

static row const rows[] = {
    {"nobody", "still 0\n", 0, 0},
    {"nothing at all", "", "still 0\n", 0},
    {"lines that are yet to come", "still 18446744073709551615\n", 0, 0},
    {"one who is held", "still 0\n" ANN FOR, 0, 0},
    {"two reasons", "still 0\n" ANN FOR "for 5/1d/remote/sender @b - -\n", 0, 0},
    {"a time, and all flags", "still 0\n" ANN "for 9/1h/msg/sender @a 1764330000 sde\n", 0, 0},
    {"all states",
     "still 0\nleaving domain:x 9/1h/msg/domain @a <>\nmade sender:b a b c\nnone sender:c a b c\nwanted "
     "uid:5 a b c\n",
     0, 0},
    {"a name that is escaped", "still 0\nmade sender:%2F%FF a b c\n", 0, 0},
    {"they are put in order", "still 0\nmade uid:5 a b c\nmade sender:b a b c\n",
     "still 0\nmade sender:b a b c\nmade uid:5 a b c\n", 0},
    {"a last line without a newline", "still 0\nmade uid:5 a b c", "still 0\nmade uid:5 a b c\n", 0},
    {"a name that leads elsewhere", "still 0\nmade ../x a b c\nmade sender:../x a b c\n" ANN, "still 0\n" ANN,
     1},
    {"a name of another kind", "still 0\nmade all:x a b c\nmade .held a b c\nmade sender a b c\n",
     "still 0\n", 1},
    {"a reason of one who was not understood", "still 0\nmade x a b c\n" FOR ANN, "still 0\n" ANN, 1},
    {"a reason of nobody", "still 0\n" FOR, "still 0\n", 1},
    {"an unknown state", "still 0\nheld sender:x a b c\n", "still 0\n", 1},
    {"the same name again", "still 0\n" ANN ANN, "still 0\n" ANN, 1},
    {"too few words", "still 0\nmade sender:x a b\n", "still 0\n", 1},
    {"too many words", "still 0\nmade sender:x a b c d\n", "still 0\n", 1},
    {"two spaces", "still 0\nmade sender:x a  c\n", "still 0\n", 1},
    {"an empty line", "still 0\n\n" ANN, "still 0\n" ANN, 1},
    {"a time that is none", "still 0\n" ANN "for r s 5x -\nfor r s 9223372036854775808 -\n", "still 0\n" ANN,
     1},
    {"no first line", "nonsense\n" ANN, "still 0\n" ANN, 1},
};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  size_t len = strlen(r->text);
  char *text = rows_exact(r->text, len);
  char const *again = r->again ? r->again : r->text;
  stralloc out = STRALLOC_ZERO;
  roll all = {0};

  assert_int_equal(rollfile_read(&all, (span){text, len}), !r->odd);
  assert_true(rollfile_write(&out, &all));
  assert_int_equal(out.len, strlen(again));
  assert_memory_equal(out.s, again, out.len);
  stralloc_free(&out);
  roll_close(&all);
  free(text);
}

int main(void)
{
  rows_list list = {0};

  ROWS_ADD(&list, rows, check);
  return rows_run(&list, "rollfile");
}
