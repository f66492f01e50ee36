#include "log/header.h"
#include "base/scan.h"
#include "log/date.h"

static char const *const facilities[] = {"auth",   "authpriv", "cron",   "daemon",  "ftp",    "kern",
                                         "lpr",    "mail",     "news",   "syslog",  "user",   "uucp",
                                         "local0", "local1",   "local2", "local3",  "local4", "local5",
                                         "local6", "local7",   "audit",  "console", "ntp",    "security"};
static char const *const levels[] = {"emerg", "alert", "crit",  "err",   "warning", "notice",
                                     "info",  "debug", "panic", "error", "warn"};

#define LONGEST 8 /* bytes of the longest name */

/* The length of the name that ends at the first byte that is neither letter nor digit; 0 if it is not one of
 * count names. */
static size_t name_scan(span in, char const *const *names, size_t count)
{
  size_t len = 0;
  while (len < in.len && len <= LONGEST &&
         ((in.s[len] >= 'a' && in.s[len] <= 'z') || (in.s[len] >= '0' && in.s[len] <= '9')))
    len++;
  for (size_t i = 0; i < count; i++)
    if (span_equal((span){in.s, len}, span_of(names[i])))
      return len;
  return 0;
}

/* Is there a dot where a facility could end? Nearly all lines are sent away here. */
static int has_dot(span in)
{
  uint64_t x = eight_first(in.s, in.len) ^ EIGHT('.');
  return ((x - EIGHT(1u)) & ~x & EIGHT(128u)) != 0 || (in.len > LONGEST && in.s[LONGEST] == '.');
}

size_t level_scan(span in)
{
  size_t facility, level;
  if (!has_dot(in))
    return 0;
  facility = name_scan(in, facilities, sizeof facilities / sizeof *facilities);
  if (!facility || facility == in.len || in.s[facility] != '.')
    return 0;
  scan_skip(&in, facility + 1);
  level = name_scan(in, levels, sizeof levels / sizeof *levels);
  return level ? facility + 1 + level : 0;
}

size_t ident_bracket(span word)
{
  size_t n = word.len;
  if (n < 4 || word.s[n - 1] != ':' || word.s[n - 2] != ']' || civil_digit(word.s[n - 3]) < 0)
    return 0;
  n -= 3;
  while (n && civil_digit(word.s[n - 1]) >= 0)
    n--;
  return n && word.s[n - 1] == '[' ? n : 0;
}

int ident_host(span *host, span *in)
{
  span rest = *in, word = scan_word(&rest);
  if (!word.len || word.s[word.len - 1] == ':' || !scan_lit(&rest, " "))
    return 0;
  *host = word;
  *in = rest;
  return 1;
}

int ident_take(span *in, int *pid)
{
  span rest = *in, word = scan_word(&rest), number;
  *pid = ident_bracket(word) > 1;
  if (!word.len || civil_digit(word.s[0]) >= 0 || ident_bracket(word) == 1)
    return 0;
  if (word.s[word.len - 1] != ':') {
    scan_lit(&rest, " ");
    number = scan_word(&rest);
    *pid = ident_bracket(number) == 1;
    if (!*pid)
      return 0;
  } else if (word.len < 2)
    return 0;
  if (!blanks_take(&rest))
    return 0;
  *in = rest;
  return 1;
}

int header_priority(span *in)
{
  size_t n = 1;
  while (n < in->len && n <= 3 && civil_digit(in->s[n]) >= 0)
    n++;
  if (n < 2 || n == in->len || in->s[0] != '<' || in->s[n] != '>')
    return 0;
  scan_skip(in, n + 1);
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
  if (level && scan_lit(&rest, "]") && blanks_take(&rest))
    *in = rest;
}

static int read_names(span *host, span *in, int strict)
{
  span rest = *in, behind, name = {in->s, 0};
  int pid;
  skip_level(&rest);
  behind = rest;
  if (!ident_take(&behind, &pid) || (strict && !pid)) {
    behind = rest;
    if ((strict && is_stamp(behind)) || !ident_host(&name, &behind))
      return 0;
    skip_bare_level(&behind);
    if (!ident_take(&behind, &pid))
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
  if (!in->len || !memchr(in->s, ']', in->len) || !ident_host(&name, &rest)) /* nearly all lines have none */
    return 0;
  ident = scan_word(&rest);
  if (ident_bracket(ident) < 2 || civil_digit(ident.s[0]) >= 0 || !blanks_take(&rest))
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

int structured_take(span *host, span *in)
{
  span rest = *in, name = scan_word(&rest);
  if (!name.len)
    return 0;
  for (int i = 0; i < 3; i++)
    if (!scan_lit(&rest, " ") || !scan_word(&rest).len)
      return 0;
  if (!scan_lit(&rest, " "))
    return 0;
  if ((!scan_lit(&rest, "-") && !take_elements(&rest)) || !blanks_take(&rest))
    return 0;
  scan_lit(&rest, "\xef\xbb\xbf"); /* what says that the text is UTF-8 */
  *host = span_equal(name, span_of("-")) ? (span){in->s, 0} : name;
  *in = rest;
  return 1;
}
