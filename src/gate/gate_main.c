/* ratetap-gate - in the place of qmail-queue: refuses the messages of senders that GATE holds.
 *
 * QMAIL-QUEUE gets the message as it comes; only the envelope goes through here. It fails open: whatever goes
 * wrong with GATE or with ourselves, QMAIL-QUEUE decides alone, and if it cannot be started beside us it
 * takes our place. */
#include "gate/envelope.h"
#include "gate/held_name.h"
#include "main/compat.h"
#include "main/option.h"
#include "pipe/warn.h"
#include <skalibs/djbunix.h>
#include <skalibs/uint64.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static char const usage[] = "ratetap-gate [-a VARIABLE]... [-p] [-q] GATE[:GATE...] QMAIL-QUEUE";

#define HELD 71          /* the client is told to try again later */
#define HELD_FOR_GOOD 31 /* the client is told that it is refused */
#define VARIABLES 16

typedef struct {
  char const *gates, *program;
  char const *accounts[VARIABLES + 1]; /* up to a null pointer */
  int refusal, quiet;
} settings;

/* inetd(8) gives the client's socket as standard error: nothing that is not SMTP is written there. */
static int is_internet(int fd)
{
  struct sockaddr_storage a = {0};
  socklen_t len = sizeof a;

  return getsockname(fd, (struct sockaddr *)&a, &len) == 0 &&
         (a.ss_family == AF_INET || a.ss_family == AF_INET6);
}

static void add_account(settings *s, char const *variable)
{
  char const *account = getenv(variable);
  size_t n = 0;

  if (!*variable || strchr(variable, '='))
    die(100, "bad -a ", variable, ": the name of an environment variable (as in -a SMTPAUTHUSER)");
  while (s->accounts[n])
    n++;
  if (n == VARIABLES)
    die(100, "bad -a ", variable, ": at most 16 variables");
  s->accounts[n] = account && *account ? account : 0;
}

static void settings_read(settings *s, int argc, char const *const *argv)
{
  static char const options[] = "a:epqx:";
  subgetopt state = SUBGETOPT_ZERO;
  int c, old = 0;

  state.err = 0;
  *s = (settings){.refusal = HELD};
  while ((c = compat_sgetopt(argc, argv, options, &state)) != -1)
    switch (c) {
    case 'a': add_account(s, state.arg); break;
    case 'e':
    case 'x': old = 1; break;
    case 'p': s->refusal = HELD_FOR_GOOD; break;
    case 'q': s->quiet = 1; break;
    default: option_bad(options, state.problem, usage);
    }
  if (argc - state.ind != 2)
    die_usage(usage);
  s->gates = argv[state.ind];
  s->program = argv[state.ind + 1];
  if (old && !s->quiet)
    warn("-e and -x do nothing here: the file .fold in GATE says how ratetap folds");
}

typedef struct {
  settings const *settings;
  held_file by;
} verdict;

static int judge(void *to, span sender)
{
  verdict *v = to;
  char uid[UINT64_FMT];

  uid[uint64_fmt(uid, (uint64_t)getuid())] = 0;
  return held_find(v->settings->gates,
                   &(held_who){.sender = sender, .uid = uid, .accounts = v->settings->accounts}, &v->by);
}

/* If one of them is closed, the next open would get its number. What takes its place here fails as a closed
 * one does. */
static void occupy_standard(void)
{
  for (int fd = 0; fd < 3; fd++)
    fd_ensure_open(fd, 1);
}

static void take_place(char const *program)
{
  char const *const argv[] = {program, 0};

  execv(program, (char *const *)argv);
  die_sys(111, "start ", program);
}

int main(int argc, char const *const *argv)
{
  settings s;
  verdict v = {.settings = &s};
  queue q;
  int in;

  PROG = "ratetap-gate";
  occupy_standard();
  if (is_internet(2))
    warn_silence();
  settings_read(&s, argc, argv);
  if (!queue_start(&q, s.program, &in))
    take_place(s.program);
  close(0); /* who writes the message must see it if QMAIL-QUEUE reads no more */
  if (!envelope_pass(&q, in, &judge, &v))
    return q.code;
  if (!s.quiet)
    warn_pieces("refused ", 0, WARN_PIECES(name_kind_word(v.by.kind), ":", v.by.key, " ", v.by.rule));
  return s.refusal;
}
