/* lock.h - looks at a lock without ever taking it: whoever would have it in that instant must get it. */

/* warm.h - a warm start: shows a tap what multilog, s6-log or svlogd has stored, so that a restart forgets
 * nothing.
 *
 * Files are read in the order in which they were written: @*.s and @*.u by name, previous, current. All of
 * each is read, since an episode or a queued message can be older than any period. Nothing here is ever
 * fatal. */
#ifndef PIPE_WARM_H
#define PIPE_WARM_H

#include "watch/tap.h"

/* Does another process hold a lock on the file that fd is open on? multilog and svlogd lock by flock(2),
 * which only /proc/locks (proc_locks(5)) shows without taking; where that is not there, such a lock is not
 * seen. s6-log locks by fcntl(2). */
extern int lock_is_held(int fd);

typedef enum {
  WARM_NO_DIRECTORY, /* it cannot be read, see errno */
  WARM_NO_FILE,      /* nor can this file */
  WARM_NO_STAMPS,    /* this file does not begin with a stamp, or is compressed */
  WARM_NO_EVENT,     /* nothing in the directory was understood */
  WARM_LOCKED        /* another process still writes to the directory after WARM_PATIENCE */
} warm_trouble;

#define WARM_PATIENCE 5000 /* milliseconds */

/* Told of everything that is left out; name is a file in the directory, or 0. */
typedef void warm_tell(void *to, warm_trouble what, char const *name);

/* Restores t, which has seen no line yet, from directory; alerts are not written meanwhile. */
extern void warm_start(tap *t, char const *directory, warm_tell *tell, void *to);

#endif
