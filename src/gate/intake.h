/* intake.h - reads standard input so that what was not yet acted upon is still there if we are killed.
 *
 * From a pipe, on Linux, bytes are looked at in a copy, tee(2), and taken only when all is done that they ask
 * for; from anything else they are read. O_NONBLOCK is neither set nor relied upon. */
#ifndef GATE_INTAKE_H
#define GATE_INTAKE_H

#include "base/span.h"

typedef enum {
  INTAKE_SOME,
  INTAKE_NOTHING, /* poll tells when to look again */
  INTAKE_END,
  INTAKE_FAILED /* see errno */
} intake_answer;

typedef struct {
  int fd;
  int view[2]; /* the pipe that takes the copies; -1: there is none */
  size_t seen; /* bytes looked at and not yet taken */
  int full;    /* the copy fills its pipe: there may be more */
  char buf[65536];
} intake;

/* Reads from fd, which stays the caller's. */
extern void intake_open(intake *i, int fd);
extern void intake_close(intake *i);

/* *piece becomes what has come since the last look, valid until the next call. To be called when fd is
 * readable, or after a while as long as what was looked at is not taken. */
extern intake_answer intake_look(intake *i, span *piece);

/* Is so much looked at that more can only be seen once it is taken? */
extern int intake_full(intake const *i);

/* Takes what was looked at. Returns 1, or 0 with errno: to be called again. */
extern int intake_take(intake *i);

#endif
