/* collide.c - collide COUNT plain|collide: COUNT senders, one a line, as a stranger would choose them who
 * knows the program but not its key.
 *
 * With collide, their places under the first rule by the key 0 are the same in the lowest BITS bits, so that
 * a table without a secret key would put them all into few places. */
#include "base/hash.h"
#include <stdio.h>
#include <stdlib.h>

#define BITS 10

int main(int argc, char **argv)
{
  hash_key const nothing = {{0, 0}};
  unsigned long wanted = argc == 3 ? strtoul(argv[1], 0, 10) : 0;
  int collide = argc == 3 && !strcmp(argv[2], "collide");

  if (!wanted) {
    fputs("usage: collide COUNT plain|collide\n", stderr);
    return 100;
  }
  for (unsigned long i = 0; wanted; i++) {
    char s[64];
    int len = snprintf(s, sizeof s, "u%lu@x", i);
    if (collide && hash_mix(hash_bytes(&nothing, 0, (span){s, (size_t)len}), 1) % (1u << BITS))
      continue;
    puts(s);
    wanted--;
  }
  return fflush(stdout) ? 111 : 0;
}
