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
 *   none|wanted|made|leaving NAME RULE SINCE FROM KEY UNTIL    a key, and what its file says
 *   for RULE SINCE [d]                                         an open episode of it, d: doubtful
 * UNTIL is - for ever. Version 1 had no KEY and no UNTIL, and another form of `for`: for RULE SINCE UNTIL
 * FLAGS, with an e in FLAGS if the episode had ended. */
static char const *const states[] = {"none", "wanted", "made", "leaving"};
#define STATES (sizeof states / sizeof *states)

int list_put(stralloc *out, char const *s, size_t len, char end)
{
  return (!len || stralloc_catb(out, s, len)) && stralloc_catb(out, &end, 1);
}

static int put_number(stralloc *out, uint64_t n, char end)
{
  char digits[UINT64_FMT];
  return list_put(out, digits, uint64_fmt(digits, n), end);
}

static int put_held(stralloc *out, held const *h)
{
  int ok =
      list_put(out, states[h->state], strlen(states[h->state]), ' ') &&
      list_put(out, h->name, strlen(h->name), ' ') && list_put(out, h->text, strlen(h->text), ' ') &&
      list_put(out, h->key, strlen(h->key), ' ') &&
      (h->until == HELD_FOREVER ? list_put(out, "-", 1, '\n') : put_number(out, (uint64_t)h->until, '\n'));

  for (episode const *e = h->episodes; ok && e; e = e->next)
    ok = list_put(out, "for", 3, ' ') && list_put(out, e->text, e->rule_len, ' ') &&
         list_put(out, e->text + e->rule_len, e->since_len, e->is_doubtful ? ' ' : '\n') &&
         (!e->is_doubtful || list_put(out, "d", 1, '\n'));
  return ok;
}

static int write_text(stralloc *out, holds const *all)
{
  int ok = list_put(out, "still", 5, ' ') && put_number(out, all->still, '\n');

  for (size_t i = 0; ok && i < all->len; i++)
    if (all->at[i]->state != HELD_GONE)
      ok = put_held(out, all->at[i]);
  return ok;
}

#define WORDS_MOST 7

/* Cuts a line into words. Returns how many; 0 if one is empty, or there are too many. */
static size_t split(span line, span word[WORDS_MOST])
{
  size_t n = 0;

  for (;;) {
    span w = scan_word(&line);
    if (!w.len || n == WORDS_MOST)
      return 0;
    word[n++] = w;
    if (!line.len)
      return n;
    scan_skip(&line, 1);
  }
}

static int is_for(span line)
{
  return scan_lit(&line, "for ");
}

/* until: UNTIL, or - */
static int read_until(held *h, span word)
{
  uint64_t until;

  if (span_equal(word, span_of("-")))
    return 1;
  if (!num_is(&until, word) || until > INT64_MAX / SECOND)
    return 0;
  h->until = (int64_t)until;
  return 1;
}

static int read_episode(held *h, span line)
{
  span word[WORDS_MOST];
  size_t words = split(line, word);
  int is_old = words == 5;
  episode *e;

  if (!h || (words != 3 && words != 4 && !is_old) || (is_old && !read_until(h, word[3])))
    return errno = EINVAL, 0;
  if (is_old && memchr(word[4].s, 'e', word[4].len))
    return 1;
  e = held_begin(h, word[1], word[2]);
  if (e)
    e->is_doubtful = words > 3 && memchr(word[words - 1].s, 'd', word[words - 1].len) != 0;
  return e != 0;
}

/* Returns the key that the line begins, or 0 with errno. */
static held *read_held(holds *all, span line)
{
  char name[NAME_MAX_LEN + 1], key[ALERT_FIELD + 1];
  span word[WORDS_MOST];
  size_t words = split(line, word), state = 0;
  held *h;

  if ((words != 5 && words != 7) || !name_is(word[1]))
    return errno = EINVAL, (held *)0;
  while (state < STATES && !span_equal(word[0], span_of(states[state])))
    state++;
  memcpy(name, word[1].s, word[1].len);
  name[word[1].len] = 0;
  if (state == STATES || holds_find(all, name) || (words == 7 && word[5].len > ALERT_FIELD))
    return errno = EINVAL, (held *)0;
  held_shown_key(key, word[1]);
  h = holds_add(all, name, words == 7 ? word[5] : span_of(key));
  if (!h || !held_set_text(h, word[2], word[3], word[4]))
    return 0;
  h->state = (held_state)state;
  return words == 5 || read_until(h, word[6]) ? h : (errno = EINVAL, (held *)0);
}

static int read_still(holds *all, span line)
{
  span word[WORDS_MOST];

  return (split(line, word) == 2 && span_equal(word[0], span_of("still")) && num_is(&all->still, word[1])) ||
         (errno = EINVAL, 0);
}

/* Reads text into *all, which is empty. Returns 1, or 0 with errno: ENOMEM, or EINVAL if a line is none that
 * was written so; what the others say is in *all all the same. */
static int read_text(holds *all, span text)
{
  held *h = 0;
  int ok = 1;

  for (size_t at = 0, lines = 0; at < text.len; lines++) {
    char const *end = memchr(text.s + at, '\n', text.len - at);
    span line = {text.s + at, (end ? (size_t)(end - text.s) : text.len) - at};
    at += line.len + 1;
    if (!lines         ? read_still(all, line)
        : is_for(line) ? read_episode(h, line)
                       : (h = read_held(all, line)) != 0)
      continue;
    if (errno != EINVAL)
      return 0;
    ok = 0;
  }
  errno = EINVAL;
  return ok;
}

static char const list[] = ".held", list_new[] = ".held.new";

#define LIST_MAX ((off_t)1 << 30)

/* What we know is newer than what the list says; but the files there have the texts of the list. Returns 1,
 * or 0 with errno ENOMEM: to be called again, with the whole list. */
static int take_over(holds *all, holds *other, int *odd)
{
  moment now = moment_now();

  for (size_t i = 0; i < other->len; i++) {
    held *there = other->at[i], *h = holds_find(all, there->name);
    char *text = there->text;
    if (!h) {
      h = holds_add(all, there->name, span_of(there->key));
      if (!h && errno != E2BIG)
        return 0;
      if (!h) {
        *odd = 1;
        return 1;
      }
      h->state = there->state;
      h->episodes = there->episodes;
      there->episodes = 0;
      h->until = there->until;
      if (h->until != HELD_FOREVER)
        h->expires = now.mono + (h->until - now.wall / SECOND) * SECOND;
    } else if (there->state != HELD_NONE && h->state == HELD_NONE)
      h->state = HELD_LEAVING;
    there->text = h->text;
    h->text = text;
    held_settle(h);
  }
  return 1;
}

int list_read(int folder, holds *all, int first, int *odd)
{
  stralloc text = STRALLOC_ZERO;
  holds there = {0};
  int ok = folder_read(folder, list, &text, LIST_MAX) || errno == ENOENT, e;

  if (ok && text.len && !read_text(&there, (span){text.s, text.len})) {
    ok = errno == EINVAL;
    *odd = 1;
    all->changed = 1;
  }
  ok = ok && take_over(all, &there, odd);
  e = errno;
  if (ok && first)
    all->still = there.still;
  stralloc_free(&text);
  holds_close(&there);
  errno = e;
  return ok;
}

int list_write(int folder, holds *all, int sync)
{
  stralloc text = STRALLOC_ZERO;
  int ok = write_text(&text, all) && folder_write(folder, list_new, (span){text.s, text.len}, 0600, sync) &&
           renameat(folder, list_new, folder, list) == 0 && (!sync || fd_sync(folder) == 0),
      e = errno;

  stralloc_free(&text);
  errno = e;
  all->changed = !ok;
  return ok;
}
