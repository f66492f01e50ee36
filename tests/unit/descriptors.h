/* descriptors.h - what tests do with descriptors: count, close, fill and look into them. */
#ifndef TESTS_DESCRIPTORS_H
#define TESTS_DESCRIPTORS_H

#include "rows.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* How many are open, for tests that nothing stays open. */
static inline int descriptors(void)
{
  int n = 0;
  for (int fd = 0; fd < 256; fd++)
    n += fcntl(fd, F_GETFD) >= 0;
  return n;
}

/* Closes one that may be closed already, and then is -1. */
static inline void shut(int *fd)
{
  if (*fd >= 0)
    close(*fd);
  *fd = -1;
}

/* How many bytes wait in it. */
static inline int waiting(int fd)
{
  int n;
  assert_int_equal(ioctl(fd, FIONREAD, &n), 0);
  return n;
}

/* Writes zeros until it takes no more. Returns how many. */
static inline size_t fill(int fd)
{
  static char const page[4096];
  int flags = fcntl(fd, F_GETFL);
  size_t all = 0;
  ssize_t n;
  fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  for (size_t piece = sizeof page; piece; piece = piece > 1 ? 1 : 0)
    while ((n = write(fd, page, piece)) > 0)
      all += (size_t)n;
  fcntl(fd, F_SETFL, flags);
  return all;
}

#endif
