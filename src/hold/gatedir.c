#include "hold/gatedir.h"
#include "hold/folder.h"
#include "hold/list_file.h"
#include <errno.h>
#include <fcntl.h>
#include <skalibs/djbunix.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char const temporary[] = ".held.file", fold_file[] = ".fold", fold_new[] = ".fold.new";

typedef enum {
  FILE_FAILED, /* with errno; nothing was done, or it is not known whose the file is */
  FILE_OURS,   /* done */
  FILE_THERE,  /* one of ours was there already */
  FILE_FOREIGN,
  FILE_NONE /* it was not there */
} file_answer;

/* If open(2) fails so, is the file certainly not one that we made? */
static int is_strange(int e)
{
  return e == EINVAL || e == ELOOP || e == ENXIO || e == EACCES || e == EPERM;
}

/* Whose is the file? */
static file_answer whose(int folder, held const *h)
{
  stralloc text = STRALLOC_ZERO;
  size_t len = strlen(h->text);
  file_answer answer = FILE_FOREIGN;
  int e;

  if (!folder_read(folder, h->name, &text, (off_t)len + 1))
    answer = is_strange(errno) ? FILE_FOREIGN : errno == ENOENT ? FILE_NONE : FILE_FAILED;
  else if (text.len == len + 1 && !memcmp(text.s, h->text, len) && text.s[len] == '\n')
    answer = FILE_OURS;
  e = errno;
  stralloc_free(&text);
  errno = e;
  return answer;
}

static file_answer remove_file(int folder, held const *h)
{
  file_answer answer = whose(folder, h);

  return answer == FILE_OURS && unlinkat(folder, h->name, 0) < 0 ? FILE_FAILED : answer;
}

/* Its text is on the disk before its name is: after a crash it is seen to be ours. */
static int write_temporary(int folder, held *h)
{
  size_t len = strlen(h->text);
  int ok;

  h->text[len] = '\n';
  ok = folder_write(folder, temporary, (span){h->text, len + 1}, 0644, 1);
  h->text[len] = 0;
  return ok;
}

/* One of ours that is there already, from before a crash, will do. */
static file_answer make_file(int folder, held *h)
{
  file_answer answer;

  if (!write_temporary(folder, h))
    return FILE_FAILED;
  if (!linkat(folder, temporary, folder, h->name, 0))
    return FILE_OURS;
  if (errno != EEXIST)
    return FILE_FAILED;
  answer = whose(folder, h);
  if (answer == FILE_NONE) /* gone just now: it is tried again */
    return FILE_FAILED;
  return answer == FILE_OURS ? FILE_THERE : answer;
}

void gatedir_open(gatedir *g)
{
  g->fd = -1;
  g->is_loaded = g->is_known = 0;
  g->answer = GATEDIR_OK;
  g->again = INT64_MIN;
}

static void close_it(gatedir *g)
{
  fd_close(g->fd);
  g->fd = -1;
}

static gatedir_answer load(gatedir *g, holds *all)
{
  int odd = 0, ok = list_read(g->fd, all, !g->is_loaded, &odd);

  if (odd)
    (*g->failed)(g->to, GATEDIR_ODD);
  if (!ok)
    return GATEDIR_UNREAD;
  g->is_loaded = g->is_known = 1;
  return GATEDIR_OK;
}

static void want_again(holds *all)
{
  for (size_t i = 0; i < all->len; i++)
    if (all->at[i]->state == HELD_MADE)
      all->at[i]->state = HELD_WANTED;
  all->new_fold |= all->fold.len != 0;
  all->changed = 1;
}

static void see_what_is_gone(gatedir *g, holds *all)
{
  struct stat st;

  for (size_t i = 0; i < all->len; i++) {
    held *h = all->at[i];
    if (h->state != HELD_MADE || fstatat(g->fd, h->name, &st, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT)
      continue;
    (*g->told)(g->to, GATEDIR_BY_HAND, h);
    h->state = HELD_NONE;
    h->until = h->expires = HELD_FOREVER;
    held_settle(h);
    all->changed = 1;
  }
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
      (*g->failed)(g->to, GATEDIR_SHUT);
    else if (st.st_mode & S_IROTH)
      (*g->failed)(g->to, GATEDIR_LISTED);
    return GATEDIR_OK;
  }
  close_it(g);
  return errno == EWOULDBLOCK ? GATEDIR_BUSY : GATEDIR_MISSING;
}

static gatedir_answer look(gatedir *g, holds *all)
{
  gatedir_answer answer;

  if (g->fd >= 0 && !is_same(g))
    close_it(g);
  if (g->fd < 0) {
    answer = open_it(g);
    if (answer != GATEDIR_OK)
      return answer;
    g->is_known = 0;
    if (g->is_loaded)
      want_again(all);
  }
  answer = g->is_known ? GATEDIR_OK : load(g, all);
  if (answer == GATEDIR_OK)
    see_what_is_gone(g, all);
  return answer;
}

static int take_away(gatedir *g, held *h, holds *all)
{
  file_answer answer = remove_file(g->fd, h);

  if (answer == FILE_FAILED)
    return 0;
  if (answer != FILE_NONE)
    (*g->told)(g->to, answer == FILE_OURS ? GATEDIR_LET_GO : GATEDIR_FOREIGN, h);
  h->state = HELD_NONE;
  held_settle(h);
  all->changed = 1;
  return 1;
}

/* A key that is held by hand counts as released: its open episodes are remembered, and only a new one holds
 * it again. */
static int make(gatedir *g, held *h, holds *all)
{
  file_answer answer = make_file(g->fd, h);
  int is_ours = answer == FILE_OURS || answer == FILE_THERE;

  if (answer == FILE_FAILED)
    return 0;
  h->state = is_ours ? HELD_MADE : HELD_NONE;
  all->changed = 1;
  if (answer != FILE_THERE)
    (*g->told)(g->to, is_ours ? GATEDIR_HELD : GATEDIR_FOREIGN, h);
  held_settle(h);
  return 1;
}

/* Tries them all: one that cannot be made holds back no other. If *e is 0, it becomes the first errno. */
static void each(gatedir *g, holds *all, held_state state, int *e)
{
  for (size_t i = 0; i < all->len; i++) {
    held *h = all->at[i];
    if (h->state == state && !(state == HELD_LEAVING ? take_away(g, h, all) : make(g, h, all)) && !*e)
      *e = errno;
  }
}

static int write_fold(gatedir const *g, holds *all)
{
  size_t len = all->fold.len;
  int ok;

  if (!all->new_fold)
    return 1;
  if (!len)
    ok = unlinkat(g->fd, fold_file, 0) == 0 || errno == ENOENT;
  else
    ok = stralloc_catb(&all->fold, "\n", 1) &&
         folder_write(g->fd, fold_new, (span){all->fold.s, len + 1}, 0644, 1) &&
         renameat(g->fd, fold_new, g->fd, fold_file) == 0;
  all->fold.len = len;
  all->new_fold = !ok;
  return ok;
}

static gatedir_answer keep(gatedir *g, holds *all)
{
  int e = write_fold(g, all) ? 0 : errno;

  each(g, all, HELD_LEAVING, &e);
  if (all->changed && !list_write(g->fd, all, 1))
    return GATEDIR_LIST;
  each(g, all, HELD_WANTED, &e);
  if (all->changed) { /* files were made */
    unlinkat(g->fd, temporary, 0);
    if (!list_write(g->fd, all, 0))
      return GATEDIR_LIST;
  }
  holds_sweep(all);
  errno = e;
  return e ? GATEDIR_FILE : GATEDIR_OK;
}

#define RETRY_NS SECOND
#define FIRST_RETRY_NS (SECOND / 20) /* what fails once may well succeed at once */

int gatedir_is_ready(gatedir const *g)
{
  return g->is_dry || g->is_loaded;
}

int gatedir_works(gatedir const *g)
{
  return g->answer == GATEDIR_OK;
}

static void answered(gatedir *g, gatedir_answer answer, int64_t now)
{
  int is_new = answer != g->answer;

  g->answer = answer;
  g->again = now + (answer == GATEDIR_OK ? GATEDIR_LOOK_NS : is_new ? FIRST_RETRY_NS : RETRY_NS);
  if (answer != GATEDIR_OK && is_new)
    (*g->failed)(g->to, answer);
}

int gatedir_look(gatedir *g, holds *all, int64_t now)
{
  gatedir_answer answer;

  if (g->is_dry)
    return 1;
  answer = look(g, all);
  if (answer != GATEDIR_OK)
    answered(g, answer, now);
  return answer == GATEDIR_OK;
}

/* As if all that is to be done had been done. */
static void keep_dry(gatedir const *g, holds *all)
{
  for (size_t i = 0; i < all->len; i++) {
    held *h = all->at[i];
    if (h->state == HELD_WANTED || h->state == HELD_LEAVING) {
      int is_wanted = h->state == HELD_WANTED;
      (*g->told)(g->to, is_wanted ? GATEDIR_HELD : GATEDIR_LET_GO, h);
      h->state = is_wanted ? HELD_MADE : HELD_NONE;
    }
    held_settle(h);
  }
  holds_sweep(all);
  all->changed = 0;
}

void gatedir_keep(gatedir *g, holds *all, int64_t now)
{
  if (g->is_dry)
    keep_dry(g, all);
  else
    answered(g, keep(g, all), now);
}
