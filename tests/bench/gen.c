/* gen - writes a made-up log of a busy qmail-send to standard output: the same options, the same bytes.
 *
 *   gen [-l LINES] [-n SENDERS] [-s SEED] [-t START] [-r MESSAGES] [-u] [-o] [-x BYTES]
 *
 * Kinds of lines are in the proportions of a real notqmail log (38 % status lines, 2.7 recipients a message,
 * 4 % deferrals, 8 % failures). Sender number k sends in proportion to 1/k (Zipf). Lines are stamped as by
 * multilog t from START (Unix seconds) on, at MESSAGES messages a second. -u: no stamps. -o: only `info msg`
 * lines, one from each sender in turn, with the 64 message numbers of a small disk. -x: failure texts of that
 * many bytes. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PENDING 40 /* deliveries at a time */
#define MESSAGES 64

typedef struct {
  uint64_t number;
  int unborn, pending; /* recipients without a delivery so far, and with one that has not ended */
  int bounces;
} message;

static struct {
  uint64_t lines, senders, seed, once, number, delivery, qp;
  int stamped;
  int filler;
  double now, pace; /* seconds; per message */
  double *share;    /* of senders 0 to i together */
  message queue[MESSAGES];
  int queued, running;
  struct {
    uint64_t delivery;
    int at; /* in queue */
  } run[PENDING];
} g = {.lines = 1000000,
       .senders = 100000,
       .seed = 1,
       .stamped = 1,
       .now = 1762150000,
       .pace = 0.4,
       .number = 1155436};

static uint64_t draw(uint64_t below)
{
  g.seed ^= g.seed << 13;
  g.seed ^= g.seed >> 7;
  g.seed ^= g.seed << 17;
  return (g.seed >> 11) % below;
}

static uint64_t draw_sender(void)
{
  double x = (double)draw(UINT64_C(1) << 52) / (double)(UINT64_C(1) << 52) * g.share[g.senders - 1];
  uint64_t low = 0, high = g.senders - 1;

  while (low < high) {
    uint64_t middle = (low + high) / 2;
    if (g.share[middle] < x)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void begin_line(void)
{
  uint64_t seconds;

  if (!g.lines--)
    exit(fflush(stdout) != 0);
  g.now += 0.00002;
  seconds = (uint64_t)g.now;
  if (g.stamped)
    printf("@%016" PRIx64 "%08" PRIx64 " ", (UINT64_C(1) << 62) + 10 + seconds,
           (uint64_t)((g.now - (double)seconds) * 1e9) % 1000000000);
}

static void say_status(void)
{
  begin_line();
  printf("status: local %d/10 remote %d/%d\n", g.running % 3, g.running, PENDING);
}

static void say_info(uint64_t number, uint64_t sender)
{
  static char const *const names[] = {"ann", "info", "bernd", "sales.office", "w.mueller", "eve"};

  begin_line();
  printf("info msg %" PRIu64 ": bytes %" PRIu64 " from <%s%" PRIu64 "@example%" PRIu64 ".org> qp %" PRIu64
         " uid %d\n",
         number, 900 + draw(40000), names[sender % 6], sender, sender % (g.senders / 20 + 1), g.qp,
         (int)(1000 + sender % 50));
  g.qp = (g.qp + 1 + draw(9)) % 4000000;
}

static void arrive(void)
{
  message *m = &g.queue[g.queued++];

  *m = (message){.number = g.number + 4 * draw(500),
                 .unborn = draw(12) ? 1 + (int)draw(3) : 1 + (int)draw(18)};
  for (int i = 0; i < g.queued - 1; i++)
    if (g.queue[i].number == m->number)
      g.queue[i--].number += 4000; /* no two at a time */
  g.now += g.pace * 2 * (double)draw(1000) / 1000;
  begin_line();
  printf("new msg %" PRIu64 "\n", m->number);
  say_info(m->number, draw_sender());
}

static void start(int at)
{
  message *m = &g.queue[at];

  m->unborn--;
  m->pending++;
  g.run[g.running].delivery = ++g.delivery;
  g.run[g.running++].at = at;
  begin_line();
  printf("starting delivery %" PRIu64 ": msg %" PRIu64 " to %s user%" PRIu64 "@dest%" PRIu64 ".example.net\n",
         g.delivery, m->number, draw(6) ? "remote" : "local", draw(100000), draw(300));
  say_status();
}

static void say_result(uint64_t delivery, uint64_t luck)
{
  begin_line();
  printf("delivery %" PRIu64 ": ", delivery);
  if (luck < 88)
    printf("success: 192.0.2.%d_accepted_message./Remote_host_said:_250_2.0.0_Ok:_queued_as_%08" PRIX64 "/\n",
           (int)draw(250), draw(UINT64_C(1) << 32));
  else if (luck < 96)
    printf("failure: 192.0.2.%d_does_not_like_recipient./Remote_host_said:_550_5.1.1_User_unknown_%0*d/"
           "Giving_up_on_192.0.2.7./\n",
           (int)draw(250), g.filler, 0);
  else
    printf("deferral: 192.0.2.%d_does_not_like_recipient./Remote_host_said:_451_4.7.1_Greylisting_in_action/"
           "Giving_up_on_192.0.2.7./\n",
           (int)draw(250));
}

static void finish(int which)
{
  int at = g.run[which].at;
  message *m = &g.queue[at];
  uint64_t delivery = g.run[which].delivery, luck = draw(100);

  g.run[which] = g.run[--g.running];
  m->pending--;
  m->bounces += luck >= 88 && luck < 96;
  m->unborn += luck >= 96; /* tried again later */
  say_result(delivery, luck);
  say_status();
  if (m->unborn || m->pending)
    return;
  if (m->bounces) {
    begin_line();
    printf("bounce msg %" PRIu64 " qp %" PRIu64 "\n", m->number, g.qp);
  }
  begin_line();
  printf("end msg %" PRIu64 "\n", m->number);
  *m = g.queue[--g.queued];
  for (int i = 0; i < g.running; i++)
    if (g.run[i].at == g.queued)
      g.run[i].at = at;
}

static void step(void)
{
  int born = g.queued - 1;

  while (born >= 0 && !g.queue[born].unborn)
    born--;
  if (born >= 0 && g.running < PENDING && draw(2))
    start(born);
  else if (g.running && (g.running > 4 + (int)draw(8) || g.queued >= MESSAGES))
    finish((int)draw((uint64_t)g.running));
  else if (g.queued < MESSAGES)
    arrive();
}

static void shares(void)
{
  double sum = 0;

  g.share = calloc(g.senders, sizeof *g.share);
  if (!g.share)
    exit(111);
  for (uint64_t i = 0; i < g.senders; i++)
    g.share[i] = sum += 1 / (double)(i + 1);
}

static void options(int argc, char **argv)
{
  int c;

  while ((c = getopt(argc, argv, "l:n:s:t:r:ox:u")) != -1)
    switch (c) {
    case 'l': g.lines = strtoull(optarg, 0, 10); break;
    case 'n': g.senders = strtoull(optarg, 0, 10); break;
    case 's': g.seed = strtoull(optarg, 0, 10); break;
    case 't': g.now = strtod(optarg, 0); break;
    case 'r': g.pace = 1 / strtod(optarg, 0); break;
    case 'x': g.filler = atoi(optarg); break;
    case 'o': g.once = 1; break;
    case 'u': g.stamped = 0; break;
    default: exit(100);
    }
}

int main(int argc, char **argv)
{
  static char buffer[1 << 18];

  setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  options(argc, argv);
  shares();
  for (uint64_t i = 0; g.once; i++)
    say_info(g.number + i % MESSAGES, i % g.senders);
  for (;;)
    step();
}
