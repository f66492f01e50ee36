#include "log/stamp.h"

#include "log/piece.h"

#define BILLION 1000000000

static void take_time(stamp *st, local_time const *t)
{
  if (t->seconds < STAMP_MIN / BILLION || t->seconds > STAMP_MAX / BILLION)
    return;
  st->timed = 1;
  st->when = t->seconds * BILLION + t->nano;
}

void stamp_read(stamp *st, span line, local_hints const *hints)
{
  span rest = line;
  piece p = {.hints = hints};
  *st = (stamp){.host = {line.s, 0}, .number = {line.s, 0}};
  for (int n = 0; n < STAMP_PIECES && !p.more && piece_next(&p, &rest); n++) {
    if (p.timed)
      take_time(st, &p.time);
    if (p.host.len)
      st->host = p.host;
    st->number = p.number;
    st->more = p.more;
  }
  st->len = line.len - rest.len;
}
