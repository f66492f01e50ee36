#include "gate/held_name.h"
#include "watch/alert.h"
#include <limits.h>
#include <skalibs/sha256.h>
#include <skalibs/uint64.h>
#include <sys/stat.h>

static char const hex[] = "0123456789abcdef";

static int is_plain(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("@._+=-", c));
}

/* Returns the bytes written, or 0 if they would be more than most. */
static size_t escape(char *out, span key, size_t most)
{
  static char const capital[] = "0123456789ABCDEF";
  size_t n = 0;

  for (size_t i = 0; i < key.len; i++) {
    unsigned char c = (unsigned char)key.s[i];
    size_t need = is_plain(key.s[i]) ? 1 : 3;
    if (need > most - n)
      return 0;
    if (need == 1)
      out[n++] = key.s[i];
    else {
      out[n++] = '%';
      out[n++] = capital[c >> 4];
      out[n++] = capital[c & 15];
    }
  }
  return n;
}

static size_t digest(char *out, span key)
{
  static char const mark[] = "sha256-";
  SHA256Schedule schedule;
  char raw[32];
  size_t n = sizeof mark - 1;

  sha256_init(&schedule);
  sha256_update(&schedule, key.s, key.len);
  sha256_final(&schedule, raw);
  memcpy(out, mark, n);
  for (size_t i = 0; i < sizeof raw; i++) {
    out[n++] = hex[(unsigned char)raw[i] >> 4];
    out[n++] = hex[raw[i] & 15];
  }
  return n;
}

static char const *const kinds[] = {"sender:", "domain:", "uid:"};
#define KINDS (sizeof kinds / sizeof *kinds)

size_t name_held(char *out, name_kind kind, span key)
{
  size_t n = strlen(kinds[kind]), len;

  memcpy(out, kinds[kind], n);
  len = escape(out + n, key, NAME_MAX_LEN - n);
  if (!len && key.len)
    len = digest(out + n, key);
  out[n + len] = 0;
  return n + len;
}

static int begins(span word, char const *with)
{
  size_t len = strlen(with);
  return word.len >= len && !memcmp(word.s, with, len);
}

int name_is(span word)
{
  static char const plain[] = "abcdefghijklmnopqrstuvwxyz0123456789@._+=-%ABCDEF";
  size_t kind = 0;

  while (kind < KINDS && !begins(word, kinds[kind]))
    kind++;
  if (kind == KINDS || word.len > NAME_MAX_LEN)
    return 0;
  for (size_t i = strlen(kinds[kind]); i < word.len; i++)
    if (!memchr(plain, word.s[i], sizeof plain - 1))
      return 0;
  return 1;
}

static int is_there(judge const *j, name_kind kind, span key)
{
  char path[PATH_MAX];
  size_t len = strlen(j->directory);
  struct stat st;

  if (len > sizeof path - NAME_MAX_LEN - 2)
    return 0;
  memcpy(path, j->directory, len);
  path[len] = '/';
  name_held(path + len + 1, kind, key);
  return lstat(path, &st) == 0;
}

static int key_held(judge const *j, name_kind kind, span key)
{
  return is_there(j, kind, key) || (key.len > ALERT_FIELD && is_there(j, kind, (span){key.s, ALERT_FIELD}));
}

static int folded_held(judge const *j, span sender)
{
  static char store[JUDGE_SENDER];
  span folded = {store, fold_sender(store, sender, &j->how)};
  span domain = fold_domain(folded);

  if (fold_null(folded))
    return 0;
  return key_held(j, NAME_SENDER, folded) || (domain.len && key_held(j, NAME_DOMAIN, domain));
}

int judge_held(judge const *j, uint64_t uid, span sender)
{
  static char logged[JUDGE_SENDER];
  char digits[UINT64_FMT];
  size_t len = uint64_fmt(digits, uid);

  if (is_there(j, NAME_UID, (span){digits, len}))
    return 1;
  if (sender.len > JUDGE_SENDER)
    return 0;
  if (folded_held(j, sender))
    return 1;
  alert_visible(logged, sender);
  return !span_equal((span){logged, sender.len}, sender) && folded_held(j, (span){logged, sender.len});
}
