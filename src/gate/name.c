#include "gate/name.h"
#include <skalibs/sha256.h>

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
