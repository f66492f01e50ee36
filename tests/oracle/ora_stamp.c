/* ora_stamp.c - the prefix of a line: up to eight pieces, then the text. */
#include <string.h>

#include "ora.h"

static int piece(ora_str *s, ora_now const *now, ora_piece_kind before, ora_piece *p)
{
  static ora_piece const none;

  *p = none;
  if (ora_head_read(s, now, before, p))
    return 1;
  *p = none;
  return ora_time_read(s, now, p);
}

void ora_stamp_read(ora_str line, ora_now const *now, ora_stamp *st)
{
  ora_piece_kind before = ORA_NOTHING;
  ora_piece p;

  *st = (ora_stamp){.host = {"", 0}, .number = {"", 0}, .text = line};
  for (unsigned i = 0; i < 8 && !st->plus; i++) {
    ora_str rest = st->text, read;
    int plus = 0;
    if (!piece(&rest, now, before, &p))
      return;
    read = (ora_str){st->text.p, st->text.n - rest.n};
    if (p.kind == ORA_NUMBER)
      plus = ora_eat(&rest, "+");
    if (!plus && rest.n && !ora_eat_blanks(&rest))
      return;
    st->number = (ora_str){read.p, p.kind == ORA_NUMBER ? read.n : 0};
    st->plus = plus;
    st->text = rest;
    before = p.kind;
    if (p.timed && (p.absolute || !st->absolute)) {
      st->known = 1;
      st->absolute = p.absolute;
      st->when = (int64_t)p.when;
    }
    if (p.host.n)
      st->host = p.host;
  }
}
