/* ratetap - watches how fast each sender of a qmail log sends.
 *
 * The log goes from standard input to standard output unchanged; alerts go to a descriptor of their own.
 * Nothing that happens to the alerts, to memory, to the rules or to the program behind may cost a line of the
 * log. Only this folder dies and finds words for what went wrong. */
#include "flow/pump.h"
#include "flow/warm.h"
#include "main/compat.h"
#include "main/explain.h"
#include "main/settings.h"
#include "main/words.h"
#include "tap/report.h"
#include <errno.h>
#include <skalibs/allreadwrite.h>
#include <skalibs/djbunix.h>
#include <skalibs/uint64.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* All that lives as long as the program. */
typedef struct {
  pump pump; /* first, so that its callbacks find the rest */
  settings cfg;
  script rules[2]; /* the present ones, and room for new ones */
  int present;
  tap tap;
  outlet alerts;
  keeper keeper;
} ratetap;

static void print(stralloc const *text)
{
  if (allwrite(1, text->s, text->len) < text->len)
    strerr_diefusys(111, "write to standard output");
  _exit(0);
}

static void read_script(settings const *cfg, script *rules)
{
  script_error e;
  char words[WORDS_MAX];

  if (settings_script(cfg, rules, &e))
    return;
  words_script(words, sizeof words, &e);
  strerr_dief(e.problem == SCRIPT_SYSTEM ? 111 : 100, words);
}

static void answer(settings const *cfg, script const *rules)
{
  stralloc out = STRALLOC_ZERO;
  int fine = 1;

  switch (cfg->mode) {
  case SETTINGS_RUN:
    return;
  case SETTINGS_HELP:
    fine =
        stralloc_cats(&out, "usage: ") && stralloc_cats(&out, settings_usage) && stralloc_catb(&out, "\n", 1);
    break;
  case SETTINGS_VERSION:
    fine = stralloc_cats(&out, "ratetap " VERSION "\n");
    break;
  case SETTINGS_CHECK:
    fine = explain_script(&out, rules);
    break;
  case SETTINGS_EXPLAIN:
    fine = explain_address(&out, rules, &cfg->how, cfg->address);
    break;
  }
  if (!fine)
    strerr_diefusys(111, "answer");
  print(&out);
}

static void program_trouble(ratetap const *r)
{
  char number[UINT64_FMT];
  int status = r->keeper.status, by_signal = WIFSIGNALED(status);

  number[uint64_fmt(number, (uint64_t)(by_signal ? WTERMSIG(status) : WEXITSTATUS(status)))] = 0;
  strerr_warnw(r->keeper.argv[0], by_signal ? " was killed by signal " : " ended with exit code ", number,
               ": starting it again");
}

static void on_trouble(pump *p, pump_trouble what)
{
  ratetap const *r = (ratetap const *)p;

  switch (what) {
  case PUMP_OUTPUT_FULL:
    strerr_warnwusys("write the log, trying again each second");
    break;
  case PUMP_ALERTS_FAIL:
    strerr_warnwusys("write alerts, trying again each second");
    break;
  case PUMP_PROGRAM_ENDED:
    program_trouble(r);
    break;
  case PUMP_PROGRAM_ABSENT:
    strerr_warnwusys("start ", r->keeper.argv[0], ", trying again each second");
    break;
  }
}

static void on_reload(pump *p)
{
  ratetap *r = (ratetap *)p;
  script *fresh = &r->rules[!r->present];
  script_error e;
  char words[WORDS_MAX];

  if (settings_script(&r->cfg, fresh, &e) && tap_rules(&r->tap, fresh)) {
    script_free(&r->rules[r->present]);
    r->present = !r->present;
    tap_note(&r->tap, "reload", "rules=", script_len(fresh));
    return;
  }
  words_script(words, sizeof words, &e);
  strerr_warnw(words, ": the old rules stay");
  script_free(fresh);
  tap_note(&r->tap, "reload-failed", 0, 0);
}

static void on_report(pump *p)
{
  ratetap *r = (ratetap *)p;
  report_write(&r->tap, r->cfg.top, r->alerts.lost);
}

static void on_end(pump *p)
{
  if (((ratetap *)p)->cfg.report)
    on_report(p);
}

static void send_alert(void *to, span line)
{
  outlet_put(to, line);
}

static void on_cold(void *p, warm_trouble what, char const *name)
{
  char const *directory = ((ratetap const *)p)->cfg.directory;

  switch (what) {
  case WARM_NO_DIRECTORY:
    strerr_warnwusys("read ", directory, ": starting cold");
    break;
  case WARM_NO_FILE:
    strerr_warnwusys("read ", directory, "/", name);
    break;
  case WARM_NO_STAMPS:
    strerr_warnw("skipping ", directory, "/", name, ": it does not begin with a time stamp");
    break;
  case WARM_LOCKED:
    strerr_warnw(directory, "/lock is still held: what its holder writes from now on is not read");
    break;
  }
}

static void open_tap(ratetap *r)
{
  size_t share = r->cfg.memory / 4;
  tap_plan plan = {&r->rules[0], r->cfg.how, r->cfg.memory - share, r->cfg.report};

  if (!outlet_open(&r->alerts, r->cfg.alerts, share))
    strerr_diefusys(111, "prepare the alert descriptor");
  if (!tap_open(&r->tap, &plan, moment_now(), &send_alert, &r->alerts))
    strerr_diefusys(111, "prepare the counters");
  if (r->cfg.directory)
    warm_start(&r->tap, r->cfg.directory, &on_cold, r);
}

static void open_pump(ratetap *r)
{
  pump *p = &r->pump;

  p->tap = &r->tap;
  p->alerts = &r->alerts;
  p->keeper = r->cfg.program ? &r->keeper : 0;
  p->trouble = &on_trouble;
  p->reload = r->cfg.file ? &on_reload : 0;
  p->report = &on_report;
  p->ended = &on_end;
  if (!pump_signals(p))
    strerr_diefusys(111, "prepare for signals");
}

/* From here on the log must flow. */
static void open_log(ratetap *r)
{
  int out = 1;

  if (r->cfg.program) {
    if (!keeper_open(&r->keeper, r->cfg.program, r->cfg.alerts, moment_now().mono))
      strerr_diefusys(111, "start ", r->cfg.program[0]);
    out = r->keeper.pipe[1];
    tap_note(&r->tap, "start", "rules=", script_len(&r->rules[0]));
  }
  if (!passage_open(&r->pump.log, 0, out))
    strerr_diefusys(111, "prepare to pass the log on");
}

/* Returns what to exit with. */
static int close_all(ratetap *r)
{
  int code = r->cfg.program ? keeper_code(&r->keeper) : 0;

  passage_close(&r->pump.log);
  tap_close(&r->tap);
  outlet_close(&r->alerts);
  script_free(&r->rules[r->present]);
  free(r);
  return code;
}

int main(int argc, char const *const *argv)
{
  ratetap *r = calloc(1, sizeof *r);

  PROG = "ratetap";
  if (!r)
    strerr_diefusys(111, "begin");
  settings_read(&r->cfg, argc, argv);
  if (r->cfg.mode != SETTINGS_HELP && r->cfg.mode != SETTINGS_VERSION)
    read_script(&r->cfg, &r->rules[0]);
  answer(&r->cfg, &r->rules[0]);
  if (!fd_sanitize())
    strerr_diefusys(111, "open standard descriptors");
  open_tap(r);
  open_pump(r);
  open_log(r);
  if (!pump_run(&r->pump))
    strerr_diefusys(111, "pass the log on from standard input to standard output");
  return close_all(r);
}
