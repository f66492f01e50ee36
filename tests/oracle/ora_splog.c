/* ora_folded.c - lines that splogger cut after 800 bytes, put together again.
 *
 * One unfinished line is remembered for each host: its newest with a number that is not a '+' part.  So lines
 * without a number, and other hosts', may stand between the parts. */
#include "ora.h"

static ora_folded *of_host(ora *o, ora_str host)
{
  for (size_t i = 0; i < o->nparts; i++)
    if (ora_same(o->parts[i].host, host))
      return &o->parts[i];
  o->parts = ora_more(o->pool, o->parts, o->nparts, &o->partroom, sizeof *o->parts);
  o->parts[o->nparts] = (ora_folded){.host = ora_copy(o->pool, host), .number = {"", 0}};
  return &o->parts[o->nparts++];
}

/* Sets *text to what is to be looked at: the line's own text or, if it is a '+' part, all that belongs to it.
 * Returns the line that is put together, or 0 if there is none. */
ora_folded *ora_folded_take(ora *o, ora_stamp const *st, ora_str *text)
{
  ora_folded *p;

  *text = st->text;
  if (!st->number.n)
    return 0;
  p = of_host(o, st->host);
  if (!st->plus) {
    p->number = ora_copy(o->pool, st->number);
    p->matched = ora_get(o->pool, o->script.nrules + 1);
    p->mail = p->odd = 0;
    p->text.n = 0;
  } else if (p->mail || !ora_same(p->number, st->number)) {
    return 0;
  }
  ora_put(o->pool, &p->text, st->text);
  *text = (ora_str){p->text.p ? p->text.p : "", p->text.n};
  return p;
}
