/* reopen.h - an open description of our own of what a descriptor is open on.
 *
 * O_NONBLOCK belongs to the open description, which other processes share; with a second one it is ours
 * alone.
 */
#ifndef FLOW_REOPEN_H
#define FLOW_REOPEN_H

/* Opens anew, for writing and with O_NONBLOCK, the pipe or device that fd is open on, through /proc/self/fd.
 * Returns the new descriptor, which is the caller's, or -1: /proc is not there, it is not permitted, or what
 * would be opened is another one, as with the master of a pseudo-terminal. */
extern int reopen(int fd);

#endif
