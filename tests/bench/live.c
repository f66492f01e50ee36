/* live - what a filter costs after a qmail-send, which writes a line in up to eleven pieces.
 *
 *   live RATE LOG FILTER [ARG...]   writes the lines of LOG, each in eleven writes, RATE a second, and prints
 * the microseconds of processor time that FILTER took */
#include "stage.h"
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
  long long before;
  stage s;

  if (argc < 4) {
    fprintf(stderr, "live: usage: live RATE LOG FILTER [ARG...]\n");
    return 100;
  }
  s = stage_open(argv + 3, -1);
  stage_drain(&s);
  stage_settle(s.pid, s.in);
  before = stage_used(s.pid);
  stage_write_live(s.in, argv[2], atol(argv[1]));
  stage_settle(s.pid, s.in);
  printf("%lld\n", stage_used(s.pid) - before);
  return 0;
}
