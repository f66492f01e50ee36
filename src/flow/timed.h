/* timed.h - a write that is interrupted if it waits: the last resort for a descriptor that is shared and
 * cannot be opened anew. */
#ifndef FLOW_TIMED_H
#define FLOW_TIMED_H

#include <sys/types.h>

/* Writes some of the bytes if poll(2) says that fd takes some, and gives up after a few milliseconds if it
 * does not after all. Returns how many bytes, or -1 with errno, EAGAIN if that is none. Uses SIGRTMIN. */
extern ssize_t timed_write(int fd, char const *bytes, size_t len);

#endif
