/* crowd_check.h - what crowd finds out at its end: is what was taken what was sent, and only that? */

#ifndef CROWD_CHECK_H
#define CROWD_CHECK_H

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crowd.h"

/* Reads a whole file; free() it. */
static inline char *file_read(char const *dir, char const *name, size_t *len)
{
  char path[8192];
  struct stat st;
  char *s = 0;
  int fd;

  (void)snprintf(path, sizeof path, "%s/%s", dir, name);
  fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd >= 0 && fstat(fd, &st) == 0) {
    *len = (size_t)st.st_size;
    s = malloc(*len + 1);
    if (s && read(fd, s, *len) == (ssize_t)*len)
      s[*len] = 0;
  }
  (void)close(fd);
  if (!s)
    exit(111);
  return s;
}

/* Each file, of a message or of an envelope, is that of a message that ended with 0, and of no other. */
static inline unsigned taken_wrong(char const *dir, int const *code, unsigned char *seen, unsigned count)
{
  unsigned wrong = 0;
  DIR *d = opendir(dir);
  struct dirent const *e;

  if (!d)
    exit(111);
  while ((e = readdir(d)) != 0) {
    size_t name = strlen(e->d_name), message_len, cover_len;
    char cover_name[256], *message, *cover;
    unsigned number = count;
    mail m;
    if (*e->d_name == '.' || e->d_name[name - 1] != 'm')
      continue;
    (void)snprintf(cover_name, sizeof cover_name, "%.*se", (int)name - 1, e->d_name);
    message = file_read(dir, e->d_name, &message_len);
    cover = file_read(dir, cover_name, &cover_len);
    if (sscanf(message, "number %u\n", &number) != 1 || number >= count)
      exit(111);
    mail_make(&m, number);
    if (seen[number]++ || code[number] || m.message_len != message_len || m.cover_len != cover_len ||
        memcmp(m.message, message, message_len) != 0 || memcmp(m.cover, cover, cover_len) != 0) {
      printf("# number %u was taken and is wrong (exit code %d)\n", number, code[number]);
      wrong++;
    }
    mail_free(&m);
    free(message);
    free(cover);
  }
  (void)closedir(d);
  return wrong;
}

/* All that was started is below us, so what is left after a while should not be there. */
static inline unsigned processes_left(void)
{
  unsigned left = 0;

  for (int ms = 0; ms < 5000; ms++) {
    pid_t pid;
    while ((pid = waitpid(-1, 0, WNOHANG)) > 0)
      ;
    if (pid < 0)
      return 0;
    (void)poll(0, 0, 1);
  }
  while (waitpid(-1, 0, WNOHANG) == 0 && left < 1)
    left++;
  return left;
}

#endif
