/* ratetap - watches how fast each sender of a qmail log sends.
 *
 * The log goes from standard input to standard output unchanged; alerts go to a descriptor of their own.
 * Nothing that happens to the alerts, to memory, to the rules or to the program behind may cost a line of the
 * log. Only this folder dies and finds words for what went wrong. */
#include "pipe/loop.h"
#include "main/compat.h"
#include "main/explain.h"
#include "main/ratetap.h"
#include "main/react.h"
#include "main/warn.h"
#include "main/words.h"
#include <skalibs/allreadwrite.h>
#include <skalibs/djbunix.h>
#include <stdlib.h>
#include <unistd.h>

static void print(stralloc const *text)
{
  if (allwrite(1, text->s, text->len) < text->len)
    die_sys(111, "write to standard output");
  _exit(0);
}

static void refuse(script_error const *e)
{
  char words[WORDS_MAX];

  words_script(words, sizeof words, e);
  die(e->problem == SCRIPT_SYSTEM ? 111 : 100, words);
}

/* A log/run that does not run stops all mail, so there a bad rules file is done without, until SIGHUP.
 * Returns whether it is. */
static int read_script(settings const *cfg, script *rules)
{
  script_error e, of_words;
  char words[WORDS_MAX];

  if (settings_script(cfg, rules, &e))
    return 0;
  if (cfg->mode != SETTINGS_RUN || !cfg->program || !e.file)
    refuse(&e);
  words_script(words, sizeof words, &e);
  script_free(rules);
  *rules = (script){0};
  if (!settings_words(cfg, rules, &of_words))
    refuse(&of_words);
  warn(words, ": no rules from that file until SIGHUP reads a good one");
  return 1;
}

static void answer(settings const *cfg, script const *rules)
{
  stralloc out = STRALLOC_ZERO;
  int fine = 1;

  switch (cfg->mode) {
  case SETTINGS_RUN: return;
  case SETTINGS_HELP:
    fine =
        stralloc_cats(&out, "usage: ") && stralloc_cats(&out, settings_usage) && stralloc_catb(&out, "\n", 1);
    break;
  case SETTINGS_VERSION: fine = stralloc_cats(&out, "ratetap " VERSION "\n"); break;
  case SETTINGS_CHECK: fine = explain_script(&out, rules); break;
  case SETTINGS_EXPLAIN: fine = explain_address(&out, rules, &cfg->how, cfg->address); break;
  }
  if (!fine)
    die_sys(111, "answer");
  print(&out);
}

static void send_alert(void *to, span line)
{
  outlet_put(to, line);
}

static void open_tap(ratetap *r)
{
  size_t share = r->cfg.memory / 4;
  tap_plan plan = {&r->rules[0],  r->cfg.how,       r->cfg.memory - share,
                   r->cfg.report, r->cfg.file != 0, r->cfg.program != 0};

  outlet_open(&r->alerts, r->cfg.alerts, share);
  if (!tap_open(&r->tap, &plan, moment_now(), &send_alert, &r->alerts))
    die_sys(111, "prepare the counters");
  tap_tell_to(&r->tap, &react_news, 0);
  if (r->cfg.directory)
    warm_start(&r->tap, r->cfg.directory, &react_cold, r);
  if (r->cfg.directory || r->cfg.program)
    tap_start(&r->tap);
}

static void open_pump(ratetap *r)
{
  pump *p = &r->pump;

  p->tap = &r->tap;
  alerts_start(&p->alerts, &r->alerts);
  p->keeper = r->cfg.program ? &r->keeper : 0;
  p->trouble = &react_trouble;
  p->reload = r->cfg.file ? &react_reload : 0;
  p->report = &react_report;
  p->ended = &react_end;
  p->signals = signals_open(p->reload != 0, p->keeper != 0);
  if (p->signals < 0)
    die_sys(111, "prepare for signals");
}

/* From here on the log must flow. */
static void open_log(ratetap *r)
{
  if (r->cfg.program && !keeper_open(&r->keeper, r->cfg.program, r->cfg.alerts, moment_now().mono))
    die_sys(111, "start ", r->cfg.program[0]);
  if (!stream_open(&r->pump.log, 0, 1, r->pump.keeper))
    die_sys(111, "prepare to pass the log on");
}

/* Returns what to exit with. */
static int close_all(ratetap *r)
{
  int code = r->cfg.program ? keeper_code(&r->keeper) : 0;

  stream_close(&r->pump.log);
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
    die_sys(111, "begin");
  settings_read(&r->cfg, argc, argv);
  if (r->cfg.mode != SETTINGS_HELP && r->cfg.mode != SETTINGS_VERSION)
    r->without_file = read_script(&r->cfg, &r->rules[0]);
  answer(&r->cfg, &r->rules[0]);
  if (!fd_sanitize())
    die_sys(111, "open standard descriptors");
  warn_open();
  open_pump(r);
  open_tap(r);
  if (r->without_file)
    tap_note(&r->tap, ALERT_RELOAD_FAILED, 0, 0);
  open_log(r);
  if (!pump_run(&r->pump))
    die_sys(111, "pass the log on from standard input to standard output");
  return close_all(r);
}
