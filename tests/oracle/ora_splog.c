/* ora_splog.c - lines that splogger cut after 800 bytes, put together again.
 *
 * Every first part is remembered for ever, whatever comes between it and the next. */
#include "ora.h"

static ora_folded *of_number(ora *o, ora_str host, ora_str number)
{
  for (size_t i = 0; i < o->nparts; i++)
    if (ora_same(o->parts[i].host, host) && ora_same(o->parts[i].number, number))
      return &o->parts[i];
  return 0;
}

static ora_folded *remember(ora *o, ora_stamp const *st)
{
  ora_folded *p = of_number(o, st->host, st->number);

  if (!p) {
    o->parts = ora_more(o->pool, o->parts, o->nparts, &o->partroom, sizeof *o->parts);
    p = &o->parts[o->nparts++];
    *p = (ora_folded){.host = ora_copy(o->pool, st->host), .number = ora_copy(o->pool, st->number)};
  }
  p->matched = ora_get(o->pool, o->script.nrules + 1);
  p->mail = st->text.n == 0; /* what follows nothing belongs to nothing */
  p->event = p->odd = 0;
  p->text.n = 0;
  return p;
}

/* Sets *text to what is to be looked at: the line's own text or, if it is a '+' part, all that belongs to it.
 * Returns the line that is put together, or 0 if there is none. */
ora_folded *ora_folded_take(ora *o, ora_stamp const *st, ora_str *text)
{
  ora_folded *p;

  *text = st->text;
  if (!st->number.n)
    return 0;
  p = st->plus ? of_number(o, st->host, st->number) : remember(o, st);
  if (!p || p->mail)
    return 0;
  ora_put(o->pool, &p->text, st->text);
  *text = (ora_str){p->text.p ? p->text.p : "", p->text.n};
  return p;
}
