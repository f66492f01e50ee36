/* gen.c - gen SEED LINES [FORM]: a plausible qmail-send log on stdout.  gen -s SEED: a command line for it.
 *
 * FORM is tai64n (default), local, both, svlogd, accustamp, splogger, syslog-iso, yearless, journal,
 * container, dates (of any form), mixed, stacked (up to nine pieces a line), none (no stamps at all) or late
 * (stamps begin in the middle).  gen -f SEED: the directives of that command line, as a rules file. */
#include "gen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* splitmix64 */
static uint64_t next(gen *g)
{
  uint64_t z = g->random += UINT64_C(0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

uint64_t gen_below(gen *g, uint64_t n)
{
  return next(g) % n;
}

int gen_in(gen *g, uint64_t n)
{
  return gen_below(g, n) == 0;
}

static int known(char const *form)
{
  static char const *const forms[] = {"tai64n",   "local",      "both",     "svlogd",  "accustamp",
                                      "splogger", "syslog-iso", "yearless", "journal", "container",
                                      "mixed",    "stacked",    "dates",    "none",    "late"};

  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (!strcmp(form, forms[i]))
      return 1;
  return 0;
}

int main(int argc, char **argv)
{
  static gen g = {.form = "tai64n"};

  if (argc == 3 && (!strcmp(argv[1], "-s") || !strcmp(argv[1], "-f"))) {
    g.random = strtoull(argv[2], 0, 10);
    gen_script(&g, argv[1][1] == 'f');
    return fflush(stdout) ? 111 : 0;
  }
  if (argc == 4)
    g.form = argv[3];
  if (argc < 3 || argc > 4 || !known(g.form)) {
    fputs("usage: gen SEED LINES [FORM] | gen -s SEED | gen -f SEED\n", stderr);
    return 100;
  }
  g.random = strtoull(argv[1], 0, 10);
  g.wanted = strtoul(argv[2], 0, 10);
  gen_begin(&g);
  gen_mail(&g);
  gen_flush(&g);
  return fflush(stdout) ? 111 : 0;
}
