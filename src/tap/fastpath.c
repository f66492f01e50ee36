#include "tap/fastpath.h"
#include "base/eight.h"
#include "base/label.h"
#include "base/moment.h"
#include "log/lines.h"
#include "log/stamp.h"

#define BILLION UINT64_C(0x3362396163613030) /* "3b9aca00", the nanoseconds of a second, as fastpath.nano */
#define TEXT (LABEL_FMT + 1)                 /* where the text begins */
#define STATUS 8                             /* bytes of "status: " */
#define AHEAD 86400                          /* seconds; a label further ahead may be no time */

static uint64_t bit_of(char c)
{
  return UINT64_C(1) << (c - 'a');
}

void fastpath_start(fastpath *k, int deliveries)
{
  k->now = INT64_MIN;
  k->loud = bit_of('i') | bit_of('e');
  if (deliveries)
    k->loud |= bit_of('s') | bit_of('d') | bit_of('b');
}

void fastpath_learn(fastpath *k, span line, int64_t when)
{
  k->seconds[0] = eight_load(line.s + 1);
  k->seconds[1] = eight_load(line.s + 9);
  k->nano = __builtin_bswap64(eight_load(line.s + 17));
  k->second = when - label_hex_value(eight_load(line.s + 17));
  k->now = when;
}

/* Is it a later second than the newest, but not much? Then it becomes the newest. */
__attribute__((cold, noinline)) static int turn(fastpath *k, char const *s)
{
  uint64_t low = eight_load(s + 9);
  uint32_t ahead = label_hex_value(low) - label_hex_value(k->seconds[1]); /* large if it is behind */

  if (eight_load(s + 1) != k->seconds[0] || label_hex_bad(low))
    return 0;
  if (ahead > AHEAD || k->second > k->latest - (ahead + 1) * SECOND)
    return 0;
  k->seconds[1] = low;
  k->second += ahead * SECOND;
  k->nano = 0;
  return 1;
}

/* Takes in the label at s. Returns 0 with *k unchanged if there is none that is plain. */
static inline int take_label(fastpath *k, char const *s)
{
  uint64_t digits = eight_load(s + 17), nano = __builtin_bswap64(digits);

  if (s[0] != '@' || s[LABEL_FMT] != ' ' || label_hex_bad(digits) || nano >= BILLION)
    return 0;
  if ((eight_load(s + 1) != k->seconds[0] || eight_load(s + 9) != k->seconds[1]) && !turn(k, s))
    return 0;
  k->late += nano < k->nano;
  k->nano = nano > k->nano ? nano : k->nano;
  return 1;
}

/* May the text be an event? "status: " and "starting " are told apart here. */
static inline int is_loud(fastpath const *k, char const *text)
{
  return (k->loud >> (*text - 'a') & 1) && eight_load(text) != eight_load("status: ");
}

/* A line from s to newline whose text begins at byte at. */
static span text_of(char const *s, size_t at, char const *newline)
{
  size_t len = (size_t)(newline - s);
  return (span){s + at, (len < LINES_KEPT ? len : LINES_KEPT) - at};
}

int fastpath_next(fastpath *k, span *rest, int labelled, span *text)
{
  char const *s = rest->s, *end = s + rest->len, *newline;
  size_t at = labelled ? TEXT : 0;
  int loud = 0;

  while (!loud && s + at + STATUS < end && s[at] >= 'a' && s[at] <= 'z') {
    newline = memchr(s + at, '\n', (size_t)(end - s) - at);
    if (!newline || (labelled && !take_label(k, s)))
      break;
    k->lines++;
    loud = is_loud(k, s + at);
    if (loud)
      *text = text_of(s, at, newline);
    s = newline + 1;
  }
  *rest = (span){s, (size_t)(end - s)};
  if (labelled)
    k->now = k->second + label_hex_value(__builtin_bswap64(k->nano));
  return loud;
}
