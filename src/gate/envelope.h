/* envelope.h - reads the envelope that a client writes for qmail-queue: F sender NUL, T recipient NUL for
 * each recipient, and one more NUL. What stands behind that is nobody's business.
 *
 * It is complete exactly where qmail-queue(8) would take it for complete, but that addresses may have any
 * length. The envelope grows piece by piece, and each byte is looked at once. */

/* courier.h - brings the envelope from the client to QMAIL-QUEUE, unless it is held.
 *
 * It is kept back until it is complete, then it is judged, then it goes on byte for byte, with whatever
 * follows it. What never becomes a complete envelope goes on unjudged, since QMAIL-QUEUE refuses it itself;
 * so does one of more than COURIER_MAX bytes, or for which there is no memory. */
#ifndef GATE_ENVELOPE_H
#define GATE_ENVELOPE_H

#include "base/span.h"
#include "gate/held_name.h"
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
 * answer was another than ENVELOPE_CUT. */
extern envelope_state envelope_read(envelope *e, span all);

#define COURIER_MAX ((size_t)64 << 20)
#define COURIER_FIRST ((size_t)65536)

typedef struct {
  queue *queue;
  judge const *judge;
  uint64_t uid;
  int in;     /* the client's envelope; -1 once nothing more is wanted from it */
  int judged; /* it flows */
  int failed; /* reads in a row that failed */
  envelope seen;
  size_t sent, len, size; /* of buf: bytes gone on, there, and room */
  char *buf;              /* first, or memory of its own */
  char first[COURIER_FIRST];
} courier;

/* Runs until QMAIL-QUEUE has ended; queue->code is known then. Returns whether the envelope was held. */
extern int courier_run(courier *r, queue *q, judge const *j, uint64_t uid, int in);

#endif
