/* harness - holds two pipes open, runs a filter between them, hurts it, and proves what came out.
 *
 *   harness [-l LINES] [-f FAULTS] [-k kill|term|stop|storm] [-c] [-g] [-p WRITES] [-q WRITES] [-L KIND]
 *           [-r RATE] [-z PIPESIZE] [-i] [-S SEED] [-n NAME] FILTER [ARG...]
 *
 * -k: kill and term start the filter again at once; stop is SIGSTOP and SIGCONT; storm sends HUP, ALRM, USR1
 * and PIPE. -c: hurt the filter's child instead; -g: the filter's whole process group. -i: the reader idles
 * now and then, so that the output pipe fills. Every fault waits until bytes were passed on since the one
 * before. Prints a row of the fault table: name, faults, lines sent, lost, doubled. Exits 1 if a line was
 * lost or doubled. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness.h"

static void usage(void)
{
  (void)fputs("usage: harness [options] filter [arg...] (see the top of harness.c)\n", stderr);
  exit(100);
}

static fault fault_named(char const *name)
{
  static char const *const names[] = {"kill", "term", "stop", "storm"};

  for (int i = 0; i < 4; i++)
    if (!strcmp(name, names[i]))
      return (fault)i;
  usage();
  return FAULT_KILL;
}

static void options(trial *t, int argc, char **argv)
{
  int odd = -1, c;

  while ((c = getopt(argc, argv, "+l:f:k:cgp:q:L:r:z:iS:n:")) != -1)
    switch (c) {
    case 'l': t->plan.lines = strtoull(optarg, 0, 10); break;
    case 'f': t->faults = strtoull(optarg, 0, 10); break;
    case 'k': t->fault = fault_named(optarg); break;
    case 'c': t->child = 1; break;
    case 'g': t->group = 1; break;
    case 'p': t->plan.even = (unsigned)atoi(optarg); break;
    case 'q': odd = atoi(optarg); break;
    case 'L': t->plan.kind = optarg[0]; break;
    case 'r': t->plan.rate = strtoull(optarg, 0, 10); break;
    case 'z': t->pipe_size = atoi(optarg); break;
    case 'i': t->idle = 1; break;
    case 'S': t->seed = (unsigned)strtoul(optarg, 0, 10); break;
    case 'n': t->name = optarg; break;
    default: usage();
    }
  if (optind == argc)
    usage();
  t->plan.odd = odd < 0 ? t->plan.even : (unsigned)odd;
  t->command = argv + optind;
}

int main(int argc, char **argv)
{
  trial t = {.plan = {.kind = 'q', .lines = 100000, .even = 1}, .name = "fault", .seed = (unsigned)time(0)};
  int ok;

  options(&t, argc, argv);
  t.first_seed = t.seed;
  (void)signal(SIGPIPE, SIG_IGN);
  ok = trial_open(&t) && trial_faults(&t);
  ok = trial_close(&t) && ok;
  printf("# seed %u: %" PRIu64 " faults, bytes waiting in stdin at %" PRIu64
         ", in the middle of a line at %" PRIu64 ", broken lines %" PRIu64 "\n",
         t.first_seed, t.done, t.waiting, t.midline, t.shared->result.broken);
  printf("# | %s | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " |\n", t.name, t.done, t.plan.lines,
         t.shared->result.lost, t.shared->result.doubled);
  return !ok;
}
