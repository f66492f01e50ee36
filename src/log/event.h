/* event.h - what one line of qmail-send's log says, after its stamp.
 *
 * The lines are those of qmail-send(8) (qmail-log(5)), with the queue words that indimail adds. A line that
 * is not exactly of one of these forms is no event: wrecks of a killed qmail-send and look-alikes must not
 * count. */
#ifndef LOG_EVENT_H
#define LOG_EVENT_H

#include "base/span.h"
#include <stdint.h>

typedef enum {
  EVENT_NONE,
  EVENT_INFO,     /* info msg: message, bytes, sender, qp, uid, queue */
  EVENT_START,    /* starting delivery: delivery, message, channel, recipient, queue */
  EVENT_SUCCESS,  /* delivery ...: success etc.: delivery, queue */
  EVENT_FAILURE,  /* ... and is_ours, also of the next */
  EVENT_DEFERRAL, /* also for "report mangled, will defer" */
  EVENT_BOUNCE,   /* bounce msg: message, queue */
  EVENT_END       /* end msg: message, queue */
} event_kind;

typedef struct {
  event_kind kind;
  uint64_t message; /* M, an inode number */
  uint64_t bytes, qp, uid;
  span sender;       /* as logged, without the brackets around it */
  span recipient;    /* as logged */
  span channel;      /* "local", "remote", or another word */
  uint64_t delivery; /* D, a number; indimail writes also "12.3" */
  span suffix;       /* what comes after the number then, with its dot; else empty */
  span queue;  /* indimail's queue word; empty without one. For delivery results: the last word of the line,
                  which is the queue only if such a delivery is pending (the text before it can contain blanks)
                */
  int is_ours; /* its text begins as ratetap-remote's reports do */
} event;

/* Reads text (a line after its stamp, without newline) into *e. All spans point into text. Fields that the
 * kind does not name are undefined. Returns e->kind. */
extern event_kind event_read(event *e, span text);

/* Is there an `info msg ` and a digit in a line that is no event? Then it may be one whose prefix is not
 * known. */
extern int event_is_odd(span line);

#endif
