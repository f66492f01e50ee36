#include "main/option.h"
#include "pipe/warn.h"

void option_bad(char const *options, int c, char const *usage)
{
  char const name[] = {(char)c, 0};
  char const *needs = strchr(options, c) ? " needs an argument" : ": unknown option";

  warn_pieces("fatal: -", 0, WARN_PIECES(name, needs));
  die_usage(usage);
}

span option_cut(char const *value)
{
  if (!*value)
    die(100, "bad -x: no character before which to cut the local part (as in -x +)");
  for (char const *s = value; *s; s++)
    if ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') || *s == '@')
      die(100, "bad -x ", value, ": neither letters, digits nor @ (as in -x +-; a selection as -x", value,
          " comes after a --)");
  return span_of(value);
}

void option_folding(folding const *how)
{
  if (how->exact && how->cut.len)
    die(100, "-e and -x together: exact senders are not cut");
}
