/* bysplice.h - moves bytes from one pipe to another inside the kernel, and shows them first.
 *
 * tee(2) copies what waits in the input into a private pipe, where it is looked at; splice(2) then moves
 * exactly those bytes in one step: at every instant each byte is either in the input or in the output, so not
 * even SIGKILL can lose or double one. Nothing here ever waits. */

/* input.h - what waits in a descriptor, without taking it. */
#ifndef PIPE_SPLICE_H
#define PIPE_SPLICE_H

#include <poll.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct {
  int view[2]; /* the pipe that takes the copies; -1: closed */
  int large;   /* the pipes have been enlarged, where that can be done */
  int refused; /* the errno with which the kernel refused tee or splice; nothing more is done from then on */
} bysplice;

/* Can bytes be moved between these two? */
extern int bysplice_fits(int in, int out);

/* Returns 1, or 0 with errno. */
extern int bysplice_open(bysplice *s);
extern void bysplice_close(bysplice *s);

/* Copies up to most bytes, which stay in the input, into buf. Returns how many; 0 at the end of input; -1
 * with errno, EAGAIN if none wait. */
extern ssize_t bysplice_look(bysplice *s, int in, char *buf, size_t most);

/* The same, but takes them from the input, which need not go on to a pipe: unlike read(2) it never waits,
 * even if somebody else has emptied the pipe meanwhile. */
extern ssize_t bysplice_take(bysplice *s, int in, char *buf, size_t most);

/* Moves up to len bytes. Returns how many; 0 if somebody else has taken them from the input; -1 with errno,
 * EAGAIN if the output is full. */
extern ssize_t bysplice_move(bysplice *s, int in, int out, size_t len);

/* Enlarges pipes that are smaller than size. */
extern void bysplice_enlarge(bysplice *s, int in, int out, size_t size);

/* Is this errno how a kernel, or a filter in front of it, refuses the calls as such? */
extern int bysplice_is_refusal(int error);

#ifdef POLLRDHUP
#define INPUT_ENDS POLLRDHUP
#else
#define INPUT_ENDS 0 /* what to poll for to be told of the end of input alone; POLLHUP always comes */
#endif

/* Memory for size bytes of input, a multiple of a page; to be freed. Kernels copy faster to the beginning of
 * a page: a log read from a file took 8 % less processor time. Returns 0 with errno ENOMEM. */
extern char *input_buffer(size_t size);

typedef enum {
  INPUT_PIPE,
  INPUT_SOCKET,   /* one of streams */
  INPUT_DATAGRAM, /* a socket that keeps the bounds of what is sent: an empty read may be an empty datagram */
  INPUT_OTHER     /* a file, a terminal, a device */
} input_kind;

extern input_kind input_kind_of(int fd);

/* How many bytes are known to wait. 0 says nothing: what is readable by poll(2) may be the end, an empty
 * datagram or a file of /proc, and is found out by reading. */
extern size_t input_waits(int fd);

/* So many bytes are enough to be taken at once: 0, or for a pipe BATCH_LEN or half of what it holds. */
extern size_t input_enough(int fd, size_t most);

/* Reads up to most bytes, of a datagram all of them, from what poll(2) has just said to be readable. Returns
 * how many; 0 at the end of input; -1 with errno, EAGAIN if none wait. A socket never makes this wait. */
extern ssize_t input_read(int fd, input_kind kind, char *buf, size_t most);

#endif
