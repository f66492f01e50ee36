/* alert.h - the lines of the alert descriptor: builds one, and takes one apart again.
 *
 * A line is fields, one space apart. In each field a byte outside 33..126 and '%' is written as %XX with
 * capital digits, so that two keys are never shown alike and a reader can have the bytes back. No line is
 * longer than ALERT_MAX, so that a pipe takes it whole (PIPE_BUF) and every syslog does. */
#ifndef WATCH_ALERT_H
#define WATCH_ALERT_H

#include "base/span.h"
#include <stdint.h>

#define ALERT_MAX 4096
#define ALERT_FIELD 900 /* bytes of a field as written; longer ones are cut, never inside of a %XX */

/* All words of lines, for who writes and who reads them; ratetap(8) says what each means. */
#define ALERT_OVER "over"
#define ALERT_MORE "more"
#define ALERT_UNDER "under"
#define ALERT_STILL "still"
#define ALERT_STAT "stat"
#define ALERT_TOP "top"
#define ALERT_PEAKS "peaks"
#define ALERT_NOTE "note"

/* The words after note. */
#define ALERT_RESTORED "restored"
#define ALERT_START "start"
#define ALERT_LOST "lost"
#define ALERT_FULL "full"
#define ALERT_TIMELINE "timeline"
#define ALERT_RELOAD "reload"
#define ALERT_RELOAD_FAILED "reload-failed"

/* Why an episode ended at a reload: the value of reload= in an `under` line. */
#define ALERT_RULE_GONE "rule"
#define ALERT_EXEMPT "exempt"

typedef struct {
  size_t len;
  char s[ALERT_MAX];
} alert;

/* Begins a line with the label of when (nanoseconds since the Unix epoch) and a word. */
extern void alert_begin(alert *a, int64_t when, char const *word);

/* Appends a field without a name. */
extern void alert_field(alert *a, span field);

/* Appends NAME=VALUE; names end with '='. */
extern void alert_number(alert *a, char const *name, uint64_t value);
extern void alert_text(alert *a, char const *name, span value);
extern void alert_label(alert *a, char const *name, int64_t when);

/* Ends the line. Returns it; it is the alert's. */
extern span alert_end(alert *a);

typedef struct {
  span label, word;
  span rule, key; /* of a note: its word in the place of the rule, and no key */
  span values;    /* NAME=VALUE, one space apart */
} alertline;

/* Takes a line apart, without its newline. Returns 1, or 0 if it is none: not visible ASCII, too long,
 * without a label, or with fewer fields than its word has. The spans point into the line. */
extern int alertline_read(alertline *a, span line);

/* The value of name, which ends with '='; s is 0 if there is none. */
extern span alertline_value(alertline const *a, char const *name);

/* Writes bytes as a field of an alert to out, at most ALERT_FIELD bytes. Returns how many. */
extern size_t alert_encode(char *out, span bytes);

/* Writes the bytes of a field, with each %XX undone, to out, which has room for field.len bytes. Returns how
 * many. A '%' without two capital digits after it stays. */
extern size_t alert_decode(char *out, span field);

#endif
