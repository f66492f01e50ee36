/* week_log.h - the log of a busy week, made from a real one that is played again and again.
 *
 * Each round is the real log, stretched to ROUND seconds, without its longest pauses; message and delivery
 * numbers come again, as on a host. Before each round so many new senders send one message each. Seven times
 * the stamps make a step: two hours back, 250 seconds ahead, or 100 seconds back. The same arguments make the
 * same bytes. */

#ifndef WEEK_LOG_H
#define WEEK_LOG_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUND = 1000, LONGEST_PAUSE = 50, STEPS = 7, WEEK_LINE_MAX = 16384 };

#define WEEK_SECOND UINT64_C(1000000000)
#define WEEK_BEGIN UINT64_C(1750000000) /* Unix seconds */

typedef struct {
  uint64_t at; /* nanoseconds after the first line, stretched */
  char *text;  /* after the stamp, with its newline */
} week_line;

typedef struct {
  week_line *lines;
  size_t count;
  uint64_t messages;            /* in one round */
  uint64_t rounds, new_senders; /* new_senders: before each round */
  /* where it is */
  uint64_t round, born;
  size_t line;
  int64_t step;     /* seconds, by the steps so far */
  uint64_t seconds; /* since the beginning, whatever the steps */
} week_log;

static inline uint64_t week_hex(char const *s, size_t n)
{
  char digits[17] = {0};

  memcpy(digits, s, n);
  return strtoull(digits, 0, 16);
}

/* Reads a log with TAI64N labels. Returns 1, or 0. */
static inline int week_open(week_log *w, char const *path, uint64_t rounds, uint64_t new_senders)
{
  static char line[WEEK_LINE_MAX];
  uint64_t now, before = 0, at = 0;
  FILE *f = fopen(path, "r");

  *w = (week_log){.rounds = rounds, .new_senders = new_senders};
  if (!f)
    return 0;
  while (fgets(line, sizeof line, f)) {
    if (line[0] != '@' || strlen(line) < 27)
      continue;
    if (w->count % 1024 == 0)
      w->lines = realloc(w->lines, (w->count + 1024) * sizeof *w->lines);
    if (!w->lines)
      return 0;
    now = week_hex(line + 1, 16) * WEEK_SECOND + week_hex(line + 17, 8);
    if (w->count && now > before)
      at += now - before < LONGEST_PAUSE * WEEK_SECOND ? now - before : LONGEST_PAUSE * WEEK_SECOND;
    before = now;
    w->messages += !strncmp(line + 26, "info msg ", 9);
    w->lines[w->count++] = (week_line){.at = at, .text = strdup(line + 26)};
  }
  (void)fclose(f);
  for (size_t i = 0; i < w->count; i++)
    w->lines[i].at = (uint64_t)((double)w->lines[i].at / (double)(at + 1) * ROUND * (double)WEEK_SECOND);
  return w->count > 0;
}

static inline void week_step(week_log *w)
{
  static int const step[] = {-7200, 250, -100};
  uint64_t const every = w->rounds / STEPS;

  if (every && w->round % every == every / 2)
    w->step += step[w->round / every % 3];
}

static inline size_t week_stamp(week_log *w, char *s, uint64_t at)
{
  uint64_t const seconds = w->seconds = w->round * ROUND + at / WEEK_SECOND;
  uint64_t const label = (UINT64_C(1) << 62) + 10 + WEEK_BEGIN + seconds + (uint64_t)w->step;

  return (size_t)sprintf(s, "@%016" PRIx64 "%08x ", label, (unsigned)(at % WEEK_SECOND));
}

/* Three lines of new sender number n, all in one. */
static inline size_t week_newcomer(week_log *w, char *s)
{
  uint64_t const n = w->round * w->new_senders + w->born++;
  char stamp[32];

  (void)week_stamp(w, stamp, 0);
  return (size_t)sprintf(s,
                         "%snew msg %" PRIu64 "\n%sinfo msg %" PRIu64 ": bytes 900 from <n%" PRIu64
                         "@new.example> qp 9 uid 89\n%send msg %" PRIu64 "\n",
                         stamp, 9000000 + n % 1000, stamp, 9000000 + n % 1000, n, stamp, 9000000 + n % 1000);
}

/* The next lines. Returns how many bytes are in s, which holds WEEK_LINE_MAX; 0 at the end of the week. */
static inline size_t week_next(week_log *w, char *s)
{
  size_t n;

  if (w->line == w->count) {
    w->line = 0;
    w->born = 0;
    if (++w->round == w->rounds)
      return 0;
    week_step(w);
  }
  if (!w->line && w->born < w->new_senders)
    return week_newcomer(w, s);
  n = week_stamp(w, s, w->lines[w->line].at);
  (void)strcpy(s + n, w->lines[w->line].text);
  n += strlen(w->lines[w->line++].text);
  return n;
}

#endif
