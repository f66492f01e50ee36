/* fuzz_tap.c - the whole tap: any cutting of a log gives the same alerts, what is passed on between two pipes
 * is every byte of it, and the alerts are those of the oracle, which shares no code with the program.
 *
 * The first byte chooses the script, and whether the first half of the log is one that was stored (-w), with
 * PROGRAM or without, or other rules come after it; the second how the log is cut, and these rules. In the
 * rest bytes from 0x80 on stand for the phrases below, so that a few bytes make a plausible log; the first of
 * them begins a line and takes a byte to move its clock. */
#include "../oracle/oracle.h"
#include "pipe/pass.h"
#include "base/tai64n.h"
#include "fuzz.h"
#include "log/lines.h"
#include "watch/report.h"
#include "watch/tap.h"
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define WALL (INT64_C(1800000000) * SECOND)
#define LATER (WALL + 2 * 86400 * SECOND) /* in two halves nothing is live: the oracle has no timers */
#define WORDS 12
#define FOLLOWED "1000000/1s/rcpt/all" /* so that deliveries are followed before a reload and after it */

/* Command lines as the oracle takes them. */
static char const *const scripts[][WORDS] = {
    {"-r", "5", "1/1m"},
    {"-r", "5", "0/10/remote"},
    {"-r", "9", "2:0/10s/rcpt/all", "1/1/fail/domain", "3:1/1m/defer"},
    {"-r", "2", "-x", "+-", "--", "-ann*", "1/5s", "+ann@*", "2:1/400d/remote/domain"},
    {"-r", "2", "-e", "--", "-*", "+*@example.org", "1k:3/1m/byte", "-", "1/1h/bounce/uid"},
    {"-r", "5", "0:0/3s/line/from <", "1/10/line/to ", "4/1m/line/:"},
    {"-r", "0", "18446744073709551615/1s/byte", "9999999999999999999:7/2s/byte/all", "0/1d/fail/uid"},
    {"-r", "7", "--", "-[!a]*", "1/1s/remote/sender", "+", "0/2s/msg/all", "-#@*", "2/5m/msg/uid"},
    {"-r", "5", "1/1m/to", "1:0/10s/host/uid", "0/3s/to/all"},
    {"-r", "5", "1/1m/from/domain", "0/3s/from/uid", "2:1/400d/from/all"},
    {"-r", "5", "0/10/line/from <*@{}> *uid {}", "1/1m/line/msg {}*to {} "},
    {"-r", "5", "--", "-ann@*", "0/10/line/*<{}>", "0/1m/line/{}: *{}", "1/1s/line/ {}"},
    {"-r", "5", "0/1m/line/* {}*:", "1/1m/line/d*y {}:*f*e: {}"},
    {"-r", "5", "-e", "0/1m/line/info msg {}:*<{}>", "0/1s/line/login {}", "0/1s/host"},
    {"-r", "5", "1/1s", "0/3s/line/*x*{}"},
    {"-r", "5", "0/1s/from/all", "0/1s/host/all", "0/1s/line/*:*{}*@{}"},
    {"-r", "5", "--", "-uid 89", "0/10/remote", "+ann@*", "1/1m/rcpt/uid", "+uid 90", "-uid 89", "0/1m"},
    {"-r", "5", "--", "-*", "+uid 91", "0/1m/byte/all", "-uid 91", "+bob@*", "0/1h/fail/uid", "0/1h/defer"},
};

static char const *const phrases[] = {
    "\n@",
    "info msg 7: bytes 900 from <ann@example.org> qp 41 uid 89",
    "info msg 8: bytes 70000 from <bob@example.net> qp 42 uid 90",
    "info msg 7: bytes 1 from <> qp 43 uid 89",
    "info msg 9: bytes 1000000000000 from <ann+x@example.org> qp 44 uid 91",
    "starting delivery 1: msg 7 to remote x@y",
    "starting delivery 2: msg 7 to local x@y",
    "starting delivery 3: msg 8 to remote z@y",
    "starting delivery 4: msg 9 to suppl0 x@y queue1",
    "delivery 1: success: ok/",
    "delivery 2: failure: no/",
    "delivery 3: deferral: later/",
    "delivery 1: report mangled, will defer",
    "bounce msg 7 qp 50",
    "end msg 7",
    "end msg 8",
    " queue1",
    "status: local 1/10 remote 2/20",
    "new msg 7",
    "\n2027-01-15 08:00:",
    "\n2027-01-15T08:00:00.5+01:00 mx1 q: ",
    "\nJan 15 08:00:00 mx2 q: ",
    "\n1800000000.123456 ",
    "info msg ",
    ": bytes 5 from <",
    "> qp 7 uid 8",
    "starting delivery ",
    ": msg ",
    " to remote ",
    "delivery ",
    ": failure: ",
    "prvs=1=",
    "-return-5-",
    "srs0=",
    "@example.org",
    "#@[]",
    "\n1800000000.123456+",
    "\nJan 15 08:00:00 mx2 q: 1800000000.500000 ",
    "\nJan 15 08:00:00 mx2 q: 1800000000.500000+",
    "\n<22>Jan 15 08:00:00 q[1]: ",
    "\n1799999000.123456789 mx1 q[1]: ",
    "\n2027-01-15T08:00:00Z stdout F ",
    "mail.info: ",
    " \r\n",
    "\n1799999000.123456 info msg 7: bytes 9 from <an",
    "\n1799999000.123456+",
    "starting delivery 1.s: msg 7 to remote X@Y",
    "delivery 1.s: failure: ",
    "login ",
    "\n[15-Jan-2027 08:00:00 Europe/Berlin] ",
    "\nFri 2027-01-15 08:00:00 UTC mx1 q[1]: ",
    "\n15/Jan/2027:09:30:00 +0130 ",
    "\n2027-01-15_07:59:59 ",
    "+ann=",
    "%\200",
    "delivery 3: failure: ratetap:_held/",
    "delivery 1: deferral: ratetap:_held/",
};

/* Moves the clock as the byte says: often not at all, at times backwards, and writes it as a label. */
static void add_label(fuzz_text *t, int64_t *clock, unsigned by)
{
  static int64_t const steps[] = {0, 1, SECOND / 2, SECOND, 3 * SECOND, 60 * SECOND, -SECOND, -301 * SECOND};
  char label[64];

  *clock += steps[by % 8] * (by / 8 % 4 + (by < 128));
  fuzz_add(t, label,
           (size_t)snprintf(label, sizeof label, "\n@%016llx%08x ",
                            (unsigned long long)((UINT64_C(1) << 62) + 10 + (uint64_t)(*clock / SECOND)),
                            (unsigned)(*clock % SECOND)));
}

static void expand(fuzz_text *t, span in)
{
  int64_t clock = WALL - 86400 * SECOND;

  while (in.len) {
    unsigned c = fuzz_byte(&in);
    char byte = (char)c;
    if (c == 0x80)
      add_label(t, &clock, fuzz_byte(&in));
    else if (c > 0x80 && c - 0x80 < sizeof phrases / sizeof *phrases)
      fuzz_add(t, phrases[c - 0x80], strlen(phrases[c - 0x80]));
    else
      fuzz_add(t, &byte, 1);
  }
}

typedef struct {
  script rules, next;
  tap_plan plan;
  tap tap;
  lines lines;
  fuzz_text alerts;
  size_t top;
} watcher;

/* What is watched, and how. */
typedef struct {
  char const *words[WORDS + 2];
  enum { WHOLE, WARM, WARM_WITH_PROGRAM, RELOADED } how;
  span first, log;                 /* the log in two halves, unless WHOLE */
  char const *next[2 * WORDS + 2]; /* the rules that come after the first, if RELOADED */
  int64_t wall;                    /* the machine's clock */
} job;

static void take_alert(void *to, span line)
{
  PROMISE(line.len <= ALERT_MAX && line.s[line.len - 1] == '\n' && line.s[0] == '@', "an alert is one line");
  for (size_t i = 0; i + 1 < line.len; i++)
    PROMISE(line.s[i] >= 32 && line.s[i] <= 126, "of visible bytes");
  fuzz_add(to, line.s, line.len);
}

/* Reads the options, and returns the directives. */
static char const *const *read_options(watcher *w, char const *const *word)
{
  for (; **word == '-' && strcmp(*word, "--"); word++)
    if (!strcmp(*word, "-r"))
      w->top = (size_t)atoi(*++word);
    else if (!strcmp(*word, "-e"))
      w->plan.how.exact = 1;
    else
      w->plan.how.cut = span_of(*++word);
  return word + !strcmp(*word, "--");
}

static void read_directives(script *rules, char const *const *word)
{
  script_error e;

  for (; *word; word++)
    if (!script_add(rules, *word, &e))
      abort();
}

static void feed(watcher *w, span piece)
{
  span copy = fuzz_exact(piece.s, piece.len);
  lines_feed(&w->lines, copy, &tap_line, &w->tap);
  fuzz_free(copy);
}

static void watcher_open(watcher *w, job const *j)
{
  moment const machine = {j->wall, 0};

  w->plan = (tap_plan){&w->rules, {0, {"", 0}},       (size_t)64 << 20,
                       1,         j->how == RELOADED, j->how == WARM_WITH_PROGRAM};
  read_directives(&w->rules, read_options(w, j->words));
  if (!tap_open(&w->tap, &w->plan, machine, &take_alert, &w->alerts))
    abort();
  if (j->how == WARM || j->how == WARM_WITH_PROGRAM) {
    tap_restore(&w->tap, 1);
    feed(w, j->first);
    lines_end(&w->lines, &tap_line, &w->tap);
    tap_restore(&w->tap, 0);
    tap_start(&w->tap);
  }
  if (j->how == RELOADED) {
    feed(w, j->first);
    read_directives(&w->next, j->next + 1);
    if (!tap_rules(&w->tap, &w->next))
      abort();
    tap_note(&w->tap, ALERT_RELOAD, "rules=", script_len(&w->next));
  }
}

static void watcher_close(watcher *w)
{
  tap_close(&w->tap);
  script_free(&w->rules);
  script_free(&w->next);
  free(w->alerts.s);
  free(w);
}

static void finish(watcher *w)
{
  lines_end(&w->lines, &tap_line, &w->tap);
  report_write(&w->tap, w->top, 0);
}

/* All that waits in the pipe is passed on, and w sees it. */
static void step_through(pass *p, watcher *w)
{
  for (;;) {
    span seen;
    int is_readable = poll(&(struct pollfd){p->in, POLLIN, 0}, 1, 0) > 0;
    pass_answer answer = pass_step(p, PASS_ALL, is_readable, &seen);
    feed(w, seen);
    PROMISE(answer == PASS_MOVED || answer == PASS_WANT_INPUT || answer == PASS_END, "nothing fails");
    if (!seen.len)
      return;
  }
}

static void check_output(int fd, span log)
{
  char buf[4096];
  ssize_t n;

  while ((n = read(fd, buf, sizeof buf)) > 0) {
    PROMISE((size_t)n <= log.len && !memcmp(buf, log.s, (size_t)n), "the output equals the input");
    log.s += n;
    log.len -= (size_t)n;
  }
  PROMISE(!log.len, "all of it");
}

/* Both pipes take the whole log: it is shorter than 16 pages and comes in fewer than 16 pieces. */
static void through_pipes(watcher *w, span log, unsigned how)
{
  uint64_t state = how;
  int in[2], out[2];
  pass p;
  span rest = log;

  if (pipe(in) < 0 || pipe(out) < 0 || !pass_open(&p, in[0], out[1], 0))
    abort();
  for (int i = 0; rest.len; i++) {
    size_t n = i < 8 ? fuzz_piece(&state, 255, rest.len) : rest.len;
    if (write(in[1], rest.s, n) != (ssize_t)n)
      abort();
    rest.s += n;
    rest.len -= n;
    if (i % 3)
      step_through(&p, w);
  }
  close(in[1]);
  step_through(&p, w);
  pass_close(&p);
  close(in[0]);
  close(out[1]);
  check_output(out[0], log);
  close(out[0]);
}

static void in_pieces(watcher *w, span log, unsigned how)
{
  uint64_t state = how;

  while (log.len) {
    size_t n = fuzz_piece(&state, how, log.len);
    feed(w, (span){log.s, n});
    log.s += n;
    log.len -= n;
  }
}

/* Takes the fields out of the stat line that the oracle does not know. */
static void drop_fields(fuzz_text *t)
{
  static char const *const names[] = {" unknown=", " lost=", " memory="};

  fuzz_add(t, "", 1);
  for (size_t i = 0; i < 3; i++) {
    char *at = strstr(t->s, " stat "), *end;
    if (!at || !(at = strstr(at, names[i])))
      continue;
    end = at + strcspn(at + 1, " \n") + 1;
    memmove(at, end, strlen(end) + 1);
  }
}

/* Where sums reach 2^64 the program's windows are rounded, the oracle's are not. */
static int absurd(span log)
{
  size_t digits = 0;

  for (size_t i = 0; i < log.len && digits < 17; i++)
    digits = log.s[i] >= '0' && log.s[i] <= '9' ? digits + 1 : 0;
  return digits == 17;
}

/* The first half is one that was stored, or its rules are followed by others. */
static void ask_of_halves(oracle_asked *asked, job const *j, oracle_file *stored)
{
  *stored = (oracle_file){j->first.s, j->first.len};
  if (j->how == RELOADED) {
    asked->log = j->first.s;
    asked->len += j->first.len;
    for (size_t i = 0; i < j->first.len; i++)
      asked->before_next += j->first.s[i] == '\n';
    asked->next = j->next;
    while (j->next[asked->nnext])
      asked->nnext++;
  } else {
    asked->stored = stored;
    asked->nstored = 1;
    asked->keeps_program = j->how == WARM_WITH_PROGRAM;
  }
}

static int counts_bytes(char const *const *word)
{
  while (*word && !strstr(*word, "byte"))
    word++;
  return *word != 0;
}

/* Is the log ahead of the machine's clock, which then labels show? The oracle shows the clock that counts. */
static int is_ahead(watcher const *w, job const *j)
{
  char label[LABEL_FMT];

  label_fmt(label, j->wall);
  return j->how == WARM_WITH_PROGRAM && memcmp(w->alerts.s, label, sizeof label) > 0;
}

static void as_the_oracle(watcher *w, job const *j)
{
  oracle_asked asked = {.args = j->words, .log = j->log.s, .len = j->log.len, .wall = j->wall};
  oracle_file stored;
  fuzz_text o = {0};

  if ((counts_bytes(j->words) || counts_bytes(j->next)) && (absurd(j->log) || absurd(j->first)))
    return;
  if (is_ahead(w, j))
    return;
  while (j->words[asked.nargs])
    asked.nargs++;
  if (j->how != WHOLE)
    ask_of_halves(&asked, j, &stored);
  if (!oracle_answer(&asked, &o.s, &o.len))
    abort();
  o.room = o.len + 1;
  drop_fields(&o);
  drop_fields(&w->alerts);
  if (strcmp(w->alerts.s, o.s))
    fprintf(stderr, "--- tap\n%s--- oracle\n%s", w->alerts.s, o.s);
  PROMISE(!strcmp(w->alerts.s, o.s), "the oracle gives the same alerts");
  free(o.s);
}

static void check(job const *j, unsigned how)
{
  watcher *whole = calloc(1, sizeof *whole), *cut = calloc(1, sizeof *cut);

  if (!whole || !cut)
    abort();
  watcher_open(whole, j);
  watcher_open(cut, j);
  feed(whole, j->log);
  finish(whole);
  if (how % 16 == 1 && j->log.len < 32768)
    through_pipes(cut, j->log, how);
  else
    in_pieces(cut, j->log, how);
  finish(cut);
  PROMISE(whole->alerts.len == cut->alerts.len && !memcmp(whole->alerts.s, cut->alerts.s, cut->alerts.len),
          "the same alerts however the log is cut");
  as_the_oracle(whole, j);
  watcher_close(whole);
  watcher_close(cut);
}

/* Up to the end of a line. */
static void split(job *j)
{
  size_t n = j->log.len / 2;
  char const *end = n ? memchr(j->log.s + n, '\n', j->log.len - n) : 0;

  n = end ? (size_t)(end + 1 - j->log.s) : j->log.len;
  if (!n)
    return;
  j->first = (span){j->log.s, n};
  j->log.s += n;
  j->log.len -= n;
  for (; j->how != RELOADED && j->first.len && !*j->first.s; j->first.len--)
    j->first.s++; /* the NULs of a power cut */
}

/* Returns the end of a list of words, to which those are added. */
static char const **add_words(char const **to, char const *const *word)
{
  while (*word)
    *to++ = *word++;
  return to;
}

/* The rules of one script; if others follow, these, and at times after them those that were there before. */
static void choose_words(job *j, char const *const *before, char const *const *after, int both)
{
  watcher scratch = {0};
  char const **end = add_words(j->words, before), **next = j->next;

  if (j->how != RELOADED)
    return;
  *end = FOLLOWED;
  *next++ = "--";
  next = add_words(next, read_options(&scratch, after));
  if (both)
    next = add_words(next, read_options(&scratch, before));
  *next = FOLLOWED;
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
  span in = {(char const *)data, size};
  unsigned which = fuzz_byte(&in), how = fuzz_byte(&in), many = sizeof scripts / sizeof *scripts;
  fuzz_text log = {0};
  job j = {.how = which / many % 4, .wall = WALL};

  if (in.len > 2048)
    return 0;
  setenv("TZ", "Europe/Berlin", 1);
  expand(&log, in);
  j.log = (span){log.s, log.len};
  if (j.how != WHOLE) {
    j.wall = LATER;
    split(&j);
  }
  choose_words(&j, scripts[which % many], scripts[how % many], how / many % 2);
  if (log.len <= 4096) /* the oracle takes its time */
    check(&j, how);
  free(log.s);
  return 0;
}
