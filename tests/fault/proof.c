/* proof - reads numbered lines from stdin and says what is wrong with them.
 *
 *   proof [-k KIND] [-l LINES] [-t] [-j] [-g BYTES -n GAPS] [NAME INJECTED]
 *
 * -t: TAI64N labels in front; -j: a line may be split in two; -g, -n: up to GAPS gaps of up to BYTES each are
 * allowed. With NAME and INJECTED a row of the fault table is printed. Exits 1 if something is wrong. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "prooflib.h"

static void proof_read(proof *p)
{
  static char buf[65536];
  ssize_t n;

  while ((n = read(0, buf, sizeof buf)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0)
      proof_bytes(p, buf, (size_t)n);
}

int main(int argc, char **argv)
{
  static proof p = {.kind = 'q'};
  uint64_t lines = 1000, bytes = 0, gaps = 0;
  int c;

  while ((c = getopt(argc, argv, "k:l:tjg:n:")) != -1)
    switch (c) {
    case 'k': p.kind = optarg[0]; break;
    case 'l': lines = strtoull(optarg, 0, 10); break;
    case 't': p.stamped = 1; break;
    case 'j': p.split = 1; break;
    case 'g': bytes = strtoull(optarg, 0, 10); break;
    case 'n': gaps = strtoull(optarg, 0, 10); break;
    default: return 100;
    }
  proof_read(&p);
  proof_end(&p, lines);
  printf("# lines %" PRIu64 " lost %" PRIu64 " doubled %" PRIu64 " broken %" PRIu64 " split %" PRIu64
         " gaps %" PRIu64 " worst %" PRIu64 " bytes\n",
         lines, p.lost, p.doubled, p.broken, p.splits, p.gaps, p.gap_max);
  if (argc - optind == 2)
    printf("# | %s | %s | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " |\n", argv[optind], argv[optind + 1], lines,
           p.lost, p.doubled);
  if (gaps)
    return p.doubled || p.gaps > gaps || p.gap_max > bytes;
  return !proof_clean(&p);
}
