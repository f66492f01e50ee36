/* feed - writes numbered lines to stdout.
 *
 *   feed [-k KIND] [-l LINES] [-p WRITES] [-q WRITES] [-r RATE]
 *
 * -p: writes a line (0: many lines in one write); -q: the same for odd lines; -r: lines a second. */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "feedlib.h"

int main(int argc, char **argv)
{
  static feed_state st = {.gate = UINT64_MAX};
  feed_plan plan = {.kind = 'q', .lines = 1000, .even = 1};
  int odd = -1;
  int c;

  while ((c = getopt(argc, argv, "k:l:p:q:r:")) != -1)
    switch (c) {
    case 'k': plan.kind = optarg[0]; break;
    case 'l': plan.lines = strtoull(optarg, 0, 10); break;
    case 'p': plan.even = (unsigned)atoi(optarg); break;
    case 'q': odd = atoi(optarg); break;
    case 'r': plan.rate = strtoull(optarg, 0, 10); break;
    default: return 100;
    }
  plan.odd = odd < 0 ? plan.even : (unsigned)odd;
  if (!feed_run(1, &plan, &st)) {
    perror("feed");
    return 111;
  }
  return 0;
}
