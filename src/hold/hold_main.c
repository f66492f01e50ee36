#include "base/scan.h"
#include "hold/round.h"
#include "main/compat.h"
#include "main/option.h"
#include <errno.h>
#include <skalibs/djbunix.h>
#include <stdlib.h>

/* ratetap-hold - keeps a file in GATE for each key that is over a limit, for ratetap-gate to find.
 *
 * An entry that was to be made is never forgotten, and no file is touched that was not made here. */

static char const usage[] = "ratetap-hold [-d DOMAIN]... [-k] [-n] [-p] [-t SECONDS] GATE";

#define LASTS_MOST (400 * 86400)

static int64_t seconds(char const *value)
{
  uint64_t u;

  if (!*value || num_scan(&u, span_of(value)) != strlen(value) || !u || u > LASTS_MOST)
    strerr_dief(100, "bad -t ", value, ": a whole number of seconds, from 1 to 34560000 (400 days)");
  return (int64_t)u;
}

static char const *domain(char const *value)
{
  if (!*value || *value == '.' || strchr(value, '@'))
    strerr_dief(100, "bad -d ", value, ": a domain (as in -d example.org)");
  return value;
}

static char const *settings_read(round *r, int argc, char const *const *argv)
{
  static char const options[] = "d:knpt:";
  char const **domains = calloc((size_t)argc, sizeof *domains);
  subgetopt state = SUBGETOPT_ZERO;
  int c;

  if (!domains)
    strerr_diefusys(111, "begin");
  state.err = 0;
  r->warden.within.domains = domains;
  while ((c = compat_sgetopt(argc, argv, options, &state)) != -1)
    switch (c) {
    case 'd': domains[r->warden.within.len++] = domain(state.arg); break;
    case 'k': r->warden.keep = 1; break;
    case 'n': r->upkeep.dry = 1; break;
    case 'p': r->pass = 1; break;
    case 't': r->warden.lasts = seconds(state.arg); break;
    default: option_bad(options, state.problem, usage);
    }
  if (argc - state.ind != 1)
    strerr_dieusage(100, usage);
  return argv[state.ind];
}

/* Writes parts, up to a null pointer, as one line. */
static void say(round *r, char const *const *parts)
{
  char line[LINE_MOST];
  size_t len = 0;

  for (; *parts; parts++) {
    size_t n = strnlen(*parts, sizeof line - 1 - len);
    for (size_t i = 0; i < n; i++)
      line[len++] = (*parts)[i] == '\n' ? '_' : (*parts)[i];
  }
  line[len++] = '\n';
  round_say(r, (span){line, len});
}

#define SAY(r, ...) say((r), (char const *const[]){PROG, ": ", __VA_ARGS__, 0})
#define WARN(r, ...) SAY(r, "warning: ", __VA_ARGS__)

static void tell(void *to, gatedir_event what, held const *h)
{
  round *r = to;
  char const *would = r->upkeep.dry ? "would " : "", *name = h->name, *why = h->text;

  switch (what) {
  case GATEDIR_HELD: SAY(r, would, "hold ", name, ": ", why); break;
  case GATEDIR_LET_GO: SAY(r, would, "let go ", name, ": ", why); break;
  case GATEDIR_FOREIGN: SAY(r, "left alone ", name, ": made by hand"); break;
  }
}

static void gate_trouble(void *to, gatedir_answer what)
{
  round *r = to;
  char const *gate = r->upkeep.gate.path, *error = strerror(errno);

  switch (what) {
  case GATEDIR_FINE: break;
  case GATEDIR_MISSING: WARN(r, "unable to open ", gate, ", trying again each second: ", error); break;
  case GATEDIR_BUSY: WARN(r, gate, " is kept by another ratetap-hold, trying again each second"); break;
  case GATEDIR_SHUT:
    WARN(r, gate, " cannot be searched by others, so ratetap-gate holds nobody for them (chmod 711)");
    break;
  case GATEDIR_UNREAD: WARN(r, "unable to read ", gate, "/.held, trying again each second: ", error); break;
  case GATEDIR_ODD: WARN(r, gate, "/.held: passing over lines that were not written here"); break;
  case GATEDIR_LIST: WARN(r, "unable to write ", gate, "/.held, trying again each second: ", error); break;
  case GATEDIR_FILE:
    WARN(r, "unable to make or remove a file in ", gate, ", trying again each second: ", error);
    break;
  }
}

static void trouble(round *r, round_trouble what)
{
  char const *error = strerror(errno);

  switch (what) {
  case ROUND_TOO_MANY: WARN(r, "too many are held: one more is not"); break;
  case ROUND_MEMORY: WARN(r, "no memory for more alerts: the rest waits where it comes from"); break;
  case ROUND_OUTPUT: WARN(r, "unable to write to standard output, trying again each second: ", error); break;
  }
}

int main(int argc, char const *const *argv)
{
  static round r;
  char const *path;

  PROG = "ratetap-hold";
  path = settings_read(&r, argc, argv);
  if (!fd_sanitize())
    strerr_diefusys(111, "open standard descriptors");
  r.gate_trouble = &gate_trouble;
  r.trouble = &trouble;
  gatedir_open(&r.upkeep.gate, path, &tell, &r);
  if (!round_open(&r))
    strerr_diefusys(111, "begin");
  return round_run(&r) ? 0 : 111;
}
