/* warm.h - a warm start: shows a tap what a logger has stored, so that a restart forgets nothing.
 *
 * All of it is read (logdir.h), since an episode or a queued message can be older than any period. Whatever
 * goes wrong is a warning and a cold start, or a less warm one. */
#ifndef PIPE_WARM_H
#define PIPE_WARM_H

#include "watch/tap.h"

/* Does another process hold a lock on the file that fd is open on? Looks at the lock without taking it, since
 * a logger that asks for it in that instant must get it. multilog and svlogd lock by flock(2), which only
 * /proc/locks (proc_locks(5)) shows without taking; without that file such a lock is not seen. s6-log
 * locks by fcntl(2). */
extern int warm_lock_is_held(int fd);

#define WARM_WAIT_MS 5000 /* for who still writes to the directory */

/* Restores t, which has seen no line yet, from directory; alerts are not written meanwhile. stop is asked now
 * and then whether it is to end before its time. */
extern void warm_start(tap *t, char const *directory, int (*stop)(void *to), void *to);

#endif
