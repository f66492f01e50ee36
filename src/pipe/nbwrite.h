/* nbwrite.h - writes to a descriptor without ever blocking, also if other processes write to it and if its
 * reader takes nothing.
 *
 * O_NONBLOCK is never set on it, since it is shared with other processes. What poll(2) promises does not hold
 * for long: another writer comes between, and a terminal takes a part and then waits. Uses SIGRTMIN. */
#ifndef PIPE_NBWRITE_H
#define PIPE_NBWRITE_H

#include <sys/types.h>

typedef enum {
  NBWRITE_PLAIN,  /* a write does not wait: a file, or an open description of our own with O_NONBLOCK */
  NBWRITE_SOCKET, /* MSG_DONTWAIT */
  NBWRITE_SPLICE, /* splice(2) from a pipe of our own, with SPLICE_F_NONBLOCK */
  NBWRITE_TIMED   /* none of these is possible: a timer interrupts the write that waits */
} nbwrite_kind;

typedef enum {
  NBWRITE_LINES, /* up to PIPE_BUF bytes at a time, which a pipe takes whole or not at all */
  NBWRITE_BULK   /* any number of bytes, of which a part may be taken */
} nbwrite_use;

typedef struct {
  int fd; /* what to poll for output */
  int given;
  nbwrite_kind kind;
  int private[2]; /* of NBWRITE_SPLICE; else -1 */
  size_t loaded;  /* bytes of the last line that are still in it */
} nbwrite;

/* Prepares for writing to fd, which stays the caller's. If there is no descriptor left, or no permission, a
 * simpler kind is used. */
extern void nbwrite_open(nbwrite *w, int fd, nbwrite_use use);

/* The same for a descriptor that no other process has and that has O_NONBLOCK. */
extern void nbwrite_open_own(nbwrite *w, int fd);
extern void nbwrite_close(nbwrite *w);

/* Writes what is taken at once. Returns how many bytes, or -1 with errno, EAGAIN if that is none. The next
 * call goes on with the rest, unless nbwrite_forget comes before it. */
extern ssize_t nbwrite_some(nbwrite *w, char const *bytes, size_t len);

/* The rest of the line will not be written. */
extern void nbwrite_forget(nbwrite *w);

#endif
