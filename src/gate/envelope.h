/* envelope.h - reads the envelope that a client writes for qmail-queue: F sender NUL, T recipient NUL for
 * each recipient, and one more NUL. What stands behind that is nobody's business.
 *
 * It is complete exactly where qmail-queue(8) would take it for complete, but that addresses may have any
 * length. The envelope grows piece by piece, and each byte is looked at once. */
#ifndef GATE_ENVELOPE_H
#define GATE_ENVELOPE_H

#include "base/span.h"

typedef enum {
  ENVELOPE_CUT,      /* so far it is the beginning of one */
  ENVELOPE_COMPLETE, /* sender is known */
  ENVELOPE_NONE      /* it will never be one */
} envelope_state;

/* All zero: nothing was seen. */
typedef struct {
  size_t record; /* where the record under way begins */
  size_t seen;   /* bytes looked at; never less than record */
  size_t sender; /* length of the sender; it begins at the second byte */
} envelope;

/* Looks at what is new in all, which begins with what was seen the last time. To be called no more once the
 * answer was another than ENVELOPE_CUT. */
extern envelope_state envelope_read(envelope *e, span all);

#endif
