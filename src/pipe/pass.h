/* mover.h - sees what waits in one descriptor, and then moves it to another.
 *
 * Between two pipes on Linux the kernel moves the bytes (bysplice.h). Elsewhere, and where the kernel refuses
 * that, they are read and written. Neither way takes more before what was seen is passed on. O_NONBLOCK is
 * neither set nor relied upon on the two descriptors. */

/* relay.h - passes the log on, unchanged, and shows each piece to whoever watches: how much may be moved now
 * (mover.h), what is to be waited for, and where to stop. */
#ifndef PIPE_PASS_H
#define PIPE_PASS_H

#include "pipe/splice.h"
#include "pipe/nbwrite.h"
#include "base/span.h"
#include <stddef.h>
#include <stdint.h>

#define MOVER_PIPE ((size_t)1 << 16) /* a pipe's usual size: who gets that much at once gets a lot */

typedef struct {
  int in, out;
  int by_splice; /* the kernel moves the bytes */
  input_kind kind;
  int ours; /* the output is shared with nobody and has O_NONBLOCK */
  bysplice kernel;
  sink copies;     /* how the output is written to where it is not by splice */
  size_t from, to; /* what of buf has been taken, or seen, but not passed on */
  char *buf;
} mover;

/* Makes a mover between two descriptors, which stay the caller's; ours: out is shared with nobody and has
 * O_NONBLOCK. Returns 1, or 0 with errno. */
extern int mover_open(mover *m, int in, int out, int ours);
extern void mover_close(mover *m);

/* Sees up to most bytes, once all before them is passed on, from m->from to m->to; readable: poll has just
 * said that there are some. Returns how many; 0 at the end of input; -1 with errno, EAGAIN if none wait and
 * EINTR if it is to be tried again at once. */
extern ssize_t mover_see(mover *m, size_t most, int readable);

/* Passes on up to len of the bytes that were seen. Returns how many; 0 if somebody else has taken them from
 * the input, and then none is left; -1 with errno, EAGAIN if the output takes none now. */
extern ssize_t mover_pass(mover *m, size_t len);

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
