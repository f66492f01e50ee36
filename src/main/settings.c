#include "main/settings.h"
#include "base/scan.h"
#include "main/compat.h"
#include "main/option.h"
#include "pipe/warn.h"
#include "watch/tap.h"
#include <fcntl.h>
#include <skalibs/uint64.h>
#include <sys/stat.h>

char const settings_usage[] =
    "ratetap [-a FD] [-e] [-f FILE] [-m BYTES] [-n] [-r COUNT] [-t ADDRESS] [-w LOGDIR] [-x CHARS] "
    "[--] DIRECTIVE... [-- PROGRAM [ARG...]]";

#define MEMORY ((size_t)256 << 20)
#define TOP 10
#define MEMORY_LEAST (2 * TAP_MEMORY)

static uint64_t number(char const *option, char const *value, uint64_t least, uint64_t most,
                       char const *right)
{
  uint64_t u;

  if (!num_is(&u, span_of(value)) || u < least || u > most)
    die(100, "bad ", option, " ", value, ": ", right);
  return u;
}

static size_t memory(char const *value)
{
  static char const right[] = "a number of bytes, with k, M or G, at least 1M and at most 128G";
  span in = span_of(value);
  size_t digits;
  uint64_t u;
  int shift = 0;

  digits = num_scan(&u, in);
  if (digits && in.len == digits + 1)
    shift = in.s[digits] == 'k' ? 10 : in.s[digits] == 'M' ? 20 : in.s[digits] == 'G' ? 30 : 0;
  if (!digits || in.len != digits + (shift != 0) || u > POOL_MOST >> shift || u << shift < MEMORY_LEAST)
    die(100, "bad -m ", value, ": ", right);
  return (size_t)u << shift;
}

static int descriptor(char const *value)
{
  int fd =
      (int)number("-a", value, 2, 1 << 20, "the number of a descriptor, 2 or more (0 and 1 carry the log)");
  int flags = fcntl(fd, F_GETFL);

  if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
    die(100, "bad -a ", value, ": that descriptor is not open for writing (as with ", value, ">file)");
  return fd;
}

static void option(settings *s, int c, char const *value)
{
  switch (c) {
  case 'a': s->alerts = descriptor(value); break;
  case 'e': s->how.exact = 1; break;
  case 'f': s->file = value; break;
  case 'h': s->mode = SETTINGS_HELP; break;
  case 'm': s->memory = memory(value); break;
  case 'n': s->mode = SETTINGS_CHECK; break;
  case 'r':
    s->report = 1;
    s->top = (size_t)number("-r", value, 0, 1000000, "how many keys of each rule to report, up to 1000000");
    break;
  case 't':
    s->mode = SETTINGS_EXPLAIN;
    s->address = value;
    break;
  case 'V': s->mode = SETTINGS_VERSION; break;
  case 'w': s->directory = value; break;
  case 'x': s->how.cut = option_cut(value); break;
  default: break;
  }
}

static int is_directive(char const *word)
{
  return *word == '+' || *word == '-' || (*word >= '0' && *word <= '9');
}

/* After a -- a word that is no directive begins the program; a second -- always does. */
static void split(settings *s, char const *const *word, int dashes)
{
  s->words = word;
  while (*word && strcmp(*word, "--") && (!dashes || is_directive(*word)))
    word++;
  s->words_len = (size_t)(word - s->words);
  if (!*word)
    return;
  if (!strcmp(*word, "--"))
    word++;
  if (!*word)
    die(100, "nothing after the last --: a program that stores the log (as in -- multilog t ./main)");
  s->program = word;
}

static int is_same(int a, int b)
{
  struct stat x, y;

  return fstat(a, &x) == 0 && fstat(b, &y) == 0 && !S_ISCHR(x.st_mode) && x.st_dev == y.st_dev &&
         x.st_ino == y.st_ino;
}

/* Alerts and warnings would get into the log's lines. With a program the log does not go there. */
static void keep_apart(settings const *s)
{
  static char const why[] = " is the same pipe, file or socket as standard output: its lines would come "
                            "inside of the log's lines ";

  if (s->program)
    return;
  if (fcntl(1, F_GETFD) < 0)
    die(100, "standard output is closed: the log goes there (or to a program, as in -- multilog t ./main)");
  if (is_same(2, 1))
    die(100, "standard error", why, "(without 2>&1; alerts alone as with -a 3 3>>alerts)");
  if (is_same(s->alerts, 1))
    die(100, "the descriptor of -a", why, "(one of their own, as with -a 3 3>>alerts)");
}

/* In a log/run it would end all mail without a word: qmail-send waits for its log. */
static void refuse_program(settings const *s, char const *word)
{
  static char const *const name[] = {
      [SETTINGS_CHECK] = "-n", [SETTINGS_EXPLAIN] = "-t", [SETTINGS_HELP] = "-h", [SETTINGS_VERSION] = "-V"};

  if (s->mode != SETTINGS_RUN && s->program)
    die(100, name[s->mode], " only answers, and starts no program as ", s->program[0],
        word ? " (a selection as " : "", word ? word : "", word ? " comes after a --)" : "");
}

void settings_read(settings *s, int argc, char const *const *argv)
{
  static char const options[] = "a:ef:hm:nr:t:Vw:x:";
  subgetopt state = SUBGETOPT_ZERO;
  char const *last = 0;
  int dashes, c;

  state.err = 0;
  *s = (settings){.mode = SETTINGS_RUN, .alerts = -1, .how = {0, {"", 0}}, .memory = MEMORY, .top = TOP};
  while ((c = compat_sgetopt(argc, argv, options, &state)) != -1) {
    if (c == '?')
      option_bad(options, state.problem, settings_usage);
    option(s, c, state.arg);
    last = state.arg;
  }
  dashes = argv[state.ind - 1] != last && !strcmp(argv[state.ind - 1], "--");
  split(s, argv + state.ind, dashes);
  refuse_program(s, dashes || argc < 2 || *argv[1] != '-' || strlen(argv[1]) < 3 ? 0 : argv[1]);
  if (s->mode == SETTINGS_HELP || s->mode == SETTINGS_VERSION)
    return;
  option_folding(&s->how);
  if (s->mode != SETTINGS_RUN)
    return;
  if (s->alerts < 0)
    s->alerts = descriptor("2");
  keep_apart(s);
}

int settings_words(settings const *s, script *rules, script_error *e)
{
  for (size_t i = 0; i < s->words_len; i++)
    if (!script_add(rules, s->words[i], e))
      return 0;
  return 1;
}

/* The first of each kind, and how many. */
static void warn_of_selections(script const *rules)
{
  static char const *const effects[] = {
      [SELECTION_LATE] = " has no effect: no rule that it bears on follows it",
      [SELECTION_NOBODY] = " matches no sender: qmail-send writes '_' for a byte that it needs",
  };
  size_t found[SELECTION_USEFUL] = {0}, first[SELECTION_USEFUL];
  stralloc directive = STRALLOC_ZERO;
  char number[UINT64_FMT];

  for (size_t i = script_directives(rules); i--;) {
    selection_use use = script_selection_use(rules, i);
    if (use == SELECTION_USEFUL)
      continue;
    found[use]++;
    first[use] = i;
  }
  for (size_t use = 0; use < SELECTION_USEFUL; use++) {
    span text = found[use] ? script_directive(rules, first[use]) : (span){"", 0};
    directive.len = 0;
    if (!text.len || !stralloc_catb(&directive, text.s, text.len) || !stralloc_0(&directive))
      continue;
    number[uint64_fmt(number, found[use] - 1)] = 0;
    warn("the selection ", directive.s, effects[use], found[use] > 1 ? " (and " : "",
         found[use] > 1 ? number : "", found[use] > 1 ? " more like it)" : "");
  }
  stralloc_free(&directive);
}

int settings_script(settings const *s, script *rules, script_error *e)
{
  if ((s->file && !script_file(rules, s->file, e)) || !settings_words(s, rules, e))
    return 0;
  if (script_len(rules)) {
    warn_of_selections(rules);
    return 1;
  }
  *e = (script_error){.problem = SCRIPT_NO_RULE, .file = s->file};
  return 0;
}
