/* interpose.c - preloaded library that spoils the Nth call of one kind. For tests only; glibc.
 *
 * FAULT_CALL: read, write, tee, splice, poll, pipe2, fcntl, malloc (every allocator), clock, ...; any: each
 * of them for kill, else those that a signal can interrupt; or every: each of them
 *
 * FAULT_NTH: which call, from 1; FAULT_TIMES: how many calls in a row from there (default 1)
 *
 * FAULT_DO: an errno (EINTR EAGAIN ENOMEM ENOBUFS EIO ENOSPC EMFILE ENOSYS EINVAL EPERM), short, or kill
 * (SIGKILL before the call)
 *
 * FAULT_FD: only reads and writes of this descriptor
 *
 * FAULT_ONLY: the program it is meant for, by its short name; others are left alone
 *
 * FAULT_MARK: this file is made when the fault happens
 *
 * FAULT_LATE: a splice that finds a full pipe says so only when the reader has taken all.
 * short makes read, write, tee and splice move one byte at most. Only calls after main() began are counted.
 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "interpose.h"
#include "interpose_file.h"
#include "interpose_start.h"

/* From here on no call fails: for a program that writes down at its end what it has done. */
extern void spoil_end(void);

extern void spoil_end(void)
{
  spoil.call = 0;
}

extern ssize_t read(int fd, void *s, size_t n)
{
  SPOIL_FD("read", fd);
  return syscall(SYS_read, fd, s, spoil_short(n));
}

extern ssize_t readv(int fd, struct iovec const *v, int n)
{
  SPOIL_FD("read", fd);
  return syscall(SYS_readv, fd, v, n);
}

extern ssize_t write(int fd, void const *s, size_t n)
{
  SPOIL_FD("write", fd);
  return syscall(SYS_write, fd, s, spoil_short(n));
}

extern ssize_t writev(int fd, struct iovec const *v, int n)
{
  SPOIL_FD("write", fd);
  return syscall(SYS_writev, fd, v, n);
}

/* What a socket is read and written by. */
extern ssize_t recv(int fd, void *s, size_t n, int flags)
{
  SPOIL_FD("read", fd);
  return syscall(SYS_recvfrom, fd, s, spoil_short(n), flags, 0, 0);
}

extern ssize_t send(int fd, void const *s, size_t n, int flags)
{
  SPOIL_FD("write", fd);
  return syscall(SYS_sendto, fd, s, spoil_short(n), flags, 0, 0);
}

extern ssize_t tee(int in, int out, size_t n, unsigned flags)
{
  SPOIL("tee", -1);
  return syscall(SYS_tee, in, out, spoil_short(n), flags);
}

/* At most for a tenth of a second, until all in this pipe is read. */
static void wait_for_reader(int pipe)
{
  struct timespec const t = {.tv_nsec = 1000000};
  int unread;

  for (int i = 0; i < 100 && syscall(SYS_ioctl, pipe, FIONREAD, &unread) == 0 && unread; i++)
    (void)syscall(SYS_nanosleep, &t, 0);
}

extern ssize_t splice(int in, off64_t *inoff, int out, off64_t *outoff, size_t n, unsigned flags)
{
  long moved;

  SPOIL("splice", -1);
  moved = syscall(SYS_splice, in, inoff, out, outoff, spoil_short(n), flags);
  if (moved < 0 && errno == EAGAIN && getenv("FAULT_LATE")) {
    wait_for_reader(out);
    errno = EAGAIN;
  }
  return moved;
}

extern ssize_t vmsplice(int fd, struct iovec const *v, size_t n, unsigned flags)
{
  SPOIL("splice", -1);
  return syscall(SYS_vmsplice, fd, v, n, flags);
}

extern int poll(struct pollfd *x, nfds_t n, int timeout)
{
  SPOIL("poll", -1);
  return (int)syscall(SYS_poll, x, n, timeout);
}

extern int ppoll(struct pollfd *x, nfds_t n, struct timespec const *timeout, sigset_t const *mask)
{
  struct timespec left = timeout ? *timeout : (struct timespec){0};

  SPOIL("poll", -1);
  return (int)syscall(SYS_ppoll, x, n, timeout ? &left : 0, mask, 8);
}

extern int pipe2(int p[2], int flags)
{
  SPOIL("pipe2", -1);
  return (int)syscall(SYS_pipe2, p, flags);
}

extern int pipe(int p[2])
{
  SPOIL("pipe2", -1);
  return (int)syscall(SYS_pipe2, p, 0);
}

extern int fcntl(int fd, int command, ...)
{
  long arg;

  SPOIL_ARGUMENT(arg, long, command);
  SPOIL("fcntl", -1);
  return (int)syscall(SYS_fcntl, fd, command, arg);
}

extern int ioctl(int fd, unsigned long request, ...)
{
  long arg;

  SPOIL_ARGUMENT(arg, long, request);
  SPOIL("ioctl", -1);
  return (int)syscall(SYS_ioctl, fd, request, arg);
}

extern pid_t waitpid(pid_t pid, int *status, int options)
{
  if (!(options & WNOHANG))
    SPOIL("waitpid", -1);
  return (pid_t)syscall(SYS_wait4, pid, status, options, 0);
}

extern int clock_gettime(clockid_t clock, struct timespec *ts)
{
  SPOIL("clock", -1);
  return (int)syscall(SYS_clock_gettime, clock, ts);
}

extern int close(int fd)
{
  int const spoilt = spoil_now("close"), error = errno;
  int const done = (int)syscall(SYS_close, fd); /* Linux closes it, whatever it answers */

  errno = spoilt ? error : errno;
  return spoilt ? -1 : done;
}
