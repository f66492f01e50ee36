/* skim.h - goes fast over lines that say nothing but what time it is, which is most of them.
 *
 * Within one second labels differ in their last eight digits only, and those can be compared as they stand. A
 * line whose label is of the second of the newest one, or which has none like all lines before, and whose
 * text begins as nothing does that could be an event, need not be read. Whatever is not so plain is left to
 * the reader. */
#ifndef TAP_SKIM_H
#define TAP_SKIM_H

#include "log/stamp.h"
#include <stdint.h>

typedef struct {
  uint64_t seconds[2];  /* the 16 digits of the newest label */
  uint64_t nano;        /* and its last 8, the first one highest; all defined if now is set */
  int64_t second;       /* what seconds mean, in nanoseconds since the Unix epoch */
  int64_t now;          /* the time of that label, INT64_MIN without one */
  uint64_t loud;        /* bit c - 'a': text that begins with c may be an event */
  uint64_t lines, late; /* skipped, and those of them with a label older than the newest */
} skim;

/* Starts without a label; deliveries: do they matter, and not only messages? */
extern void skim_start(skim *k, int deliveries);

/* As stamp_read, if line has a label of the second learned and text behind it. Returns 1, or 0 with *st
 * undefined. */
extern int skim_stamp(skim const *k, stamp *st, span line);

/* Learns the label at the start of line, which means when, the newest time. */
extern void skim_learn(skim *k, span line, int64_t when);

/* Skips whole lines of in that have a label of the second learned (labelled), or none. Returns their bytes;
 * k->now, lines and late are brought up to date. */
extern size_t skim_lines(skim *k, span in, int labelled);

#endif
