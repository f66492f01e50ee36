#include "main/react.h"
#include "main/ratetap.h"
#include "main/warn.h"
#include "main/words.h"
#include "watch/report.h"
#include <skalibs/uint64.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void program_trouble(ratetap const *r)
{
  char number[UINT64_FMT];
  int status = r->keeper.status, by_signal = WIFSIGNALED(status);

  number[uint64_fmt(number, (uint64_t)(by_signal ? WTERMSIG(status) : WEXITSTATUS(status)))] = 0;
  warn(r->keeper.argv[0], by_signal ? " was killed by signal " : " ended with exit code ", number,
       ": starting it again");
}

void react_trouble(pump *p, pump_trouble what)
{
  ratetap const *r = (ratetap const *)p;

  switch (what) {
  case PUMP_OUTPUT_FULL: warn_sys("write the log, trying again each second"); break;
  case PUMP_ALERTS_FAIL: warn_sys("write alerts, trying again each second"); break;
  case PUMP_NO_SPLICE:
    warn_sys("move the log inside of the kernel (tee and splice), reading and writing it from now on");
    break;
  case PUMP_PROGRAM_ENDED: program_trouble(r); break;
  case PUMP_PROGRAM_ABSENT: warn_sys("start ", r->keeper.argv[0], ", trying again each second"); break;
  }
}

/* Returns 1, or 0 after a warning. */
static int rules_replace(ratetap *r, script *fresh)
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

void react_reload(pump *p)
{
  ratetap *r = (ratetap *)p;
  script *fresh = &r->rules[!r->present];

  if (rules_replace(r, fresh)) {
    script_free(&r->rules[r->present]);
    r->present = !r->present;
    tap_note(&r->tap, ALERT_RELOAD, "rules=", script_len(fresh));
  } else {
    script_free(fresh);
    tap_note(&r->tap, ALERT_RELOAD_FAILED, 0, 0);
  }
}

void react_report(pump *p)
{
  ratetap *r = (ratetap *)p;
  report_write(&r->tap, r->cfg.top, r->alerts.lost);
}

void react_end(pump *p)
{
  if (((ratetap *)p)->cfg.report)
    react_report(p);
}

void react_cold(void *p, warm_trouble what, char const *name)
{
  char const *directory = ((ratetap const *)p)->cfg.directory;

  switch (what) {
  case WARM_NO_DIRECTORY: warn_sys("read ", directory, ": starting cold"); break;
  case WARM_NO_FILE: warn_sys("read ", directory, "/", name); break;
  case WARM_NO_STAMPS:
    warn("skipping ", directory, "/", name, ": it does not begin with a time stamp");
    break;
  case WARM_NO_EVENT:
    warn("nothing in ", directory, " was understood, no event of qmail-send's and no word of a line rule");
    break;
  case WARM_LOCKED:
    warn(directory, "/lock is still held: what its holder writes from now on is not read");
    break;
  }
}

#define SHOWN 80 /* bytes of a line */

/* A NUL byte would end the warning. */
void react_news(void *p, tap_news what, span line)
{
  char shown[SHOWN + 1];
  size_t n = line.len < SHOWN ? line.len : SHOWN;
  struct stat input;

  (void)p;
  for (size_t i = 0; i < n; i++)
    shown[i] = line.s[i] ? line.s[i] : '_';
  shown[n] = 0;
  switch (what) {
  case TAP_ODD:
    warn("not understood, what stands before info msg is none of the known forms: ", shown);
    break;
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
