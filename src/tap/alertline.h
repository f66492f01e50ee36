/* alertline.h - reads back a line that alert.h has built. */
#ifndef TAP_ALERTLINE_H
#define TAP_ALERTLINE_H

#include "base/span.h"

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

#endif
