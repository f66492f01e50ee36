#include "log/header.h"

#include "base/scan.h"
#include "log/civil.h"
#include "log/level.h"

int header_blanks(span *in)
{
  return !in->len || (scan_lit(in, " ") && (scan_lit(in, " ") || 1));
}

static int is_digit(char c)
{
  return c >= '0' && c <= '9';
}

int header_priority(span *in)
{
  size_t n = 1;
  while (n < in->len && n <= 3 && is_digit(in->s[n]))
    n++;
  if (n < 2 || n == in->len || in->s[0] != '<' || in->s[n] != '>')
    return 0;
  scan_skip(in, n + 1);
  return 1;
}

/* How far the bracket reaches if the word ends with "[12]:"; 0 if it does not. */
static size_t before_number(span word)
{
  size_t n = word.len;
  if (n < 4 || word.s[n - 1] != ':' || word.s[n - 2] != ']' || !is_digit(word.s[n - 3]))
    return 0;
  n -= 3;
  while (n && is_digit(word.s[n - 1]))
    n--;
  return n && word.s[n - 1] == '[' ? n : 0;
}

/* Takes "ident: ", "ident[12]: " or "ident [12]: "; *pid: there was a number. */
static int take_ident(span *in, int *pid)
{
  span rest = *in, word = scan_word(&rest), number;
  *pid = before_number(word) > 1;
  if (!word.len || is_digit(word.s[0]) || before_number(word) == 1)
    return 0;
  if (word.s[word.len - 1] != ':') {
    scan_lit(&rest, " ");
    number = scan_word(&rest);
    *pid = before_number(number) == 1;
    if (!*pid)
      return 0;
  } else if (word.len < 2)
    return 0;
  if (!header_blanks(&rest))
    return 0;
  *in = rest;
  return 1;
}

/* A word that is no ident. */
static int take_host(span *host, span *in)
{
  span rest = *in, word = scan_word(&rest);
  if (!word.len || word.s[word.len - 1] == ':' || !scan_lit(&rest, " "))
    return 0;
  *host = word;
  *in = rest;
  return 1;
}

/* Does another stamp or header begin there? Behind a date that can stand alone that is no host. */
static int is_stamp(span in)
{
  uint64_t seconds;
  uint32_t nano;
  size_t digits;
  civil c;
  if ((in.len && (in.s[0] == '@' || in.s[0] == '<')) || civil_scan(&c, in))
    return 1;
  if (!scan_num(&in, &seconds))
    return 0;
  digits = civil_fraction(&nano, in);
  return (digits == 1 + 6 || digits == 1 + 9) && in.len > digits && in.s[digits] == ' ';
}

/* "<mail.info> " of FreeBSD's syslogd, which writes numbers if it is asked to, "<2.6> ". */
static void skip_level(span *in)
{
  span rest = *in;
  size_t level;
  uint64_t number;
  if (!scan_lit(&rest, "<"))
    return;
  level = level_scan(rest);
  scan_skip(&rest, level);
  if (!level && !(scan_num(&rest, &number) && scan_lit(&rest, ".") && scan_num(&rest, &number)))
    return;
  if (scan_lit(&rest, "> "))
    *in = rest;
}

/* "mail.info " of busybox's syslogd. */
static void skip_bare_level(span *in)
{
  span rest = *in;
  size_t level = level_scan(rest);
  scan_skip(&rest, level);
  if (level && scan_lit(&rest, " "))
    *in = rest;
}

/* "[ID 748625 mail.info] " */
static void skip_id(span *in)
{
  span rest = *in;
  uint64_t number;
  size_t level;
  if (!scan_lit(&rest, "[ID ") || !scan_num(&rest, &number) || !scan_lit(&rest, " "))
    return;
  level = level_scan(rest);
  scan_skip(&rest, level);
  if (level && scan_lit(&rest, "]") && header_blanks(&rest))
    *in = rest;
}

static int read_names(span *host, span *in, int strict)
{
  span rest = *in, behind, name = {in->s, 0};
  int pid;
  skip_level(&rest);
  behind = rest;
  if (!take_ident(&behind, &pid) || (strict && !pid)) {
    behind = rest;
    if ((strict && is_stamp(behind)) || !take_host(&name, &behind))
      return 0;
    skip_bare_level(&behind);
    if (!take_ident(&behind, &pid))
      return 0;
  }
  skip_id(&behind);
  *host = name;
  *in = behind;
  return 1;
}

/* Most lines have the names of the line before. They end with a blank, so no byte behind them had a say in
 * how they were read, but for another blank or an id. */
int header_names(span *host, span *in, int strict)
{
  static struct {
    char text[64];
    size_t len, host_at, host_len;
    int strict;
  } known;
  char const *s = in->s;
  size_t len = known.len;
  if (len && strict == known.strict && in->len > len && s[len] != ' ' && s[len] != '[' &&
      !memcmp(s, known.text, len)) {
    *host = (span){s + known.host_at, known.host_len};
    scan_skip(in, len);
    return 1;
  }
  if (!read_names(host, in, strict))
    return 0;
  len = (size_t)(in->s - s);
  if (len > sizeof known.text || s[len - 1] != ' ')
    return 1;
  memcpy(known.text, s, len);
  known.len = len;
  known.host_at = (size_t)(host->s - s);
  known.host_len = host->len;
  known.strict = strict;
  return 1;
}

int header_journal(span *host, span *in)
{
  span rest = *in, name, ident;
  if (!in->len || !memchr(in->s, ']', in->len) || !take_host(&name, &rest)) /* nearly all lines have none */
    return 0;
  ident = scan_word(&rest);
  if (before_number(ident) < 2 || is_digit(ident.s[0]) || !header_blanks(&rest))
    return 0;
  *host = name;
  *in = rest;
  return 1;
}

/* "[id name="value"]", one or more. In a value a backslash takes the meaning away from the byte behind it. */
static int take_elements(span *in)
{
  size_t n = 0;
  int quoted = 0;
  while (n < in->len && in->s[n] == '[') {
    for (; n < in->len && (quoted || in->s[n] != ']'); n++)
      if (in->s[n] == '"')
        quoted = !quoted;
      else if (quoted && in->s[n] == '\\')
        n++;
    n++;
  }
  if (!n || n > in->len)
    return 0;
  scan_skip(in, n);
  return 1;
}

int header_structured(span *host, span *in)
{
  span rest = *in, name = scan_word(&rest);
  if (!name.len)
    return 0;
  for (int i = 0; i < 3; i++)
    if (!scan_lit(&rest, " ") || !scan_word(&rest).len)
      return 0;
  if (!scan_lit(&rest, " "))
    return 0;
  if ((!scan_lit(&rest, "-") && !take_elements(&rest)) || !header_blanks(&rest))
    return 0;
  scan_lit(&rest, "\xef\xbb\xbf"); /* what says that the text is UTF-8 */
  *host = span_equal(name, span_of("-")) ? (span){in->s, 0} : name;
  *in = rest;
  return 1;
}
