#include "tap/fastpath.h"
#include "base/eight.h"
#include "base/label.h"
#include "base/moment.h"
#include "log/event.h"
#include "log/lines.h"
#include "log/stamp.h"

#define BILLION UINT64_C(0x3362396163613030) /* "3b9aca00", the nanoseconds of a second, as fastpath.nano */
#define TEXT (LABEL_FMT + 1)                 /* where the text begins */
#define STATUS 8                             /* bytes of "status: " */
#define AHEAD 86400                          /* seconds; a label further ahead may be no time */

void fastpath_start(fastpath *k, int deliveries)
{
  k->now = INT64_MIN;
  k->deliveries = deliveries;
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

typedef enum { QUIET, LOUD, UNKNOWN } sound;

/* Letters with which a piece of a prefix may begin, as "mail.info: " and "stdout F ". */
#define LETTER(c) (UINT32_C(1) << ((c) - 'a'))
#define PIECES                                                                                               \
  (LETTER('a') | LETTER('c') | LETTER('d') | LETTER('f') | LETTER('k') | LETTER('l') | LETTER('m') |         \
   LETTER('n') | LETTER('s') | LETTER('u'))

/* Is the text an event, or not, or is that not plain? It begins with a small letter and has STATUS bytes. */
static inline sound listen(fastpath const *k, span text)
{
  uint64_t word = eight_load(text.s);
  int is_status = word == eight_load("status: ") || word == eight_load("new msg ");
  int is_delivery =
      word == eight_load("starting") || word == eight_load("delivery") || word == eight_load("bounce m");

  if (word == eight_load("info msg") || word == eight_load("end msg ") || (is_delivery && k->deliveries))
    return LOUD;
  if (!is_status && !is_delivery && (PIECES & LETTER(*text.s)))
    return UNKNOWN;
  return event_is_odd(text) ? UNKNOWN : QUIET;
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
  sound heard = QUIET;

  while (heard != LOUD && s + at + STATUS < end && s[at] >= 'a' && s[at] <= 'z') {
    newline = memchr(s + at, '\n', (size_t)(end - s) - at);
    if (!newline || newline - s < (ptrdiff_t)(at + STATUS))
      break;
    *text = text_of(s, at, newline);
    heard = listen(k, *text);
    if (labelled && heard != UNKNOWN && !take_label(k, s))
      heard = UNKNOWN;
    if (heard == UNKNOWN)
      break;
    k->lines++;
    s = newline + 1;
  }
  *rest = (span){s, (size_t)(end - s)};
  if (labelled)
    k->now = k->second + label_hex_value(__builtin_bswap64(k->nano));
  return heard == LOUD;
}
