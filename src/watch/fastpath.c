#include "watch/fastpath.h"
#include "base/scan.h"
#include "base/span.h"
#include "log/event.h"
#include "log/lines.h"

#define TEXT (LABEL_FMT + 1) /* where the text behind a label begins */
#define STATUS 8             /* bytes of "status: " */

typedef enum { QUIET, LOUD, UNKNOWN } sound;

/* The first words of most lines, each where the sum of two of its letters says. */
typedef struct {
  char begins[STATUS + 1];
  unsigned char sound[2]; /* if deliveries do not matter, and if they do */
} opening;

#define PLACE(first, fifth) (((first) + (fifth)) % 16)

static opening const openings[16] = {
    [PLACE('s', 'u')] = {"status: ", {QUIET, QUIET}}, [PLACE('n', 'm')] = {"new msg ", {QUIET, QUIET}},
    [PLACE('s', 't')] = {"starting", {QUIET, LOUD}},  [PLACE('d', 'v')] = {"delivery", {QUIET, LOUD}},
    [PLACE('b', 'c')] = {"bounce m", {QUIET, LOUD}},  [PLACE('i', ' ')] = {"info msg", {LOUD, LOUD}},
    [PLACE('e', 'm')] = {"end msg ", {LOUD, LOUD}},
};

/* Letters with which a piece of a prefix may begin, as "mail.info: " and "stdout F ". */
#define LETTER(c) (UINT32_C(1) << ((c) - 'a'))
#define PIECES                                                                                               \
  (LETTER('a') | LETTER('c') | LETTER('d') | LETTER('f') | LETTER('k') | LETTER('l') | LETTER('m') |         \
   LETTER('n') | LETTER('s') | LETTER('u'))

static inline int is_small(char c)
{
  return c >= 'a' && c <= 'z';
}

/* Is a text an event, or not, or is that not plain? It begins with a small letter and has STATUS bytes. */
static inline sound listen(fastpath const *k, span text)
{
  opening const *o = &openings[PLACE((unsigned char)text.s[0], (unsigned char)text.s[4])];

  if (!memcmp(text.s, o->begins, STATUS)) {
    if (o->sound[k->deliveries] == LOUD)
      return LOUD;
    text = (span){text.s + STATUS, text.len - STATUS}; /* in none of these words "info msg" begins */
  } else if (PIECES & LETTER(*text.s))
    return UNKNOWN;
  return event_is_odd(text) ? UNKNOWN : QUIET;
}

int fastpath_is_quiet(fastpath const *k, span text)
{
  return text.len >= STATUS && is_small(*text.s) && listen(k, text) == QUIET;
}

int fastpath_may_begin(span rest)
{
  return rest.len && (*rest.s == '@' || is_small(*rest.s));
}

/* A top bit of a byte is set if one of eight bytes is below 33, as blanks and newlines are; it may also be if
 * one is above 128. */
static inline uint64_t gaps(char const *s)
{
  return eight_load(s) - EIGHT(33u);
}

/* Might 25 bytes be a label? In a quiet line only words and the end of a line inside of them would make a
 * difference. */
static inline int like_label(char const *s)
{
  return s[LABEL_FMT] == ' ' && !((gaps(s + 1) | gaps(s + 9) | gaps(s + 17)) & EIGHT(128u));
}

/* Reads the seconds of a label, which are mostly those of the last one. */
static inline int read_second(fastpath *k, span line)
{
  uint32_t nano;

  if (!memcmp(line.s + 1, k->second, LABEL_SECOND))
    return 1;
  memset(k->second, 0, LABEL_SECOND);
  if (!label_scan(&k->seconds, &nano, line) || k->seconds < STAMP_MIN / SECOND ||
      k->seconds >= STAMP_MAX / SECOND)
    return 0;
  memcpy(k->second, line.s + 1, LABEL_SECOND);
  return 1;
}

/* Reads a label and its blank, or nothing. */
static inline int read_stamp(fastpath *k, stamp *s, span line)
{
  uint32_t nano;

  *s = (stamp){.timed = line.len > 0, .len = line.len};
  if (!line.len)
    return 1;
  if (!read_second(k, line) || !label_nano(&nano, line.s))
    return 0;
  s->when = k->seconds * SECOND + nano;
  return 1;
}

/* A line from s to newline whose text begins at byte at. */
static span text_of(char const *s, size_t at, char const *newline)
{
  size_t len = (size_t)(newline - s);
  return (span){s + at, (len < LINES_KEPT ? len : LINES_KEPT) - at};
}

int fastpath_next(fastpath *k, span *rest, stamp *st, span *text)
{
  char const *s = rest->s, *end = s + rest->len, *newline;
  sound heard = QUIET;

  while (heard == QUIET && end - s > TEXT + STATUS) {
    size_t at = *s == '@' ? TEXT : 0;
    if (!is_small(s[at]) || (at && !like_label(s)))
      break;
    newline = memchr(s + at, '\n', (size_t)(end - s) - at);
    if (!newline || newline - s < (ptrdiff_t)(at + STATUS))
      break;
    *text = text_of(s, at, newline);
    heard = listen(k, *text);
    if (heard == LOUD && !read_stamp(k, st, (span){s, at}))
      heard = UNKNOWN;
    if (heard == UNKNOWN)
      break;
    k->lines++;
    s = newline + 1;
  }
  *rest = (span){s, (size_t)(end - s)};
  return heard == LOUD;
}
