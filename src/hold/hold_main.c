/* ratetap-hold - keeps a file in GATE for each key that is over a limit, for ratetap-gate and ratetap-remote
 * to find.
 *
 * A file that was to be made is never forgotten, and no file is touched that was not made here. */
#include "base/scan.h"
#include "base/tai64n.h"
#include "hold/held_list.h"
#include "hold/round.h"
#include "main/compat.h"
#include "main/option.h"
#include "pipe/warn.h"
#include <errno.h>
#include <fcntl.h>
#include <skalibs/allreadwrite.h>
#include <skalibs/djbunix.h>
#include <stdlib.h>
#include <unistd.h>

static char const usage[] =
    "ratetap-hold [-d DOMAIN]... [-n] [-p] [-r RULES]... [-t SECONDS | -u] GATE, or ratetap-hold -l GATE";

static int64_t seconds(char const *value)
{
  uint64_t u;

  if (!num_is(&u, span_of(value)) || !u || u > HOLD_LASTS_MOST_S)
    die(100, "bad -t ", value, ": a whole number of seconds, from 1 to 34560000 (400 days)");
  return (int64_t)u;
}

/* A dot in front, as control/rcpthosts has it, says no more: what is below a domain is within it. */
static char const *domain(char const *value)
{
  char const *name = value + (*value == '.');

  if (!*name || *name == '.' || strchr(name, '@'))
    die(100, "bad -d ", value, ": a domain (as in -d example.org)");
  return name;
}

static char const *rules(char const *value)
{
  if (!*value)
    die(100, "bad -r: a pattern for rules as ratetap -n prints them (as in -r '*/line/*')");
  return value;
}

static char const *settings_read(round *r, int *lists, int argc, char const *const *argv)
{
  static char const options[] = "d:klnpr:t:u";
  char const **domains = calloc((size_t)argc, sizeof *domains);
  char const **patterns = calloc((size_t)argc, sizeof *patterns);
  subgetopt state = SUBGETOPT_ZERO;
  int c, others = 0;

  if (!domains || !patterns)
    die_sys(111, "begin");
  state.err = 0;
  r->policy.domains = domains;
  r->policy.rules = patterns;
  while ((c = compat_sgetopt(argc, argv, options, &state)) != -1) {
    others |= c != 'l';
    switch (c) {
    case 'd': domains[r->policy.domains_len++] = domain(state.arg); break;
    case 'k':
      warn("-k does nothing here: who is held is held until released by hand, unless -u or -t");
      break;
    case 'l': *lists = 1; break;
    case 'n': r->gate.is_dry = 1; break;
    case 'p': r->passes_on = 1; break;
    case 'r': patterns[r->policy.rules_len++] = rules(state.arg); break;
    case 't': r->policy.lasts = seconds(state.arg); break;
    case 'u': r->policy.lets_go = 1; break;
    default: option_bad(options, state.problem, usage);
    }
  }
  if (r->policy.lets_go && r->policy.lasts)
    die(100, "-u with -t: let go at `under` or after a time, one of the two");
  if (*lists && others)
    die(100, "-l with other options: it only lists who is held");
  if (argc - state.ind != 1)
    die_usage(usage);
  return argv[state.ind];
}

static void list(char const *gate)
{
  stralloc out = STRALLOC_ZERO;

  if (!held_list(&out, gate))
    die_sys(111, "list ", gate);
  if (allwrite(1, out.s, out.len) < out.len)
    die_sys(111, "write to standard output");
  _exit(0);
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
  output_say(&r->out, (span){line, len});
}

#define SAY(r, ...) say((r), (char const *const[]){PROG, ": ", __VA_ARGS__, 0})
#define WARN(r, ...) SAY(r, "warning: ", __VA_ARGS__)

/* "@LABEL note held kind=sender key=ann@example.org rule=100:50/1h/remote/sender" */
static void pass_note(round *r, char const *word, held const *h)
{
  char text[ALERT_FIELD + 1];
  size_t kind = strcspn(h->name, ":"), rule = strcspn(h->text, " ");
  char key[ALERT_FIELD + 1];
  alert a;

  if (!r->passes_on)
    return;
  alert_begin(&a, r->now.wall, ALERT_NOTE);
  alert_field(&a, span_of(word));
  alert_text(&a, "kind=", (span){h->name, kind});
  alert_text(&a, "key=", (span){key, alert_decode(key, span_of(h->key))});
  alert_text(&a, "rule=",
             (span){text, alert_decode(text, (span){h->text, rule < ALERT_FIELD ? rule : ALERT_FIELD})});
  output_pass(&r->out, alert_end(&a));
}

static void told(void *to, gatedir_event what, held const *h)
{
  round *r = to;
  char const *name = h->name, *why = h->text;
  char label[LABEL_FMT + 2] = "";

  if (r->gate.is_dry) {
    if (r->label.len)
      *span_copy(label, r->label) = ' ';
    say(r, (char const *const[]){label, PROG, what == GATEDIR_HELD ? ": would hold " : ": would let go ",
                                 name, ": ", why, 0});
    return;
  }
  switch (what) {
  case GATEDIR_HELD: SAY(r, "hold ", name, ": ", why); break;
  case GATEDIR_LET_GO: SAY(r, "let go ", name, ": ", why); break;
  case GATEDIR_BY_HAND: SAY(r, "released by hand ", name, ": ", why); break;
  case GATEDIR_FOREIGN: SAY(r, "left alone ", name, ": made by hand"); return;
  }
  pass_note(r, what == GATEDIR_HELD ? "held" : "released", h);
}

static void told_left_out(void *to, left_out why, char const *name)
{
  round *r = to;

  if (why == LEFT_OUT_DOMAIN)
    SAY(r, "not held, within no domain of -d: ", name);
  else
    SAY(r, "not held, the alert may have cut its key: ", name);
}

static void gate_failed(void *to, gatedir_answer what)
{
  round *r = to;
  char const *gate = r->gate.path, *error = strerror(errno);

  switch (what) {
  case GATEDIR_OK: break;
  case GATEDIR_MISSING: WARN(r, "unable to open ", gate, ", trying again each second: ", error); break;
  case GATEDIR_BUSY: WARN(r, gate, " is kept by another ratetap-hold, trying again each second"); break;
  case GATEDIR_SHUT:
    WARN(r, gate, " cannot be searched by others, so ratetap-gate lets their mail pass (chmod 711)");
    break;
  case GATEDIR_LISTED:
    WARN(r, gate, " can be listed by others, who see whose mail is held (chmod 711)");
    break;
  case GATEDIR_UNREAD: WARN(r, "unable to read ", gate, "/.held, trying again each second: ", error); break;
  case GATEDIR_ODD: WARN(r, gate, "/.held: passing over lines that were not written here"); break;
  case GATEDIR_LIST: WARN(r, "unable to write ", gate, "/.held, trying again each second: ", error); break;
  case GATEDIR_FILE:
    WARN(r, "unable to make or remove a file in ", gate, ", trying again each second: ", error);
    break;
  }
}

static void failed(round *r, round_failure what)
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
  char const *gate;
  int lists = 0, has_output = fcntl(1, F_GETFD) >= 0;

  PROG = "ratetap-hold";
  if (!fd_sanitize()) /* before a warning opens a pipe in their place */
    die_sys(111, "open standard descriptors");
  gate = settings_read(&r, &lists, argc, argv);
  if (lists && !has_output)
    die(111, "unable to write to standard output: it is closed");
  if (lists)
    list(gate);
  r.failed = &failed;
  r.policy.told = &told_left_out;
  r.gate.path = gate;
  r.gate.told = &told;
  r.gate.failed = &gate_failed;
  r.policy.to = r.gate.to = &r;
  if (!round_open(&r))
    die_sys(111, "begin");
  return round_run(&r) ? 0 : 111;
}
