#include "hold/list_file.h"
#include "base/tai64n.h"
#include "base/scan.h"
#include "hold/folder.h"
#include <errno.h>
#include <skalibs/djbunix.h>
#include <skalibs/uint64.h>
#include <stdio.h>

/* The text:
 *   still N
 *   wanted|made|leaving|none NAME RULE SINCE FROM      what the file says
 *   for RULE SINCE UNTIL FLAGS                         one line for each reason of it
 * UNTIL is - for ever. FLAGS is - or some of the letters below. */
static char const *const states[] = {"none", "wanted", "made", "leaving"};
#define STATES (sizeof states / sizeof *states)

static int put(stralloc *out, char const *s, size_t len, char end)
{
  return (!len || stralloc_catb(out, s, len)) && stralloc_catb(out, &end, 1);
}

static int put_number(stralloc *out, uint64_t n, char end)
{
  char digits[UINT64_FMT];
  return put(out, digits, uint64_fmt(digits, n), end);
}

static int put_reason(stralloc *out, reason const *r)
{
  char flags[4];
  size_t n = 0;

  if (r->spent)
    flags[n++] = 's';
  if (r->doubtful)
    flags[n++] = 'd';
  if (r->ended)
    flags[n++] = 'e';
  if (!n)
    flags[n++] = '-';
  return put(out, "for", 3, ' ') && put(out, r->text, r->rule_len, ' ') &&
         put(out, r->text + r->rule_len, r->since_len, ' ') &&
         (r->until == HELD_FOREVER ? put(out, "-", 1, ' ') : put_number(out, (uint64_t)r->until, ' ')) &&
         put(out, flags, n, '\n');
}

int rollfile_write(stralloc *out, roll const *r)
{
  int fine = put(out, "still", 5, ' ') && put_number(out, r->still, '\n');

  for (size_t i = 0; fine && i < r->len; i++) {
    held const *h = r->at[i];
    if (h->state == HELD_GONE)
      continue;
    fine = put(out, states[h->state], strlen(states[h->state]), ' ') &&
           put(out, h->name, strlen(h->name), ' ') && put(out, h->text, strlen(h->text), '\n');
    for (reason const *why = h->reasons; fine && why; why = why->next)
      fine = put_reason(out, why);
  }
  return fine;
}

/* Cuts a line into n words, exactly; none is empty. */
static int split(span line, span *word, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    char const *space = line.len ? memchr(line.s, ' ', line.len) : 0;
    if (!line.len || (i + 1 < n) != (space != 0))
      return 0;
    word[i] = (span){line.s, space ? (size_t)(space - line.s) : line.len};
    if (!word[i].len)
      return 0;
    if (space) {
      line.len -= (size_t)(space + 1 - line.s);
      line.s = space + 1;
    }
  }
  return 1;
}

static int number(uint64_t *u, span word)
{
  return word.len && num_scan(u, word) == word.len;
}

static int read_flags(reason *r, span flags)
{
  if (span_equal(flags, span_of("-")))
    return 1;
  for (size_t i = 0; i < flags.len; i++)
    switch (flags.s[i]) {
    case 's': r->spent = 1; break;
    case 'd': r->doubtful = 1; break;
    case 'e': r->ended = 1; break;
    default: return 0;
    }
  return 1;
}

static int read_reason(held *h, span line)
{
  span word[5] = {{0, 0}};
  uint64_t until = HELD_FOREVER;
  reason *r;

  if (!h || !split(line, word, 5) || !span_equal(word[0], span_of("for")) ||
      (!span_equal(word[3], span_of("-")) && (!number(&until, word[3]) || until > INT64_MAX)))
    return errno = EINVAL, 0;
  r = held_because(h, word[1], word[2], (int64_t)until);
  return r && (read_flags(r, word[4]) || (errno = EINVAL, 0));
}

/* Returns the key that the line begins, or 0 with errno. */
static held *read_held(roll *r, span line)
{
  char name[NAME_MAX_LEN + 1];
  span word[5] = {{0, 0}};
  size_t state = 0;
  name_kind kind;
  held *h;

  if (!split(line, word, 5) || !name_is(word[1], &kind))
    return errno = EINVAL, (held *)0;
  while (state < STATES && !span_equal(word[0], span_of(states[state])))
    state++;
  memcpy(name, word[1].s, word[1].len);
  name[word[1].len] = 0;
  if (state == STATES || roll_find(r, name))
    return errno = EINVAL, (held *)0;
  h = roll_add(r, name);
  if (!h || !held_text(h, word[2], word[3], word[4]))
    return 0;
  h->state = (held_state)state;
  return h;
}

static int read_still(roll *r, span line)
{
  span word[2] = {{0, 0}};

  return (split(line, word, 2) && span_equal(word[0], span_of("still")) && number(&r->still, word[1])) ||
         (errno = EINVAL, 0);
}

int rollfile_read(roll *r, span text)
{
  held *h = 0;
  int fine = 1;

  for (size_t at = 0, lines = 0; at < text.len; lines++) {
    char const *end = memchr(text.s + at, '\n', text.len - at);
    span line = {text.s + at, (end ? (size_t)(end - text.s) : text.len) - at};
    at += line.len + 1;
    if (!lines                                       ? read_still(r, line)
        : line.len > 4 && !memcmp(line.s, "for ", 4) ? read_reason(h, line)
                                                     : (h = read_held(r, line)) != 0)
      continue;
    if (errno != EINVAL)
      return 0;
    fine = 0;
  }
  errno = EINVAL;
  return fine;
}

static char const list[] = ".held", list_new[] = ".held.new";

#define LIST_MAX ((off_t)1 << 30)

/* What we know is newer than what stood in the list; but the files there have the texts of the list. Returns
 * 1, or 0 with errno ENOMEM: to be called again, with the whole list. */
static int take_over(roll *r, roll *other, int *odd)
{
  for (size_t i = 0; i < other->len; i++) {
    held *there = other->at[i], *h = roll_find(r, there->name);
    char *text = there->text;
    if (!h) {
      h = roll_add(r, there->name);
      if (!h && errno != E2BIG)
        return 0;
      if (!h) {
        *odd = 1;
        return 1;
      }
      h->state = there->state;
      h->reasons = there->reasons;
      there->reasons = 0;
    } else if (there->state != HELD_NONE && h->state != HELD_GONE)
      h->state = HELD_LEAVING;
    there->text = h->text;
    h->text = text;
    held_settle(h);
  }
  return 1;
}

int ledger_read(int folder, roll *r, int first, int *odd)
{
  stralloc text = STRALLOC_ZERO;
  roll there = {0};
  int fine = folder_read(folder, list, &text, LIST_MAX) || errno == ENOENT, e;

  if (fine && text.len && !rollfile_read(&there, (span){text.s, text.len})) {
    fine = errno == EINVAL;
    *odd = 1;
    r->changed = 1;
  }
  fine = fine && take_over(r, &there, odd);
  e = errno;
  if (fine && first)
    r->still = there.still;
  stralloc_free(&text);
  roll_close(&there);
  errno = e;
  return fine;
}

int ledger_write(int folder, roll *r, int sync)
{
  stralloc text = STRALLOC_ZERO;
  int fine = rollfile_write(&text, r) && folder_write(folder, list_new, (span){text.s, text.len}, sync) &&
             renameat(folder, list_new, folder, list) == 0 && (!sync || fd_sync(folder) == 0),
      e = errno;

  stralloc_free(&text);
  errno = e;
  r->changed = !fine;
  return fine;
}
