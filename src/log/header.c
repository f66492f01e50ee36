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

static int is_name(span word, char const *const *names, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (span_equal(word, span_of(names[i])))
      return 1;
  return 0;
}

/* facility.level: returns the bytes, 0 if it is none. Nearly every line comes here, and leaves at the dot. */
static size_t level_scan(span in)
{
  size_t most = in.len < LONGEST + 1 ? in.len : LONGEST + 1;
  char const *dot = most ? memchr(in.s, '.', most) : 0;
  span facility, level;

  if (!dot)
    return 0;
  facility = (span){in.s, (size_t)(dot - in.s)};
  scan_skip(&in, facility.len + 1);
  for (level = (span){in.s, 0}; level.len < in.len && in.s[level.len] >= 'a' && in.s[level.len] <= 'z';)
    level.len++;
  if (!is_name(facility, facilities, sizeof facilities / sizeof *facilities) ||
      !is_name(level, levels, sizeof levels / sizeof *levels))
    return 0;
  return facility.len + 1 + level.len;
}

/* How far the "[" reaches in a word that ends with "[12]:", 1 if nothing is before it; 0 if the word does
 * not end so. */
static size_t ident_bracket(span word)
{
  size_t n = word.len;

  if (n < 4 || word.s[n - 1] != ':' || word.s[n - 2] != ']' || date_digit(word.s[n - 3]) < 0)
    return 0;
  n -= 3;
  while (n && date_digit(word.s[n - 1]) >= 0)
    n--;
  return n && word.s[n - 1] == '[' ? n : 0;
}

/* A word that is no ident, and a blank. */
static int take_host(span *host, span *in)
{
  span rest = *in, word = scan_word(&rest);
  if (!word.len || word.s[word.len - 1] == ':' || !scan_lit(&rest, " "))
    return 0;
  *host = word;
  *in = rest;
  return 1;
}

/* "ident: ", "ident[12]: " or "ident [12]: "; *pid: there was a number. An ident does not begin with a digit.
 */
static int take_ident(span *in, int *pid)
{
  span rest = *in, word = scan_word(&rest), number;
  *pid = ident_bracket(word) > 1;
  if (!word.len || date_digit(word.s[0]) >= 0 || ident_bracket(word) == 1)
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
  while (n < in->len && n <= 3 && date_digit(in->s[n]) >= 0)
    n++;
  if (n < 2 || n == in->len || in->s[0] != '<' || in->s[n] != '>')
    return 0;
  scan_skip(in, n + 1);
  return 1;
}

/* Does another stamp or header begin there? After a date that can be a stamp by itself that is no host. */
static int is_stamp(span in)
{
  date_reader scratch = {0};
  span rest = in;
  uint64_t seconds;
  uint32_t nano;
  date d;

  if (in.len && (*in.s == '@' || *in.s == '<'))
    return 1;
  if (!date_take(&d, &rest, &scratch)) {
    size_t digits = scan_num(&rest, &seconds) ? date_fraction(&nano, rest) : 0;
    if (digits != 1 + 6 && digits != 1 + 9)
      return 0;
    scan_skip(&rest, digits);
  }
  return scan_lit(&rest, " ");
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

int header_names(span *host, span *in, int strict)
{
  span rest = *in, after, name = {in->s, 0};
  int pid;

  skip_level(&rest);
  after = rest;
  if (!take_ident(&after, &pid) || (strict && !pid)) {
    after = rest;
    if ((strict && is_stamp(after)) || !take_host(&name, &after))
      return 0;
    skip_bare_level(&after);
    if (!take_ident(&after, &pid))
      return 0;
  }
  skip_id(&after);
  *host = name;
  *in = after;
  return 1;
}

int header_journal(span *host, span *in)
{
  span rest = *in, name, ident;
  if (!in->len || !memchr(in->s, ']', in->len) || !take_host(&name, &rest)) /* nearly all lines have none */
    return 0;
  ident = scan_word(&rest);
  if (ident_bracket(ident) < 2 || date_digit(ident.s[0]) >= 0 || !blanks_take(&rest))
    return 0;
  *host = name;
  *in = rest;
  return 1;
}

/* "[id name="value"]", one or more. In a value a backslash takes the meaning away from the byte after it. */
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
  if ((!scan_lit(&rest, "-") && !take_elements(&rest)) || !blanks_take(&rest))
    return 0;
  scan_lit(&rest, "\xef\xbb\xbf"); /* what says that the text is UTF-8 */
  *host = span_equal(name, span_of("-")) ? (span){in->s, 0} : name;
  *in = rest;
  return 1;
}

int header_level(span *in)
{
  span rest = *in;
  size_t level = level_scan(rest);

  scan_skip(&rest, level);
  if (!level || !scan_lit(&rest, ":") || !blanks_take(&rest))
    return 0;
  *in = rest;
  return 1;
}
