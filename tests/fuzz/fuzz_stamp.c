/* fuzz_stamp.c - a prefix lies inside its line, ends with a blank (or what may stand in its place), and does
 * not depend on what comes after it or was read before it; its time and text are those of the oracle. */
#include "../oracle/ora.h"
#include "base/tai64n.h"
#include "fuzz.h"
#include "log/prefix.h"

#define WALL (INT64_C(1800000000) * 1000000000)

/* A '+' is splogger's, and some write a mark of UTF-8 after the blank. */
static int ends_well(stamp const *s, char const *line)
{
  return s->more ? line[s->len - 1] == '+' : line[s->len - 1] == ' ' || line[s->len - 1] == '\xbf';
}

static stamp read_exact(span line)
{
  date_reader hints = {.machine = WALL, .newest = INT64_MIN};
  stamp s;
  span copy = fuzz_exact(line.s, line.len);

  prefix_read(&s, copy, &hints);
  PROMISE(s.len <= line.len, "the text lies in the line");
  PROMISE(!s.len || s.len == line.len || ends_well(&s, copy.s), "a prefix ends with a blank");
  PROMISE(s.len || (!s.timed && !s.host.len), "without a prefix there is neither time nor host");
  PROMISE(!s.timed || (s.when >= STAMP_MIN && s.when <= STAMP_MAX), "times are in range");
  PROMISE(!s.host.len || fuzz_inside(s.host, (span){copy.s, s.len}), "the host lies in the prefix");
  PROMISE(!s.number.len || fuzz_inside(s.number, (span){copy.s, s.len}), "the number lies in the prefix");
  s.host.s = line.s + (s.host.len ? s.host.s - copy.s : 0);
  fuzz_free(copy);
  return s;
}

static int same(stamp const *a, stamp const *b)
{
  return a->timed == b->timed && (!a->timed || a->when == b->when) && a->len == b->len &&
         span_equal(a->host, b->host);
}

static void back_again(stamp const *s, span line)
{
  char label[LABEL_FMT];

  if (!s->timed || line.s[0] != '@' || s->len != LABEL_FMT + 1)
    return;
  label_fmt(label, s->when);
  PROMISE(!memcmp(label, line.s, LABEL_FMT), "a label's time makes the same label");
}

/* What is no stamp for the program is one without a usable time for the oracle: the year 0, seconds of 2^64
 * and more. Its years 1678 and 2261 are out of range for the program. Nobody logs any of these.
 */
static int beyond(ora_stamp const *o, span line)
{
  size_t digits = 0;

  for (size_t i = 0; i < line.len; i++) {
    digits = line.s[i] >= '0' && line.s[i] <= '9' ? digits + 1 : 0;
    if (digits == 20 || (line.len - i >= 5 && !memcmp(line.s + i, "0000-", 5)))
      return 1;
  }
  return o->known && (o->when < STAMP_MIN || o->when > STAMP_MAX);
}

/* The program takes the mark of UTF-8 that some write before the text, the oracle does not. */
static int is_marked(span line)
{
  return line.len && memmem(line.s, line.len, "\xef\xbb\xbf", 3);
}

static void as_the_oracle(stamp const *s, span line)
{
  ora_now const now = {.wall = WALL};
  ora_stamp o;

  ora_stamp_read((ora_str){line.s, line.len}, &now, &o);
  if (beyond(&o, line) || is_marked(line))
    return;
  PROMISE(o.known == s->timed && (!o.known || o.when == s->when), "the oracle reads the same time");
  PROMISE(o.text.n == line.len - s->len, "the oracle sees the same text after it");
  PROMISE(span_equal(s->host, (span){o.host.p, o.host.n}), "the oracle reads the same host");
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
  span line = {(char const *)data, size}, other = {"2024-10-27 02:30:00 x", 21};
  stamp first, again;

  if (size > 300)
    return 0;
  setenv("TZ", "Europe/Berlin", 1);
  first = read_exact(line);
  read_exact(other);
  again = read_exact(line);
  PROMISE(same(&first, &again), "a stamp does not depend on what was read before");
  again = read_exact((span){line.s, first.len});
  PROMISE(same(&first, &again), "a stamp does not depend on what follows it");
  back_again(&first, line);
  as_the_oracle(&first, line);
  return 0;
}
