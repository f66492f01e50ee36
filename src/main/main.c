/* ratetap - watches how fast each sender of a qmail log sends.
 *
 * The log goes from standard input to standard output unchanged; alerts go to a descriptor of their own.
 * Nothing that happens to the alerts, to memory, to the rules or to the program that stores the log may cost
 * a line of it. Of its modules only those in this folder end the program. */
#include "main/explain.h"
#include "main/settings.h"
#include "main/words.h"
#include "pipe/loop.h"
#include "pipe/warm.h"
#include "pipe/warn.h"
#include "watch/report.h"
#include <errno.h>
#include <skalibs/allreadwrite.h>
#include <skalibs/djbunix.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* All that lives as long as the program. */
typedef struct {
  settings cfg;
  script rules[2]; /* the present ones, and room for new ones */
  int present;
  int without_file; /* the rules file was bad at the start */
  tap tap;
  logger logger;
  loop loop;
} ratetap;

static void refuse(script_error const *e)
{
  char words[WORDS_MAX];

  words_script(words, sizeof words, e);
  die(e->problem == SCRIPT_SYSTEM ? 111 : 100, words);
}

/* A log/run that does not run stops all mail. So with a program a bad rules file is left out until SIGHUP. */
static void read_rules(ratetap *r)
{
  script_error e, of_words;
  char words[WORDS_MAX];

  if (r->cfg.mode == SETTINGS_HELP || r->cfg.mode == SETTINGS_VERSION ||
      settings_script(&r->cfg, &r->rules[0], &e))
    return;
  if (!r->cfg.program || !r->cfg.file)
    refuse(&e);
  words_script(words, sizeof words, &e);
  script_free(&r->rules[0]);
  r->rules[0] = (script){0};
  if (!settings_words(&r->cfg, &r->rules[0], &of_words))
    refuse(&of_words);
  warn(words, ": no rules from that file until SIGHUP reads a good one");
  r->without_file = 1;
}

/* If all that is asked for is an answer, gives it and exits. */
static void answer(settings const *cfg, script const *rules)
{
  stralloc out = STRALLOC_ZERO;
  int done = 0;

  switch (cfg->mode) {
  case SETTINGS_RUN: return;
  case SETTINGS_HELP:
    done =
        stralloc_cats(&out, "usage: ") && stralloc_cats(&out, settings_usage) && stralloc_catb(&out, "\n", 1);
    break;
  case SETTINGS_VERSION: done = stralloc_cats(&out, "ratetap " VERSION "\n"); break;
  case SETTINGS_CHECK: done = explain_script(&out, rules); break;
  case SETTINGS_EXPLAIN: done = explain_address(&out, rules, &cfg->how, cfg->address); break;
  }
  if (!done)
    die_sys(111, "answer");
  if (allwrite(1, out.s, out.len) < out.len)
    die_sys(111, "write to standard output");
  _exit(0);
}

static void put_alert(void *queue, span line)
{
  alert_queue_put(queue, line);
}

#define SHOWN_LEN 80 /* bytes of a line */

/* A zero byte would end the warning. */
static void warn_of_line(void *to, tap_news what, span line)
{
  char shown[SHOWN_LEN + 1];
  size_t n = line.len < SHOWN_LEN ? line.len : SHOWN_LEN;
  struct stat input;

  (void)to;
  for (size_t i = 0; i < n; i++)
    shown[i] = line.s[i] ? line.s[i] : '_';
  shown[n] = 0;
  switch (what) {
  case TAP_ODD: warn("not understood, the beginning of an info msg line has no known form: ", shown); break;
  case TAP_NO_TIME:
    if (fstat(0, &input) == 0 && S_ISREG(input.st_mode))
      warn("no time is known of this line, so it counts as of now, which in an old log is wrong: ", shown);
    break;
  case TAP_UNKNOWN:
    warn("100 deliveries in a row were of messages without an info msg line, and count for nobody: a logger "
         "before this one drops lines, or the log or the queue is older than what was read: ",
         shown);
    break;
  }
}

static void open_counters(ratetap *r)
{
  size_t share = r->cfg.memory / 4;
  tap_plan plan = {.rules = &r->rules[0],
                   .how = r->cfg.how,
                   .memory = r->cfg.memory - share,
                   .keep = r->cfg.report,
                   .changes = r->cfg.file != 0,
                   .program = r->cfg.program != 0};

  alert_queue_open(&r->loop.alerts, r->cfg.alerts, share);
  if (!tap_open(&r->tap, &plan, moment_now(), &put_alert, &r->loop.alerts))
    die_sys(111, "prepare the counters");
  tap_tell_to(&r->tap, &warn_of_line, 0);
}

static void catch_signals(ratetap *r)
{
  if (!loop_open(&r->loop, &r->tap, r->cfg.program ? &r->logger : 0, r->cfg.file != 0))
    die_sys(111, "prepare for signals");
}

static int is_terminated(void *l)
{
  return loop_terminated(l);
}

/* SIGTERM ends it before anything was read. */
static void start_warm(ratetap *r)
{
  if (r->cfg.directory)
    warm_start(&r->tap, r->cfg.directory, &is_terminated, &r->loop);
  if (loop_terminated(&r->loop))
    _exit(0);
  if (r->cfg.directory || r->cfg.program)
    tap_start(&r->tap);
  if (r->without_file)
    tap_note(&r->tap, ALERT_RELOAD_FAILED, 0, 0);
}

/* From here on the log must flow. */
static void open_log(ratetap *r)
{
  if (r->cfg.program && !logger_open(&r->logger, r->cfg.program, r->cfg.alerts, moment_now().mono))
    die_sys(111, "start ", r->cfg.program[0]);
  if (!batch_open(&r->loop.log, 0, 1, r->loop.logger))
    die_sys(111, "prepare to pass the log on");
}

/* Returns 1, or 0 after a warning. */
static int replace_rules(ratetap *r, script *fresh)
{
  script_error e;
  char words[WORDS_MAX];

  if (!settings_script(&r->cfg, fresh, &e)) {
    words_script(words, sizeof words, &e);
    warn(words, ": the old rules stay");
    return 0;
  }
  if (!tap_rules(&r->tap, fresh)) {
    warn_sys("take over new rules, the old ones stay");
    return 0;
  }
  return 1;
}

static void reload(ratetap *r)
{
  script *fresh = &r->rules[!r->present];

  if (replace_rules(r, fresh)) {
    script_free(&r->rules[r->present]);
    r->present = !r->present;
    tap_note(&r->tap, ALERT_RELOAD, "rules=", script_len(fresh));
  } else {
    script_free(fresh);
    tap_note(&r->tap, ALERT_RELOAD_FAILED, 0, 0);
  }
}

static void report(ratetap *r)
{
  report_write(&r->tap, r->cfg.top, r->loop.alerts.lost);
}

static void run(ratetap *r)
{
  for (;;)
    switch (loop_next(&r->loop)) {
    case LOOP_RELOAD: reload(r); break;
    case LOOP_REPORT: report(r); break;
    case LOOP_ENDED:
      if (r->cfg.report)
        report(r);
      break;
    case LOOP_DONE: return;
    case LOOP_FAILED: die_sys(111, "pass the log on from standard input to standard output");
    }
}

/* Returns what to exit with. */
static int close_all(ratetap *r)
{
  int code = r->cfg.program ? logger_code(&r->logger) : 0;

  batch_close(&r->loop.log);
  tap_close(&r->tap);
  alert_queue_close(&r->loop.alerts);
  script_free(&r->rules[r->present]);
  free(r);
  return code;
}

int main(int argc, char const *const *argv)
{
  ratetap *r = calloc(1, sizeof *r);

  PROG = "ratetap";
  if (!r)
    die_sys(111, "begin");
  settings_read(&r->cfg, argc, argv);
  if (r->cfg.mode == SETTINGS_RUN && !fd_sanitize()) /* before a warning opens a pipe in their place */
    die_sys(111, "open standard descriptors");
  read_rules(r);
  answer(&r->cfg, &r->rules[0]);
  warn_open();
  catch_signals(r);
  open_counters(r);
  start_warm(r);
  open_log(r);
  run(r);
  return close_all(r);
}
