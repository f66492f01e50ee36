/* ora_line.c - what qmail-send said in one line, if it is whole.
 *
 * A line that is not exactly of one of the forms is ORA_OTHER. */
#include <string.h>

#include "ora.h"

/* The end of a line: nothing, or a blank and the name of a queue. */
static int tail(ora_str s, ora_str *queue)
{
  *queue = (ora_str){"", 0};
  if (!s.n)
    return 1;
  return ora_eat(&s, " ") && ora_eat_word(&s, queue) && !s.n;
}

/* "D:", where D is a number, or a number, a dot and a word without ':'. */
static int delivery(ora_str *s, ora_line *l)
{
  ora_str word;
  size_t at;

  if (!ora_eat_word(s, &word) || !ora_eat_number(&word, &l->delivery) || !word.n || word.p[word.n - 1] != ':')
    return 0;
  word.n--;
  l->suffix = word;
  if (!word.n)
    return 1;
  return ora_eat(&word, ".") && word.n && !ora_find(word, ora_lit(":"), &at);
}

static int info(ora_str s, ora_line *l)
{
  ora_str const mark = ora_lit("> qp ");
  ora_str rest;
  size_t at;
  int found = 0;

  if (!ora_eat(&s, "info msg ") || !ora_eat_number(&s, &l->msg) || !ora_eat(&s, ": bytes ") ||
      !ora_eat_number(&s, &l->bytes) || !ora_eat(&s, " from <"))
    return 0;
  for (size_t i = 0; i + mark.n <= s.n; i++)
    if (ora_same((ora_str){s.p + i, mark.n}, mark)) {
      l->sender = (ora_str){s.p, i};
      found = 1;
    }
  if (!found || ora_find(l->sender, ora_lit(" "), &at))
    return 0;
  rest = (ora_str){s.p + l->sender.n + mark.n, s.n - l->sender.n - mark.n};
  return ora_eat_number(&rest, &l->qp) && ora_eat(&rest, " uid ") && ora_eat_number(&rest, &l->uid) &&
         tail(rest, &l->queue);
}

static int start(ora_str s, ora_line *l)
{
  ora_str channel;

  if (!ora_eat(&s, "starting delivery ") || !delivery(&s, l) || !ora_eat(&s, " msg ") ||
      !ora_eat_number(&s, &l->msg) || !ora_eat(&s, " to ") || !ora_eat_word(&s, &channel) ||
      !ora_eat(&s, " ") || !ora_eat_word(&s, &l->recipient))
    return 0;
  l->local = ora_same(channel, ora_lit("local"));
  return tail(s, &l->queue);
}

/* One word alone is the text of a result. */
static void last_word(ora_str s, ora_str *queue)
{
  *queue = (ora_str){"", 0};
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] == ' ')
      *queue = (ora_str){s.p + i + 1, s.n - i - 1};
}

/* "success:" and a text, which may be empty. */
static int outcome(ora_str *s, char const *word)
{
  ora_str r = *s;

  if (!ora_eat(&r, " ") || !ora_eat(&r, word) || !ora_eat(&r, ":") || (r.n && !ora_eat(&r, " ")))
    return 0;
  *s = r;
  return 1;
}

/* After "will defer": nothing, or the queue, with a ':' or without. */
static int mangled(ora_str s, ora_str *queue)
{
  int colon = ora_eat(&s, ":");

  return tail(s, queue) && (!colon || queue->n);
}

static int result(ora_str s, ora_line *l)
{
  size_t at;

  if (!ora_eat(&s, "delivery ") || !delivery(&s, l))
    return 0;
  if (outcome(&s, "success"))
    l->kind = ORA_SUCCESS;
  else if (outcome(&s, "failure"))
    l->kind = ORA_FAILURE;
  else if (outcome(&s, "deferral"))
    l->kind = ORA_DEFERRAL;
  else if (ora_eat(&s, " report mangled, will defer") && mangled(s, &l->queue)) {
    l->kind = ORA_DEFERRAL;
    return 1;
  } else
    return 0;
  l->by_ratetap = ora_find(s, ora_lit("ratetap:_"), &at) && !at;
  last_word(s, &l->queue);
  return 1;
}

static int bounce(ora_str s, ora_line *l)
{
  return ora_eat(&s, "bounce msg ") && ora_eat_number(&s, &l->msg) && ora_eat(&s, " qp ") &&
         ora_eat_number(&s, &l->qp) && tail(s, &l->queue);
}

static int end(ora_str s, ora_line *l)
{
  ora_str rest;

  if (!ora_eat(&s, "end msg ") || !ora_eat_number(&s, &l->msg))
    return 0;
  rest = s;
  if (ora_eat(&rest, " qmail-send: "))
    ora_eat(&s, " qmail-send:");
  else if (ora_eat(&rest, " slowq-send: "))
    ora_eat(&s, " slowq-send:");
  else if (ora_eat(&rest, " qmta-send: "))
    ora_eat(&s, " qmta-send:");
  else
    return tail(s, &l->queue) && !(l->queue.n && l->queue.p[l->queue.n - 1] == ':');
  return tail(s, &l->queue);
}

void ora_line_read(ora_str text, ora_line *l)
{
  memset(l, 0, sizeof *l);
  if (info(text, l))
    l->kind = ORA_INFO;
  else if (start(text, l))
    l->kind = ORA_START;
  else if (result(text, l))
    return;
  else if (bounce(text, l))
    l->kind = ORA_BOUNCE;
  else if (end(text, l))
    l->kind = ORA_END;
  else
    l->kind = ORA_OTHER;
}
