/* pieces.c - pieces SEED MOST <file: writes the file in pieces of 1 to MOST bytes, each a write of its own,
 * the same ones for the same seed. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static uint64_t next(uint64_t *state)
{
  uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  return x ^ (x >> 29);
}

static int write_all(char const *s, size_t len)
{
  while (len) {
    ssize_t n = write(1, s, len);
    if (n < 0)
      return 0;
    s += n;
    len -= (size_t)n;
  }
  return 1;
}

int main(int argc, char **argv)
{
  uint64_t state = argc == 3 ? strtoull(argv[1], 0, 10) : 0;
  size_t most = argc == 3 ? strtoull(argv[2], 0, 10) : 0, got;
  char *piece = most ? malloc(most) : 0;

  if (!piece) {
    fputs("usage: pieces SEED MOST <file\n", stderr);
    return 100;
  }
  while ((got = fread(piece, 1, 1 + (size_t)(next(&state) % most), stdin)) > 0)
    if (!write_all(piece, got)) {
      perror("pieces");
      return 111;
    }
  free(piece);
  return 0;
}
