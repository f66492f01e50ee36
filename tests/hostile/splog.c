/* splog.c - splog [-w] HOST...: the same lines as splogger(8) writes them on each host, after a syslog
 * header.
 *
 * splogger has a buffer of 800 bytes, of which it fills 799: what is left of a line follows after the same
 * number and a '+'. The hosts' parts come in turn, the first of each, then the second. With -w lines stay
 * whole. Reads lines that begin with a number of seconds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PART 799

static void write_part(char const *host, char const *line, size_t number, size_t from, size_t len)
{
  printf("Nov 14 22:13:20 %s qmail: %.*s%c%.*s\n", host, (int)number, line, from ? '+' : ' ', (int)len,
         line + number + 1 + from);
}

int main(int argc, char **argv)
{
  int whole = argc > 1 && !strcmp(argv[1], "-w");
  char *line = 0;
  size_t room = 0;
  ssize_t got;

  if (argc < 2 + whole) {
    fputs("usage: splog [-w] HOST...\n", stderr);
    return 100;
  }
  while ((got = getline(&line, &room, stdin)) > 0) {
    size_t number = strcspn(line, " "), all = (size_t)got - number - 2, at = 0;
    do {
      size_t len = whole || all - at < PART ? all - at : PART;
      for (char **host = argv + 1 + whole; *host; host++)
        write_part(*host, line, number, at, len);
      at += len;
    } while (at < all);
  }
  free(line);
  return fflush(stdout) ? 111 : 0;
}
