/* ratetap-gate - stands where qmail-queue stands, and lets no message of a held sender pass.
 *
 * QMAIL-QUEUE gets the message as it comes; only the envelope goes through here. It fails open: whatever goes
 * wrong with GATE or with ourselves, QMAIL-QUEUE decides alone, and where it cannot be started beside us it
 * takes our place. */
#include "gate/envelope.h"
#include "main/compat.h"
#include "main/option.h"
#include <skalibs/djbunix.h>
#include <unistd.h>

static char const usage[] = "ratetap-gate [-e] [-x CHARS] [-p] GATE QMAIL-QUEUE";

#define HELD 71          /* the client is told to try again later */
#define HELD_FOR_GOOD 31 /* the client is told that it is refused */

typedef struct {
  judge judge;
  char const *program;
  int refusal;
} settings;

static void settings_read(settings *s, int argc, char const *const *argv)
{
  static char const options[] = "epx:";
  subgetopt state = SUBGETOPT_ZERO;
  int c;

  state.err = 0;
  *s = (settings){{0, {0, {"", 0}}}, 0, HELD};
  while ((c = compat_sgetopt(argc, argv, options, &state)) != -1)
    switch (c) {
    case 'e': s->judge.how.exact = 1; break;
    case 'p': s->refusal = HELD_FOR_GOOD; break;
    case 'x': s->judge.how.cut = option_cut(state.arg); break;
    default: option_bad(options, state.problem, usage);
    }
  option_folding(&s->judge.how);
  if (argc - state.ind != 2)
    strerr_dieusage(100, usage);
  s->judge.directory = argv[state.ind];
  s->program = argv[state.ind + 1];
}

/* A descriptor that is not there would be the next that is opened. What takes its place fails as it would
 * have. */
static void occupy_standard(void)
{
  for (int fd = 0; fd < 3; fd++)
    fd_ensure_open(fd, 1);
}

static void take_place(char const *program)
{
  char const *const argv[] = {program, 0};

  execv(program, (char *const *)argv);
  strerr_diefusys(111, "start ", program);
}

int main(int argc, char const *const *argv)
{
  static courier r;
  settings s;
  queue q;

  PROG = "ratetap-gate";
  settings_read(&s, argc, argv);
  occupy_standard();
  if (!queue_start(&q, s.program))
    take_place(s.program);
  close(0); /* who writes the message must see it if QMAIL-QUEUE reads no more */
  if (courier_run(&r, &q, &s.judge, getuid(), 1))
    return s.refusal;
  return q.code;
}
