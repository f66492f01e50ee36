/* nth - runs a filter over a short input again and again, and spoils another call each time.
 *
 *   nth [-1] [-r] [-d] [-x TIMES] [-m MAXRUNS] LIBRARY CALL WHAT NAME LINES WRITES FILTER [ARG...]
 *
 * CALL, WHAT and NAME are FAULT_CALL, FAULT_DO and FAULT_ONLY of the preloaded LIBRARY; FAULT_NTH goes from 1
 * to the first number that no run reaches. Each write must come out before the next is made. A filter that
 * died is started again without a fault, as a supervisor would; it may die only by 'kill', or with 111 before
 * it passed a byte, unless -d allows it later (a real error of stdin or stdout). -1: one wrong run is enough
 * (else five). -r: sockets instead of pipes, so that the filter reads and writes. -x: FAULT_TIMES. Prints one
 * line; exits 1 if an output was not the input. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "nth_run.h"

int main(int argc, char **argv)
{
  nth t = {.times = "1", .max = 5000};
  unsigned wrong = 0, runs = 0, enough = 5;
  int c;

  while ((c = getopt(argc, argv, "+1rdx:m:")) != -1)
    switch (c) {
    case '1': enough = 1; break;
    case 'r': t.sockets = 1; break;
    case 'd': t.may_die = 1; break;
    case 'x': t.times = optarg; break;
    case 'm': t.max = (unsigned)atoi(optarg); break;
    default: return 100;
    }
  if (argc - optind < 7)
    return 100;
  nth_arguments(&t, argv + optind);
  (void)signal(SIGPIPE, SIG_IGN);
  for (unsigned n = 1; n <= t.max && wrong < enough; n++) {
    int const fine = nth_run(&t, n);

    if (!fine)
      printf("# wrong: FAULT_CALL=%s FAULT_DO=%s FAULT_NTH=%u FAULT_TIMES=%s: %s\n", t.call, t.what, n,
             t.times, t.why);
    wrong += !fine;
    if (access(t.mark, F_OK) < 0)
      break;
    (void)unlink(t.mark);
    runs++;
  }
  printf("# %s %s: %u runs spoilt, %u started again, %u wrong\n", t.call, t.what, runs, t.deaths, wrong);
  return wrong || !runs;
}
