/* qmail_queue.h - the program that is the real qmail-queue: its start, its envelope's way in, its end.
 *
 * It inherits all that we were given, the message on descriptor 0 first of all. Only its descriptor 1 is a
 * pipe of ours, and one more that tells it of our end. No memory is asked for: we may run under a
 * softlimit(8) that is just what it needs. */
#ifndef GATE_QMAIL_QUEUE_H
#define GATE_QMAIL_QUEUE_H

#include <poll.h>
#include <signal.h>
#include <sys/types.h>

#define QUEUE_CRASHED 81 /* exit code by which qmail-queue(8) says that it is broken: try again later */

typedef struct {
  pid_t pid;
  int tie;          /* see queue_tie */
  int to;           /* the pipe it reads the envelope from; never blocks; -1: closed */
  int code;         /* once it has ended */
  sigset_t waiting; /* only under this mask signals come: its end, and those that are for it */
} queue;

/* Starts program, with another descriptor 1; ours, which is closed here, is *envelope from then on. Returns
 * 1, or 0 with errno and everything as it was before. */
extern int queue_start(queue *q, char const *program, int *envelope);

/* To be called before the end of a whole envelope is written: if we get SIGKILL from then on, the program
 * gets SIGALRM, by which qmail-queue(8) gives up when it takes too long. For the client then sees a failure
 * and sends the message again. */
extern void queue_tie(queue *q);

/* The envelope ends here, whole or not. */
extern void queue_end(queue *q);

/* Returns whether the program has ended; its code is known then, and it may be asked again. */
extern int queue_ended(queue *q);

/* Waits for one of the descriptors, or for a signal. Returns 0 with errno as ppoll(2) does. */
extern int queue_poll(queue const *q, struct pollfd *fd, nfds_t len);

/* Waits for its end. */
extern void queue_wait(queue *q);

#endif
