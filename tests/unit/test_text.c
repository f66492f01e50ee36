#include "rows.h"

#include "chance.h"
#include "count/text.h"
#include <errno.h>

#define LONGEST 200000

static char const *bytes_of(uint64_t seed)
{
  static char s[LONGEST];
  for (size_t i = 0; i < sizeof s; i++)
    s[i] = (char)chance(&seed);
  return s;
}

/* Stored, read back whole and in part, and given back, with no byte beyond read or written. */
static void round_trip(pool *mem, size_t len)
{
  char *in = rows_exact(bytes_of(len), len), *out = malloc(len + 1);
  size_t used = mem->used;
  cell c = text_store(mem, (span){in, len});

  assert_int_not_equal(c, 0);
  assert_int_equal(mem->used - used, text_cells(len));
  out[len] = 'x';
  text_load(mem, c, out, len);
  assert_memory_equal(out, in, len);
  assert_int_equal(out[len], 'x');
  memset(out, 'z', len);
  text_load(mem, c, out, len / 2);
  assert_memory_equal(out, in, len / 2);
  assert_true(!len || out[len / 2] == 'z');
  assert_true(text_begins(mem, c, (span){in, len}));
  assert_true(text_begins(mem, c, (span){in, len / 2}));
  assert_true(text_begins(mem, c, (span){in, 0}));
  if (len) {
    in[len - 1] ^= 1;
    assert_false(text_begins(mem, c, (span){in, len}));
    assert_true(text_begins(mem, c, (span){in, len - 1}));
    in[len - 1] ^= 1;
    in[0] ^= 1;
    assert_false(text_begins(mem, c, (span){in, 1}));
  }
  assert_int_equal(text_free(mem, c), text_cells(len));
  assert_int_equal(mem->used, used);
  free(in);
  free(out);
}

static void all_lengths(void **state)
{
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (cell c = 1; c < 50; c++)
    assert_int_equal(pool_take(&mem), c);
  for (cell c = 1; c < 50; c++) /* so that there are traces in them */
    pool_give(&mem, c);
  for (size_t len = 0; len <= 400; len++)
    round_trip(&mem, len);
  round_trip(&mem, 8192);
  round_trip(&mem, LONGEST - 1);
  round_trip(&mem, LONGEST);
  pool_close(&mem);
}

/* Several pieces are one text, read back in other pieces. */
static void in_pieces(void **state)
{
  char in[300], out[300];
  pool mem;
  (void)state;
  for (size_t i = 0; i < sizeof in; i++)
    in[i] = (char)('a' + i % 23);
  pool_open(&mem, 1 << 20, 0, 0);
  for (size_t a = 0; a <= sizeof in; a += 7)
    for (size_t b = a; b <= sizeof in; b += 13) {
      span const all[] = {{in, a}, {in + a, b - a}, {in + b, sizeof in - b}};
      cell c = text_store_all(&mem, all, 3);
      text_place at = {c, 0};
      assert_int_equal(mem.used, text_cells(sizeof in));
      text_read(&mem, &at, out, b);
      text_read(&mem, &at, out + b, 0);
      text_read(&mem, &at, out + b, sizeof in - b);
      assert_memory_equal(in, out, sizeof in);
      assert_int_equal(text_free(&mem, c), text_cells(sizeof in));
      assert_int_equal(mem.used, 0);
    }
  pool_close(&mem);
}

/* Where a piece has no room nothing is left behind. */
static void no_room_for_a_piece(void **state)
{
  span const all[] = {
      {"a", 1}, {"", 0}, {"0123456789012345678901234567890123456789012345678901234567890123456789", 70}};
  pool mem;
  (void)state;
  pool_open(&mem, POOL_CHUNK, 0, 0);
  for (size_t i = 0; i + 2 < POOL_CELLS; i++)
    assert_int_not_equal(pool_take(&mem), 0);
  assert_int_equal(text_store_all(&mem, all, 3), 0);
  assert_int_equal(mem.used, POOL_CELLS - 2);
  pool_close(&mem);
}

static void empty_text(void **state)
{
  pool mem;
  cell c;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  c = text_store(&mem, (span){"", 0});
  assert_int_not_equal(c, 0);
  assert_int_equal(mem.used, 1);
  assert_int_equal(text_cells(0), 1);
  assert_int_equal(text_free(&mem, c), 1);
  pool_close(&mem);
}

static void cells_count(void **state)
{
  (void)state;
  assert_int_equal(text_cells(1), 1);
  assert_int_equal(text_cells(60), 1);
  assert_int_equal(text_cells(61), 2);
  assert_int_equal(text_cells(120), 2);
  assert_int_equal(text_cells(121), 3);
}

/* Room for 1,023 cells: a text that does not fit leaves nothing behind, however far it got. */
static void no_memory(void **state)
{
  pool mem;
  (void)state;
  pool_open(&mem, POOL_CHUNK, 0, 0);
  for (size_t held = POOL_CELLS - 1; held > POOL_CELLS - 12; held--) {
    size_t room = POOL_CELLS - 1 - held;
    while (mem.used < held)
      assert_int_not_equal(pool_take(&mem), 0);
    errno = 0;
    assert_int_equal(text_store(&mem, (span){bytes_of(1), 60 * room + 1}), 0);
    assert_int_equal(errno, ENOMEM);
    assert_int_equal(mem.used, held);
    if (room)
      assert_int_equal(text_free(&mem, text_store(&mem, (span){bytes_of(1), 60 * room})), room);
    pool_close(&mem);
    pool_open(&mem, POOL_CHUNK, 0, 0);
  }
  pool_close(&mem);
}

static void texts_are_apart(void **state)
{
  enum { TEXTS = 200 };
  cell c[TEXTS];
  char out[TEXTS * 3];
  pool mem;
  (void)state;
  pool_open(&mem, 1 << 20, 0, 0);
  for (size_t i = 0; i < TEXTS; i++)
    c[i] = text_store(&mem, (span){bytes_of(i), 3 * i});
  for (size_t i = 0; i < TEXTS; i += 2)
    text_free(&mem, c[i]);
  for (size_t i = 0; i < TEXTS; i += 2)
    c[i] = text_store(&mem, (span){bytes_of(i + 1000), 3 * i});
  for (size_t i = 0; i < TEXTS; i++) {
    text_load(&mem, c[i], out, 3 * i);
    assert_memory_equal(out, bytes_of(i % 2 ? i : i + 1000), 3 * i);
  }
  pool_close(&mem);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "texts of all lengths come back whole, in part and compared", all_lengths);
  rows_one(&list, "several pieces are one text", in_pieces);
  rows_one(&list, "a piece for which there is no memory leaves nothing behind", no_room_for_a_piece);
  rows_one(&list, "an empty text takes one cell", empty_text);
  rows_one(&list, "a cell takes 60 bytes of a text", cells_count);
  rows_one(&list, "a text for which there is no memory leaves nothing behind", no_memory);
  rows_one(&list, "texts do not mix, also when cells are used again", texts_are_apart);
  return rows_run(&list, "text");
}
