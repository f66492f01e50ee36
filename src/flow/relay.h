/* relay.h - passes the log on, unchanged, and shows each piece to whoever watches.
 *
 * Between two pipes on Linux the bytes are looked at in a copy, tee(2), and then moved by the kernel in one
 * step, splice(2): at every instant each byte is either in the input or in the output, so not even SIGKILL
 * can lose or double one. Elsewhere they are read and written. Neither way ever takes more from the input
 * before what was taken is passed on. O_NONBLOCK is neither set nor relied upon on the two descriptors. */
#ifndef FLOW_RELAY_H
#define FLOW_RELAY_H

#include "base/span.h"

typedef enum {
  RELAY_MOVED,       /* there may be more without waiting */
  RELAY_WANT_INPUT,  /* poll for input */
  RELAY_WANT_OUTPUT, /* poll for output */
  RELAY_RETRY,       /* the output fails for now, see errno: try again after a while */
  RELAY_END,         /* end of input, or of the line after which to stop; all is passed on */
  RELAY_GONE,        /* nobody will ever read the output */
  RELAY_FAILED       /* see errno; input or output is beyond hope */
} relay_answer;

typedef struct {
  int in, out;
  int by_tee, by_file; /* by tee and splice; input is a file, which never makes anybody wait */
  int view[2];         /* by tee: the pipe that takes the copies */
  int large;           /* the pipes have been enlarged */
  int stop;            /* stop after the line under way */
  int midline;         /* the last byte passed on was not a newline */
  size_t from, to;     /* what of buf has been taken, or seen, but not passed on */
  size_t size;
  char *buf;
} relay;

/* Makes a relay between two descriptors, which stay the caller's. Returns 1, or 0 with errno. */
extern int relay_open(relay *p, int in, int out);
extern void relay_close(relay *p);

/* Moves what can be moved without waiting for the input; readable: poll has just said so. *seen becomes the
 * new bytes, valid until the next step; empty if there are none. */
extern relay_answer relay_step(relay *p, int readable, span *seen);

/* From now on nothing is passed on beyond the line under way. */
extern void relay_stop(relay *p);

#endif
