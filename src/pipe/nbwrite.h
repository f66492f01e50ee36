/* timed.h - a write that is interrupted if it waits: the last resort for a descriptor that is shared and
 * cannot be opened anew. */

/* reopen.h - an open description of our own of what a descriptor is open on.
 *
 * O_NONBLOCK belongs to the open description, which other processes share; with a second one it is ours
 * alone.
 */

/* sink.h - a descriptor that is written to without ever blocking, whoever else writes to it and whether or
 * not anybody reads it.
 *
 * O_NONBLOCK is never set on it, since it is shared with other processes. What poll(2) promises does not hold
 * for long: another writer comes between, and a terminal takes a part and then waits. */
#ifndef PIPE_NBWRITE_H
#define PIPE_NBWRITE_H

#include <sys/types.h>

/* Writes some of the bytes if poll(2) says that fd takes some, and gives up after a few milliseconds if it
 * does not after all. Returns how many bytes, or -1 with errno, EAGAIN if that is none. Uses SIGRTMIN. */
extern ssize_t timed_write(int fd, char const *bytes, size_t len);

/* Opens anew, for writing and with O_NONBLOCK, the pipe or device that fd is open on, through /proc/self/fd.
 * Returns the new descriptor, which is the caller's, or -1: /proc is not there, it is not permitted, or what
 * would be opened is another one, as with the master of a pseudo-terminal. */
extern int reopen(int fd);

typedef enum {
  SINK_FILE,   /* nobody is waited for: a file, or an open description of our own with O_NONBLOCK */
  SINK_SOCKET, /* MSG_DONTWAIT */
  SINK_PIPE,   /* splice(2) from a pipe of our own, with SPLICE_F_NONBLOCK */
  SINK_TIMED   /* none of this can be had: a timer interrupts the write that waits */
} sink_kind;

typedef enum {
  SINK_LINES, /* up to PIPE_BUF bytes at a time, which a pipe takes whole or not at all */
  SINK_BULK   /* any number of bytes, of which a part may be taken */
} sink_use;

typedef struct {
  int fd; /* what to poll for output */
  int given;
  sink_kind kind;
  int private[2]; /* of SINK_PIPE; else -1 */
  size_t loaded;  /* bytes of the last line that are still in it */
} sink;

/* Makes a sink of fd, which stays the caller's. What cannot be had (a descriptor, permission) is done
 * without.
 */
extern void sink_open(sink *s, int fd, sink_use use);

/* The same for a descriptor that nobody shares and that has O_NONBLOCK. */
extern void sink_open_own(sink *s, int fd);
extern void sink_close(sink *s);

/* Writes what is taken at once. Returns how many bytes, or -1 with errno, EAGAIN if that is none. The next
 * call goes on with the rest, unless sink_forget comes before it. */
extern ssize_t sink_write(sink *s, char const *bytes, size_t len);

/* The rest of the line will not be written. */
extern void sink_forget(sink *s);

#endif
