/* relay.h - passes the log on, unchanged, and shows each piece to whoever watches: how much may be moved now
 * (mover.h), what is to be waited for, and where to stop. */
#ifndef FLOW_RELAY_H
#define FLOW_RELAY_H

#include "base/span.h"
#include "flow/mover.h"
#include <stdint.h>

#define RELAY_ALL SIZE_MAX

typedef enum {
  RELAY_MOVED,       /* there may be more without waiting */
  RELAY_WANT_INPUT,  /* poll for input */
  RELAY_WANT_OUTPUT, /* poll for output */
  RELAY_HELD,        /* bytes wait, but none may be passed on now */
  RELAY_RETRY,       /* the output fails for now, see errno: try again after a while */
  RELAY_END,         /* end of input, or of the line after which to stop; all is passed on */
  RELAY_GONE,        /* nobody will ever read the output */
  RELAY_FAILED       /* see errno; input or output is beyond hope */
} relay_answer;

typedef struct {
  mover way;
  int stop;    /* stop after the line under way */
  int midline; /* the last byte passed on was not a newline */
} relay;

/* Makes a relay between two descriptors, which stay the caller's; ours: out is shared with nobody and has
 * O_NONBLOCK. Returns 1, or 0 with errno. */
extern int relay_open(relay *p, int in, int out, int ours);
extern void relay_close(relay *p);

/* Moves what can be moved without waiting for the input; readable: poll has just said so. room: RELAY_ALL, or
 * how many bytes may be passed on, in one piece. *seen becomes the new bytes, valid until the next step;
 * empty if there are none. */
extern relay_answer relay_step(relay *p, size_t room, int readable, span *seen);

/* From now on nothing is passed on beyond the line under way. */
extern void relay_stop(relay *p);

/* The errno with which the kernel has refused to move the bytes, so that they are read and written; 0: it has
 * not.
 */
extern int relay_refused(relay const *p);

/* The descriptor to poll for output. */
extern int relay_output(relay const *p);

/* Closes the output, so that its reader sees the end. */
extern void relay_end_output(relay *p);

#endif
