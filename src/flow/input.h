/* input.h - what waits in a descriptor, without taking it. */
#ifndef FLOW_INPUT_H
#define FLOW_INPUT_H

#include <poll.h>
#include <stddef.h>

#ifdef POLLRDHUP
#define INPUT_ENDS POLLRDHUP
#else
#define INPUT_ENDS 0 /* what to poll for to be told of the end of input alone; POLLHUP always comes */
#endif

/* Memory for size bytes of input, a multiple of a page; to be freed. Kernels copy faster to the beginning of
 * a page: a log read from a file took 8 % less processor time. Returns 0 with errno ENOMEM. */
extern char *input_buffer(size_t size);

/* Is it a regular file, which never makes anybody wait? */
extern int input_is_file(int fd);

/* How many bytes wait, or -1: the descriptor does not tell. */
extern int input_waits(int fd);

/* Do no bytes wait, and will none come? Asked of what input_waits answers 0 for. */
extern int input_ended(int fd);

#endif
