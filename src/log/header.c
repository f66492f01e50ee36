#include "log/header.h"

#include "base/scan.h"
#include "log/blanks.h"
#include "log/civil.h"
#include "log/ident.h"
#include "log/level.h"

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
