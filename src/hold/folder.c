#include "hold/folder.h"
#include <errno.h>
#include <fcntl.h>
#include <skalibs/allreadwrite.h>
#include <skalibs/djbunix.h>
#include <sys/stat.h>
#include <unistd.h>

int folder_read(int folder, char const *name, stralloc *text, off_t most)
{
  int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), ok;
  struct stat st;

  if (fd < 0)
    return 0;
  ok = fstat(fd, &st) == 0;
  if (ok && (!S_ISREG(st.st_mode) || st.st_size > most)) {
    errno = EINVAL;
    ok = 0;
  }
  ok = ok && slurp(text, fd);
  fd_close(fd);
  return ok;
}

int folder_write(int folder, char const *name, span text, mode_t mode, int sync)
{
  int fd, ok;

  if (unlinkat(folder, name, 0) < 0 && errno != ENOENT)
    return 0;
  fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return 0;
  ok = fchmod(fd, mode) == 0 && allwrite(fd, text.s, text.len) == text.len && (!sync || fd_sync(fd) == 0);
  fd_close(fd);
  return ok;
}
