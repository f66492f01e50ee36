/* mover.h - sees what waits in one descriptor, and then moves it to another.
 *
 * Between two pipes on Linux the kernel moves the bytes (bysplice.h). Elsewhere, and where the kernel refuses
 * that, they are read and written. Neither way takes more before what was seen is passed on. O_NONBLOCK is
 * neither set nor relied upon on the two descriptors. */
#ifndef FLOW_MOVER_H
#define FLOW_MOVER_H

#include "flow/bysplice.h"
#include "flow/sink.h"
#include <stddef.h>

#define MOVER_PIPE ((size_t)1 << 16) /* a pipe's usual size: who gets that much at once gets a lot */

typedef struct {
  int in, out;
  int by_splice, by_file; /* input is a file, which never makes anybody wait */
  int ours;               /* the output is shared with nobody and has O_NONBLOCK */
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

#endif
