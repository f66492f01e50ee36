/* interpose_file.h - the calls of interpose.c that have to do with files by name, and with what is on the
 * disk. */

#ifndef INTERPOSE_FILE_H
#define INTERPOSE_FILE_H

#include <dirent.h>
#include <sys/file.h>
#include <sys/stat.h>

extern int openat(int dir, char const *name, int flags, ...)
{
  unsigned mode;

  SPOIL_ARGUMENT(mode, unsigned, flags);
  SPOIL("open", -1);
  return (int)syscall(SYS_openat, dir, name, flags, mode);
}

extern int open(char const *name, int flags, ...)
{
  unsigned mode;

  SPOIL_ARGUMENT(mode, unsigned, flags);
  SPOIL("open", -1);
  return (int)syscall(SYS_openat, AT_FDCWD, name, flags, mode);
}

extern struct dirent *readdir(DIR *d)
{
  union {
    void *object;
    struct dirent *(*function)(DIR *);
  } real;

  SPOIL("readdir", 0);
  real.object = dlsym(RTLD_NEXT, "readdir");
  return (*real.function)(d);
}

extern int fsync(int fd)
{
  SPOIL("fsync", -1);
  return (int)syscall(SYS_fsync, fd);
}

extern int renameat(int from, char const *old, int to, char const *name)
{
  SPOIL("rename", -1);
  return (int)syscall(SYS_renameat, from, old, to, name);
}

extern int linkat(int from, char const *old, int to, char const *name, int flags)
{
  SPOIL("link", -1);
  return (int)syscall(SYS_linkat, from, old, to, name, flags);
}

extern int unlinkat(int dir, char const *name, int flags)
{
  SPOIL("unlink", -1);
  return (int)syscall(SYS_unlinkat, dir, name, flags);
}

extern int flock(int fd, int operation)
{
  SPOIL("flock", -1);
  return (int)syscall(SYS_flock, fd, operation);
}

extern int stat(char const *name, struct stat *st)
{
  SPOIL("stat", -1);
  return (int)syscall(SYS_newfstatat, AT_FDCWD, name, st, 0);
}

extern int lstat(char const *name, struct stat *st)
{
  SPOIL("stat", -1);
  return (int)syscall(SYS_newfstatat, AT_FDCWD, name, st, AT_SYMLINK_NOFOLLOW);
}

extern int fstat(int fd, struct stat *st)
{
  SPOIL("stat", -1);
  return (int)syscall(SYS_fstat, fd, st);
}

#endif
