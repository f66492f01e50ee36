/* gen_mail.c - a few mail queues under way: what their qmail-sends write, in the order of a real one.
 *
 * Inode numbers come from a small range, so that queues and hosts use the same ones, and are used again at
 * once. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gen.h"

enum { MAILS = 12, RECIPIENTS = 8, QUEUES = 6 };

typedef enum { TODO, PENDING, DONE, BOUNCED } state;

typedef struct {
  char address[1100];
  char const *channel;
  char name[40]; /* D while pending */
  state state;
} recipient;

typedef struct {
  unsigned long id, qp, bytes;
  unsigned uid, n; /* n: recipients; 0: this place is free */
  char sender[1100];
  recipient to[RECIPIENTS];
} mail;

typedef struct {
  gen *g;
  unsigned host;
  char const *word;   /* indimail's name of the queue, or "" */
  char const *suffix; /* after D */
  unsigned long delivery, freed;
  mail mails[MAILS];
} queue;

__attribute__((format(printf, 2, 3))) static void say(queue *q, char const *format, ...)
{
  char text[12288];
  size_t n;
  va_list args;

  va_start(args, format);
  n = (size_t)vsnprintf(text, sizeof text - 64, format, args);
  va_end(args);
  if (n && gen_in(q->g, 60))
    n = gen_damage(q->g, text, n);
  gen_line(q->g, q->host, text, n, 0);
}

/* The queue's name as one more word. */
static char const *tail(queue const *q)
{
  static char word[40];

  snprintf(word, sizeof word, "%s%s", *q->word ? " " : "", q->word);
  return word;
}

static void announce(queue *q, mail const *m)
{
  say(q, "new msg %lu%s", m->id, gen_in(q->g, 4) ? "" : tail(q));
  say(q, "info msg %lu: bytes %lu from <%s> qp %lu uid %u%s", m->id, m->bytes, m->sender, m->qp, m->uid,
      tail(q));
}

static void inject(queue *q)
{
  static unsigned const uids[] = {0, 89, 1001, 1001, 1002, 4294967294U};
  gen *g = q->g;
  mail *m = &q->mails[gen_below(g, MAILS)];

  if (m->n)
    return;
  m->id = q->freed && gen_in(g, 2) ? q->freed : 1000 + gen_below(g, 40);
  for (unsigned i = 0; i < MAILS; i++)
    if (q->mails[i].n && q->mails[i].id == m->id)
      return;
  q->freed = 0;
  m->qp = 20000 + gen_below(g, 10000);
  m->bytes = gen_in(g, 10) ? gen_below(g, 3000000) : 200 + gen_below(g, 5000);
  m->uid = uids[gen_below(g, sizeof uids / sizeof *uids)];
  gen_sender(g, m->sender, sizeof m->sender);
  if (g->burst && gen_in(g, 2))
    snprintf(m->sender, sizeof m->sender, "mallory@example.org");
  m->n = 1 + (unsigned)gen_below(g, gen_in(g, 3) ? RECIPIENTS : 2);
  for (unsigned i = 0; i < m->n; i++) {
    recipient *r = &m->to[i];
    gen_recipient(g, r->address, sizeof r->address);
    if (i && gen_in(g, 8))
      memcpy(r->address, m->to[0].address, sizeof r->address);
    r->channel = gen_channel(g);
    r->state = TODO;
  }
  if (!gen_in(g, 40)) /* else it was queued before the log began */
    announce(q, m);
}

static void status(queue *q)
{
  if (gen_in(q->g, 3))
    say(q, "status: local %u/10 remote %u/20%s", (unsigned)gen_below(q->g, 10), (unsigned)gen_below(q->g, 20),
        tail(q));
}

static void start(queue *q, mail *m)
{
  recipient *r = &m->to[gen_below(q->g, m->n)];

  if (r->state != TODO)
    return;
  snprintf(r->name, sizeof r->name, "%lu%s", ++q->delivery, q->suffix);
  say(q, "starting delivery %s: msg %lu to %s %s%s", r->name, m->id, r->channel, r->address, tail(q));
  r->state = PENDING;
  status(q);
}

static void result(queue *q, mail *m)
{
  gen *g = q->g;
  recipient *r = &m->to[gen_below(g, m->n)];
  uint64_t kind = gen_below(g, 20);
  char const *blanks = gen_in(g, 10) ? " with blanks" : "";
  char const *done = gen_in(g, 6) ? "" : "did_1+0+0/";
  char const *said = gen_in(g, 5) ? "ratetap:_ann@example.org_is_over_" : "Remote_host_said:_";

  if (r->state != PENDING)
    return;
  r->state = kind < 12 ? DONE : kind < 15 ? BOUNCED : TODO;
  if (kind < 12)
    say(q, "delivery %s: success: %s%s%s", r->name, done, blanks, tail(q));
  else if (kind < 15)
    say(q, "delivery %s: failure: %s%s55%u_No,_%0*u%s%s", r->name, *said == 'r' ? "" : "192.0.2.9_failed./",
        said, (unsigned)gen_below(g, 5), gen_in(g, 30) ? 9000 : 1, 0U, blanks, tail(q));
  else if (kind < 19)
    say(q, "delivery %s: deferral: %s45%u_Later/%s%s", r->name, said, (unsigned)gen_below(g, 3), blanks,
        tail(q));
  else
    say(q, "delivery %s: report mangled, will defer%s%s", r->name, *q->word ? ":" : "", tail(q));
  status(q);
}

static void finish(queue *q, mail *m)
{
  int bounce = 0;

  for (unsigned i = 0; i < m->n; i++) {
    if (m->to[i].state == TODO || m->to[i].state == PENDING)
      return;
    bounce |= m->to[i].state == BOUNCED;
  }
  if (bounce)
    say(q, "bounce msg %lu qp %lu%s", m->id, 20000 + (unsigned long)gen_below(q->g, 10000), tail(q));
  say(q, "end msg %lu%s%s", m->id, *q->word && gen_in(q->g, 2) ? " qmail-send:" : "", tail(q));
  q->freed = m->id;
  m->n = 0;
}

/* qmail-send is killed and starts again: half a line, deliveries forgotten, a message announced twice. */
static void restart(queue *q)
{
  mail const *m = &q->mails[gen_below(q->g, MAILS)];

  if (gen_in(q->g, 2)) {
    say(q, "status: exiting%s", tail(q));
  } else if (m->n) {
    int n = snprintf(q->g->half, sizeof q->g->half, "info msg %lu: bytes %lu from <%s> qp %lu uid %u", m->id,
                     m->bytes, m->sender, m->qp, m->uid);
    q->g->half[gen_below(q->g, n < 200 ? (uint64_t)n : 200)] = 0;
  }
  q->delivery = 0;
  for (unsigned i = 0; i < MAILS; i++)
    for (unsigned k = 0; k < q->mails[i].n; k++)
      if (q->mails[i].to[k].state == PENDING)
        q->mails[i].to[k].state = TODO;
  if (m->n)
    announce(q, m);
}

static void act(queue *q)
{
  gen *g = q->g;
  mail *m = &q->mails[gen_below(g, MAILS)];
  uint64_t kind = gen_below(g, 1000);

  if (kind < 2)
    restart(q);
  else if (kind < 60)
    gen_noise(g, q->host);
  else if (kind < (g->burst ? 500 : 250))
    inject(q);
  else if (!m->n)
    return;
  else if (kind < 700)
    start(q, m);
  else if (kind < 950)
    result(q, m);
  else
    finish(q, m);
}

static unsigned make_queues(gen *g, queue *queues)
{
  static char const *const words[] = {"queue1", "slowq", "queue2"};
  unsigned hosts = gen_hosts(g), n = 0;
  int first = gen_named(g);

  for (unsigned h = 0; h < hosts; h++) {
    unsigned many = gen_in(g, 3) ? 1 + (unsigned)gen_below(g, 3) : 0, i = 0;
    do {
      queue *q = &queues[n];
      if (n == QUEUES)
        break;
      memset(q, 0, sizeof *q);
      q->g = g;
      q->host = h + (unsigned)first;
      q->word = many ? words[i % 3] : "";
      q->suffix = gen_in(g, 4) ? ".2" : "";
      n++;
    } while (++i < many);
  }
  return n;
}

void gen_mail(gen *g)
{
  static queue queues[QUEUES];
  unsigned n = make_queues(g, queues);

  while (g->lines < g->wanted) {
    if (gen_in(g, 300))
      g->burst = !g->burst;
    act(&queues[gen_below(g, n)]);
  }
}
