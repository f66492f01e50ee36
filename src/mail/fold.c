#include "mail/fold.h"
#include "base/scan.h"

/* The double bounce sender "#@[]" ends like a VERP mark and is none. */
static size_t before_verp_mark(char const *s, size_t len)
{
  if (len < 3 || memcmp(s + len - 3, "@[]", 3))
    return len;
  if (len == 4 && *s == '#')
    return len;
  len -= 3;
  return len && s[len - 1] == '-' ? len - 1 : len;
}

/* prvs=TAG=u and btv1==TAG==u: what comes after the second mark, or local itself. */
static span after_tag(span local, char const *name, char const *mark)
{
  span rest = local;
  if (!scan_lit(&rest, name))
    return local;
  char const *end = memmem(rest.s, rest.len, mark, strlen(mark));
  if (!end)
    return local;
  end += strlen(mark);
  return (span){end, (size_t)(local.s + local.len - end)};
}

static int is_srs(span local)
{
  if (local.len < 5 || memcmp(local.s, "srs", 3))
    return 0;
  return (local.s[3] == '0' || local.s[3] == '1') && memchr("=+-", local.s[4], 3);
}

/* Where the "-NUMBER-" at the start of s ends, or 0. */
static char const *number_end(char const *s, char const *end)
{
  char const *p = s;
  if (p == end || *p++ != '-')
    return 0;
  char const *digits = p;
  while (p < end && *p >= '0' && *p <= '9')
    p++;
  return p > digits && p < end && *p == '-' ? p + 1 : 0;
}

/* One forward pass: the last "-return-NUMBER-" followed by nothing, or by something with a '='. */
static size_t before_ezmlm_number(span local)
{
  static char const mark[] = "-return";
  size_t const n = sizeof mark - 1;
  char const *end = local.s + local.len;
  char const *p = memmem(local.s, local.len, mark, n);
  if (!p)
    return local.len;
  char const *equals = memrchr(local.s, '=', local.len);
  size_t cut = local.len;
  for (; p; p = memmem(p + n, (size_t)(end - p) - n, mark, n)) {
    char const *rest = number_end(p + n, end);
    if (rest && (rest == end || (equals && equals >= rest)))
      cut = (size_t)(p + n - local.s);
  }
  return cut;
}

/* Mailman and Sympa put the recipient after a '+', with a '=' in the place of its '@'. */
static size_t before_recipient(span local)
{
  char const *plus = local.len > 1 ? memchr(local.s + 1, '+', local.len - 1) : 0;

  if (!plus || !memchr(plus, '=', (size_t)(local.s + local.len - plus)))
    return local.len;
  return (size_t)(plus - local.s);
}

static size_t before_cut(span local, span chars)
{
  for (size_t i = 1; i < local.len; i++)
    for (size_t j = 0; j < chars.len; j++)
      if (local.s[i] == lower(chars.s[j]))
        return i;
  return local.len;
}

/* Nearly all local parts begin with none of prvs=, btv1== and srs and hold no -return. */
static span fold_marks(span local)
{
  size_t len;

  if (!local.len)
    return local;
  if (*local.s == 'p' || *local.s == 'b' || *local.s == 's') {
    local = after_tag(local, "prvs=", "=");
    local = after_tag(local, "btv1==", "==");
    if (is_srs(local))
      local.len = 3;
  }
  len = before_ezmlm_number(local);
  local.len = len < local.len ? len : before_recipient(local);
  return local;
}

size_t fold_sender(char *out, span sender, folding const *how)
{
  if (how->exact) {
    if (sender.len)
      memcpy(out, sender.s, sender.len);
    return sender.len;
  }
  lower_copy(out, sender);
  size_t len = before_verp_mark(out, sender.len);
  char const *at = len ? memrchr(out, '@', len) : 0;
  span local = {out, at ? (size_t)(at - out) : len};
  size_t domain = len - local.len;
  if (at)
    local = fold_marks(local);
  if (how->cut.len)
    local.len = before_cut(local, how->cut);
  if (local.s != out)
    memmove(out, local.s, local.len);
  if (at && at != out + local.len)
    memmove(out + local.len, at, domain);
  return local.len + domain;
}

span fold_domain(span folded)
{
  char const *at = folded.len ? memrchr(folded.s, '@', folded.len) : 0;
  if (!at)
    return (span){folded.s, 0};
  return (span){at + 1, (size_t)(folded.s + folded.len - at - 1)};
}

int fold_null(span folded)
{
  return !folded.len || span_equal(folded, span_of("#@[]"));
}

int fold_logged(char *out, span sender)
{
  int differs = 0;

  for (size_t i = 0; i < sender.len; i++) {
    char c = sender.s[i];
    out[i] = c < 33 || c > 126 || c == '%' ? '_' : c;
    differs |= out[i] != c;
  }
  return differs;
}
