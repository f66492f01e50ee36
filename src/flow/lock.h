/* lock.h - looks at a lock without ever taking it: whoever would have it in that instant must get it. */
#ifndef FLOW_LOCK_H
#define FLOW_LOCK_H

/* Does another process hold a lock on the file that fd is open on? multilog and svlogd lock by flock(2),
 * which only /proc/locks (proc_locks(5)) shows without taking; where that is not there, such a lock is not
 * seen. s6-log locks by fcntl(2). */
extern int lock_is_held(int fd);

#endif
