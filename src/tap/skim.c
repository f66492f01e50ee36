#include "tap/skim.h"
#include "base/eight.h"
#include "base/label.h"

#define BILLION UINT64_C(0x3362396163613030) /* "3b9aca00", the nanoseconds of a second, as skim.nano */
#define STATUS 8                             /* bytes of "status: " */

static uint64_t bit_of(char c)
{
  return UINT64_C(1) << (c - 'a');
}

void skim_start(skim *k, int deliveries)
{
  k->now = INT64_MIN;
  k->loud = bit_of('i') | bit_of('e');
  if (deliveries)
    k->loud |= bit_of('s') | bit_of('d') | bit_of('b');
}

void skim_learn(skim *k, span line, int64_t when)
{
  k->seconds[0] = eight_load(line.s + 1);
  k->seconds[1] = eight_load(line.s + 9);
  k->nano = __builtin_bswap64(eight_load(line.s + 17));
  k->second = when - label_hex_value(eight_load(line.s + 17));
  k->now = when;
}

/* Is the text one that cannot be an event? "status: " and "starting " are told apart here. */
static inline int is_quiet(skim const *k, char const *text)
{
  unsigned first = (unsigned char)*text - (unsigned)'a';

  if (first < 26 && !(k->loud >> first & 1))
    return 1;
  return eight_load(text) == eight_load("status: ");
}

static inline int has_label(skim const *k, char const *s, uint64_t *nano)
{
  uint64_t digits = eight_load(s + 17);

  *nano = __builtin_bswap64(digits);
  return s[0] == '@' && s[25] == ' ' && eight_load(s + 1) == k->seconds[0] &&
         eight_load(s + 9) == k->seconds[1] && !label_hex_bad(digits) && *nano < BILLION;
}

int skim_stamp(skim const *k, stamp *st, span line)
{
  uint64_t nano;

  if (k->now == INT64_MIN || line.len <= LABEL_FMT + 1 || !has_label(k, line.s, &nano) ||
      line.s[LABEL_FMT + 1] < 'a')
    return 0;
  *st = (stamp){k->second + label_hex_value(__builtin_bswap64(nano)), 1, LABEL_FMT + 1, {line.s, 0}};
  return 1;
}

size_t skim_lines(skim *k, span in, int labelled)
{
  char const *s = in.s, *end = in.s + in.len, *newline;
  size_t at = labelled ? LABEL_FMT + 1 : 0;
  uint64_t nano = 0, newest = k->nano;

  while (s + at + STATUS < end) {
    if ((labelled && !has_label(k, s, &nano)) || !is_quiet(k, s + at))
      break;
    newline = memchr(s + at, '\n', (size_t)(end - s) - at);
    if (!newline)
      break;
    if (labelled) {
      k->late += nano < newest;
      newest = nano > newest ? nano : newest;
    }
    k->lines++;
    s = newline + 1;
  }
  if (newest != k->nano) {
    k->nano = newest;
    k->now = k->second + label_hex_value(__builtin_bswap64(newest));
  }
  return (size_t)(s - in.s);
}
