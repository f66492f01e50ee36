/* input.h - the alerts that come, each acted upon once and in their order, now or when that is possible.
 *
 * Those that must wait do so in memory. Once that is full, nothing more is read, so that the rest waits where
 * it comes from. None is ever dropped.
 *
 * What was not yet acted upon is still there if we are killed: from a pipe, on Linux, bytes are looked at in
 * a copy (pipe/splice.h) and taken only when all is done that they ask for; from anything else they are read.
 */
#ifndef HOLD_INPUT_H
#define HOLD_INPUT_H

#include "base/span.h"
#include "log/lines.h"
#include "pipe/alert_queue.h"
#include "pipe/splice.h"
#include "watch/alert.h"

typedef enum {
  INTAKE_SOME,
  INTAKE_NOTHING, /* poll tells when to look again */
  INTAKE_END,
  INTAKE_FAILED /* see errno */
} intake_answer;

typedef struct {
  int fd;
  splice_view copy; /* of what waits in a pipe */
  size_t seen;      /* bytes looked at and not yet taken */
  int full;         /* more may wait than the copy can show */
  char buf[65536];
} intake;

/* Reads from fd, which stays the caller's. */
extern void intake_open(intake *i, int fd);
extern void intake_close(intake *i);

/* *piece becomes what has come since the last look, valid until the next call. To be called when fd is
 * readable, or after a while as long as what was looked at is not taken. */
extern intake_answer intake_look(intake *i, span *piece);

/* Must what was looked at be taken before more can be seen? */
extern int intake_full(intake const *i);

/* Takes what was looked at. Returns 1, or 0 with errno: to be called again. */
extern int intake_take(intake *i);

/* An alert has come, without its newline; told once. */
typedef void inbox_came(void *to, span line);

/* Acts upon an alert. Returns 1, or 0 if that is not possible now. */
typedef int inbox_act(void *to, span line);

/* len 0: none. */
typedef struct {
  size_t len;
  char s[ALERT_MAX];
} inbox_line;

typedef struct {
  intake in;
  lines lines;
  line_buffer waiting;
  inbox_line oldest; /* was taken from waiting, and is yet to be acted upon */
  inbox_line newest; /* found no room in waiting */
  span rest;         /* of the piece that was read: what follows newest */
  int ended;         /* nothing more will come */
  inbox_came *came;
  inbox_act *act;
  void *to;
} inbox;

/* Reads from fd, which stays the caller's. */
extern void inbox_open(inbox *b, int fd, inbox_came *came, inbox_act *act, void *to);
extern void inbox_close(inbox *b);

/* Looks at the input, and acts upon what has come. events: what poll(2) said of it. Not to be called while
 * the inbox is stuck. */
extern void inbox_look(inbox *b, int events);

/* Tries anew what waits. */
extern void inbox_work(inbox *b);

/* Does an alert wait? */
extern int inbox_waits(inbox const *b);

/* Is there no memory, neither to act nor to wait? To be tried anew after a while by inbox_work. */
extern int inbox_stuck(inbox const *b);

/* Has something been looked at that is still in the input? Then the input is readable all the time. */
extern int inbox_untaken(inbox const *b);

/* Takes from the input what was looked at, if all of it is done; or if more can only be seen then. done: what
 * was acted upon is on the disk. */
extern void inbox_settle(inbox *b, int done);

#endif
