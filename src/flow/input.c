#include "flow/input.h"
#include <limits.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096

char *input_buffer(size_t size)
{
  return aligned_alloc(PAGE, size);
}

int input_is_file(int fd)
{
  struct stat st;
  return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

int input_waits(int fd)
{
  int n;

  if (ioctl(fd, FIONREAD, &n) < 0)
    return -1;
  return n < 0 ? INT_MAX : n; /* of a file, more than an int can tell */
}

int input_ended(int fd)
{
  struct pollfd p = {.fd = fd, .events = POLLIN | INPUT_ENDS};
  struct stat st;

  if (input_is_file(fd)) /* FIONREAD gives its size modulo 2^32 */
    return fstat(fd, &st) < 0 || lseek(fd, 0, SEEK_CUR) >= st.st_size;
  return poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | INPUT_ENDS)) && input_waits(fd) == 0;
}
