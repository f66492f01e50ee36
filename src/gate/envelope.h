/* envelope.h - brings the envelope from the client to QMAIL-QUEUE, unless its sender is held.
 *
 * An envelope is F sender NUL, T recipient NUL for each recipient, and one more NUL. It is kept back until it
 * is complete, then judged, then passed on byte for byte with all that follows it. It is complete where
 * qmail-queue(8) would take it for complete; only addresses may have any length here. An envelope that is
 * never complete is passed on unjudged, since QMAIL-QUEUE refuses it itself; so is one of more than
 * ENVELOPE_MAX bytes, or one for which there is no memory. */
#ifndef GATE_ENVELOPE_H
#define GATE_ENVELOPE_H

#include "base/span.h"
#include "gate/qmail_queue.h"

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
 * answer was another than ENVELOPE_CUT. Each byte is looked at once. */
extern envelope_state envelope_read(envelope *e, span all);

#define ENVELOPE_MAX ((size_t)64 << 20)

/* Is a message of that sender held? Asked once. */
typedef int envelope_judge(void *to, span sender);

/* Passes on what is read from in, which it closes, until QMAIL-QUEUE has ended; its code is known then.
 * Returns whether the envelope was held. */
extern int envelope_pass(queue *q, int in, envelope_judge *judge, void *to);

#endif
