/* pass.h - passes the log on, unchanged, and shows each piece to the caller.
 *
 * Between two pipes on Linux the kernel moves the bytes (splice.h). Elsewhere, and if the kernel refuses
 * that, they are read and written. Either way more is taken only after what was seen is passed on. O_NONBLOCK
 * is neither set nor relied upon on the two descriptors. */
#ifndef PIPE_PASS_H
#define PIPE_PASS_H

#include "base/span.h"
#include "pipe/nbwrite.h"
#include "pipe/splice.h"
#include <stddef.h>
#include <stdint.h>

#define PASS_ALL SIZE_MAX

typedef enum {
  PASS_MOVED,       /* there may be more without waiting */
  PASS_WANT_INPUT,  /* poll for input */
  PASS_WANT_OUTPUT, /* poll for output */
  PASS_HELD,        /* bytes wait, but none may be passed on now */
  PASS_RETRY,       /* input or output fails for now, see errno: try again after a while */
  PASS_END,         /* end of input, or of the line after which to stop; all is passed on */
  PASS_GONE,        /* the output has no reader any more */
  PASS_FAILED       /* see errno; input or output cannot be used any more */
} pass_answer;

typedef struct {
  int in, out;
  input_kind kind;
  int by_splice;    /* the kernel moves the bytes */
  int own;          /* no other process has the output, and it has O_NONBLOCK */
  int large;        /* the pipes have been enlarged, as far as that can be done */
  splice_view view; /* to look into the input, if that is a pipe */
  nbwrite to;       /* how the output is written to if it is not by splice */
  size_t from, end; /* what of buf has been taken, or seen, but not passed on */
  char *buf;
  int stop;    /* stop after the line under way */
  int midline; /* the last byte passed on was not a newline */
} pass;

/* Prepares for passing on between two descriptors, which stay the caller's; own: no other process has out,
 * and it has O_NONBLOCK. Returns 1, or 0 with errno. */
extern int pass_open(pass *p, int in, int out, int own);
extern void pass_close(pass *p);

/* Moves what can be moved without waiting for the input; readable: poll has just said so. room: PASS_ALL, or
 * how many bytes may be passed on, in one piece. *seen becomes the new bytes, valid until the next step;
 * empty if there are none. */
extern pass_answer pass_step(pass *p, size_t room, int readable, span *seen);

/* From now on nothing is passed on beyond the line under way. */
extern void pass_stop(pass *p);

/* The descriptor to poll for output. */
extern int pass_output(pass const *p);

/* Closes the output, so that its reader sees the end. */
extern void pass_end_output(pass *p);

#endif
