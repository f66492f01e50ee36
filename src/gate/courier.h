/* courier.h - brings the envelope from the client to QMAIL-QUEUE, unless it is held.
 *
 * It is kept back until it is complete, then it is judged, then it goes on byte for byte, with whatever
 * follows it. What never becomes a complete envelope goes on unjudged, since QMAIL-QUEUE refuses it itself;
 * so does one of more than COURIER_MAX bytes, or for which there is no memory. */
#ifndef GATE_COURIER_H
#define GATE_COURIER_H

#include "gate/envelope.h"
#include "gate/judge.h"
#include "gate/queue.h"

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
