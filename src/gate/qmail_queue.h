/* queue.h - the program that is the real qmail-queue: its start, its envelope's way in, its end.
 *
 * It inherits all that we were given, the message on descriptor 0 first of all. Only its descriptor 1 is a
 * pipe of ours. */
#ifndef GATE_QMAIL_QUEUE_H
#define GATE_QMAIL_QUEUE_H

#include <sys/types.h>

#define QUEUE_CRASHED 81 /* exit code by which qmail-queue(8) says that it is broken: try again later */

typedef struct {
  pid_t pid;
  int to;      /* the pipe it reads the envelope from; never blocks; -1: closed */
  int signals; /* readable when a signal has come; -1: none of them is heard */
  int code;    /* once it has ended */
} queue;

/* Starts program. Returns 1, or 0 with errno and everything as it was before. */
extern int queue_start(queue *q, char const *program);

/* The envelope ends here, whole or not. */
extern void queue_end(queue *q);

/* Passes on the signals that have come. Returns whether the program has ended; its code is known then. */
extern int queue_ended(queue *q);

/* Waits for its end. Returns its exit code, QUEUE_CRASHED if there is none. */
extern int queue_wait(queue *q);

#endif
