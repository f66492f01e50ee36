#include "gate/gatedir.h"
#include "gate/rollfile.h"
#include <errno.h>
#include <fcntl.h>
#include <skalibs/allreadwrite.h>
#include <skalibs/djbunix.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char const list[] = ".held", list_new[] = ".held.new", file_new[] = ".held.file";

#define LIST_MAX ((off_t)1 << 30)

void gatedir_open(gatedir *g, char const *path, gatedir_tell *tell, void *to)
{
  *g = (gatedir){.path = path, .fd = -1, .remark = GATEDIR_FINE, .tell = tell, .to = to};
}

void gatedir_close(gatedir *g)
{
  if (g->fd >= 0)
    close(g->fd);
  g->fd = -1;
}

/* Closes fd, and keeps errno. */
static void drop(int fd)
{
  int e = errno;

  close(fd);
  errno = e;
}

/* Reads all of a regular file that is no link and has at most most bytes. Returns 1, or 0 with errno, EINVAL
 * if it is none. */
static int slurp_file(gatedir const *g, char const *name, stralloc *text, off_t most)
{
  int fd = openat(g->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), fine;
  struct stat st;

  if (fd < 0)
    return 0;
  fine = fstat(fd, &st) == 0;
  if (fine && (!S_ISREG(st.st_mode) || st.st_size > most)) {
    errno = EINVAL;
    fine = 0;
  }
  fine = fine && slurp(text, fd);
  drop(fd);
  return fine;
}

static gatedir_answer load(gatedir *g, roll *r)
{
  stralloc text = STRALLOC_ZERO;
  int fine = slurp_file(g, list, &text, LIST_MAX) || errno == ENOENT, e;

  if (fine && text.len && !rollfile_read(r, (span){text.s, text.len})) {
    fine = errno == EINVAL;
    g->remark = GATEDIR_ODD;
    r->changed = 1;
  }
  e = errno;
  stralloc_free(&text);
  if (!fine) {
    roll_close(r);
    errno = e;
    return GATEDIR_UNREAD;
  }
  for (size_t i = 0; i < r->len; i++)
    held_settle(r->at[i]);
  g->loaded = 1;
  return GATEDIR_FINE;
}

static void want_again(roll *r)
{
  for (size_t i = 0; i < r->len; i++)
    if (r->at[i]->state == HELD_MADE)
      r->at[i]->state = HELD_WANTED;
  r->changed = 1;
}

static int is_same(gatedir const *g)
{
  struct stat st;
  return stat(g->path, &st) == 0 && st.st_dev == g->device && st.st_ino == g->inode;
}

static gatedir_answer open_it(gatedir *g)
{
  struct stat st;

  g->fd = open(g->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (g->fd < 0)
    return GATEDIR_MISSING;
  if (fstat(g->fd, &st) == 0 && flock(g->fd, LOCK_EX | LOCK_NB) == 0) {
    g->device = st.st_dev;
    g->inode = st.st_ino;
    if (!(st.st_mode & S_IXOTH))
      g->remark = GATEDIR_SHUT;
    return GATEDIR_FINE;
  }
  drop(g->fd);
  g->fd = -1;
  return errno == EWOULDBLOCK ? GATEDIR_BUSY : GATEDIR_MISSING;
}

gatedir_answer gatedir_ready(gatedir *g, roll *r)
{
  if (g->fd >= 0 && !is_same(g))
    gatedir_close(g);
  if (g->fd < 0) {
    gatedir_answer answer = open_it(g);
    if (answer != GATEDIR_FINE)
      return answer;
    if (g->loaded)
      want_again(r);
  }
  return g->loaded ? GATEDIR_FINE : load(g, r);
}

/* Makes name, which must not be there, whole. sync: it is on the disk before this returns. */
static int write_file(gatedir const *g, char const *name, span text, int sync)
{
  int fd, fine;

  if (unlinkat(g->fd, name, 0) < 0 && errno != ENOENT)
    return 0;
  fd = openat(g->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return 0;
  fine = allwrite(fd, text.s, text.len) == text.len && (!sync || fd_sync(fd) == 0);
  drop(fd);
  return fine;
}

static int write_list(gatedir const *g, roll *r, int sync)
{
  stralloc text = STRALLOC_ZERO;
  int fine = rollfile_write(&text, r) && write_file(g, list_new, (span){text.s, text.len}, sync) &&
             renameat(g->fd, list_new, g->fd, list) == 0 && (!sync || fd_sync(g->fd) == 0),
      e = errno;

  stralloc_free(&text);
  errno = e;
  r->changed = !fine;
  return fine;
}

/* Is what cannot be opened for this reason surely none that we made? */
static int is_strange(int e)
{
  return e == EINVAL || e == ELOOP || e == ENXIO || e == EACCES || e == EPERM;
}

/* Is the file ours? Returns 1 or 0; -1 with errno if that cannot be known, ENOENT if it is not there. */
static int is_ours(gatedir const *g, held const *h)
{
  stralloc text = STRALLOC_ZERO;
  size_t len = strlen(h->text);
  int ours, e;

  if (slurp_file(g, h->name, &text, (off_t)len + 1))
    ours = text.len == len + 1 && !memcmp(text.s, h->text, len) && text.s[len] == '\n';
  else
    ours = is_strange(errno) ? 0 : -1;
  e = errno;
  stralloc_free(&text);
  errno = e;
  return ours;
}

static void tell(gatedir const *g, gatedir_event what, held const *h)
{
  (*g->tell)(g->to, what, h);
}

static int take_away(gatedir *g, held *h, roll *r)
{
  int ours = is_ours(g, h);

  if (ours < 0 ? errno != ENOENT : ours && unlinkat(g->fd, h->name, 0) < 0)
    return 0;
  if (ours >= 0)
    tell(g, ours ? GATEDIR_LET_GO : GATEDIR_FOREIGN, h);
  h->state = HELD_NONE;
  held_settle(h);
  r->changed = 1;
  return 1;
}

/* Its text is on the disk before its name is: after a crash it is seen to be ours. */
static int write_temporary(gatedir const *g, held *h)
{
  size_t len = strlen(h->text);
  int fine;

  h->text[len] = '\n';
  fine = write_file(g, file_new, (span){h->text, len + 1}, 1);
  h->text[len] = 0;
  return fine;
}

/* A file that is there already is the postmaster's, unless it is one of ours from before a crash. */
static int make(gatedir *g, held *h)
{
  int ours = 1;

  if (!write_temporary(g, h))
    return 0;
  if (linkat(g->fd, file_new, g->fd, h->name, 0) < 0)
    ours = errno == EEXIST ? is_ours(g, h) : -1;
  if (ours < 0)
    return 0;
  h->state = ours ? HELD_MADE : HELD_GONE;
  tell(g, ours ? GATEDIR_HELD : GATEDIR_FOREIGN, h);
  return 1;
}

/* Tries them all, so that one that cannot be made holds back no other. Returns 1, or 0 with the first errno.
 */
static int each(gatedir *g, roll *r, held_state state, size_t *done)
{
  int e = 0;

  for (size_t i = 0; i < r->len; i++) {
    held *h = r->at[i];
    if (h->state != state)
      continue;
    if (state == HELD_LEAVING ? take_away(g, h, r) : make(g, h))
      ++*done;
    else if (!e)
      e = errno;
  }
  errno = e;
  return !e;
}

gatedir_answer gatedir_keep(gatedir *g, roll *r)
{
  size_t gone = 0, made = 0;
  int fine = each(g, r, HELD_LEAVING, &gone), e = errno;

  if (r->changed && !write_list(g, r, 1))
    return GATEDIR_LIST;
  if (!each(g, r, HELD_WANTED, &made) && fine) {
    fine = 0;
    e = errno;
  }
  if (made) {
    unlinkat(g->fd, file_new, 0);
    if (!write_list(g, r, 0))
      return GATEDIR_LIST;
  }
  roll_sweep(r);
  errno = e;
  return fine ? GATEDIR_FINE : GATEDIR_FILE;
}
