/* splice.h - what waits in a descriptor: how much, and reading it without ever waiting; and moving bytes from
 * one pipe to another inside the kernel.
 *
 * tee(2) copies what waits in a pipe into a private pipe, where it is looked at; splice(2) then moves exactly
 * those bytes in one step: at every instant each byte is either in the input or in the output, so not even
 * SIGKILL can lose or double one. O_NONBLOCK is neither set nor relied upon. tee and splice are Linux's;
 * elsewhere, and with NO_SPLICE defined, they answer ENOSYS, as a kernel without them does. */
#ifndef PIPE_SPLICE_H
#define PIPE_SPLICE_H

#include <poll.h>
#include <stddef.h>
#include <sys/types.h>

#if defined(__linux__) && !defined(NO_SPLICE)
#define SPLICE_IS_HERE 1
#else
#define SPLICE_IS_HERE 0
#endif

typedef struct {
  int view[2]; /* the private pipe; -1: there is none */
  int refused; /* the errno with which the kernel refused tee or splice, then view is closed; 0: it has not */
} splice_view;

/* Opens the private pipe. Returns 1, or 0 with errno, ENOSYS where there is no splice. */
extern int splice_open(splice_view *s);
extern void splice_close(splice_view *s);

/* Copies up to most bytes, which stay in the pipe in, into buf. Returns how many; 0 at the end of input; -1
 * with errno, EAGAIN if none wait. *full becomes: more may wait, but the private pipe holds no more; full may
 * be 0. */
extern ssize_t splice_look(splice_view *s, int in, char *buf, size_t most, int *full);

/* The same, but takes them from the pipe. read(2) would wait if another reader has emptied it meanwhile. */
extern ssize_t splice_take(splice_view *s, int in, char *buf, size_t most);

/* Moves up to len bytes from pipe to pipe. Returns how many; 0 if another reader has taken them from the
 * input; -1 with errno, EAGAIN if the output is full. */
extern ssize_t splice_move(splice_view *s, int in, int out, size_t len);

/* Moves up to len bytes between two descriptors of which one is a pipe, without waiting. As splice(2). */
extern ssize_t splice_some(int in, int out, size_t len);

/* Is this errno how a kernel, or a filter in front of it, refuses the calls as such? */
extern int splice_is_refusal(int error);

/* Enlarges a pipe that is smaller than size, where that can be done. */
extern void splice_enlarge(int fd, size_t size);

typedef enum {
  INPUT_PIPE,
  INPUT_STREAM,   /* a socket */
  INPUT_DATAGRAM, /* a socket that keeps the bounds of what is sent: an empty read may be an empty datagram */
  INPUT_OTHER     /* a file, a terminal, a device */
} input_kind;

extern input_kind input_kind_of(int fd);

/* How many bytes are known to wait. 0 says nothing: what is readable by poll(2) may be the end, an empty
 * datagram or a file of /proc, and is found out by reading. */
extern size_t input_waits(int fd);

/* How much a pipe holds, in bytes. */
extern size_t input_pipe_size(int fd);

/* Reads up to most bytes from what poll(2) has just said to be readable. Returns how many; 0 at the end of
 * input; -1 with errno, EAGAIN if none wait. What of a datagram is beyond most is lost. */
extern ssize_t input_read(int fd, input_kind kind, char *buf, size_t most);

/* Memory for size bytes of input, a multiple of a page; to be freed. Kernels copy faster to the beginning of
 * a page: a log read from a file took 8 % less processor time. Returns 0 with errno ENOMEM. */
extern char *input_buffer(size_t size);

#ifdef POLLRDHUP
#define INPUT_ENDS POLLRDHUP
#else
#define INPUT_ENDS 0 /* what to poll for to be told of the end of input alone; POLLHUP always comes */
#endif

#endif
