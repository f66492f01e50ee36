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

static char const temporary[] = ".held.file";

/* Is what cannot be opened for this reason surely none that we made? */
static int is_strange(int e)
{
  return e == EINVAL || e == ELOOP || e == ENXIO || e == EACCES || e == EPERM;
}

/* Whose is the file? */
static heldfile_answer whose(int folder, held const *h)
{
  stralloc text = STRALLOC_ZERO;
  size_t len = strlen(h->text);
  heldfile_answer answer = HELDFILE_FOREIGN;
  int e;

  if (!folder_read(folder, h->name, &text, (off_t)len + 1))
    answer = is_strange(errno) ? HELDFILE_FOREIGN : errno == ENOENT ? HELDFILE_NONE : HELDFILE_FAILED;
  else if (text.len == len + 1 && !memcmp(text.s, h->text, len) && text.s[len] == '\n')
    answer = HELDFILE_OURS;
  e = errno;
  stralloc_free(&text);
  errno = e;
  return answer;
}

heldfile_answer heldfile_remove(int folder, held const *h)
{
  heldfile_answer answer = whose(folder, h);

  return answer == HELDFILE_OURS && unlinkat(folder, h->name, 0) < 0 ? HELDFILE_FAILED : answer;
}

/* Its text is on the disk before its name is: after a crash it is seen to be ours. */
static int write_temporary(int folder, held *h)
{
  size_t len = strlen(h->text);
  int fine;

  h->text[len] = '\n';
  fine = folder_write(folder, temporary, (span){h->text, len + 1}, 1);
  h->text[len] = 0;
  return fine;
}

heldfile_answer heldfile_make(int folder, held *h)
{
  heldfile_answer answer;

  if (!write_temporary(folder, h))
    return HELDFILE_FAILED;
  if (!linkat(folder, temporary, folder, h->name, 0))
    return HELDFILE_OURS;
  if (errno != EEXIST)
    return HELDFILE_FAILED;
  answer = whose(folder, h);
  return answer == HELDFILE_NONE ? HELDFILE_FAILED : answer; /* gone just now: it is tried again */
}

void heldfile_tidy(int folder)
{
  unlinkat(folder, temporary, 0);
}

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

static gatedir_answer load(gatedir *g, roll *r)
{
  int odd = 0, fine = ledger_read(g->fd, r, !g->loaded, &odd);

  if (odd)
    g->remark = GATEDIR_ODD;
  if (!fine)
    return GATEDIR_UNREAD;
  g->loaded = g->known = 1;
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
  int e;

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
  e = errno;
  gatedir_close(g);
  errno = e;
  return e == EWOULDBLOCK ? GATEDIR_BUSY : GATEDIR_MISSING;
}

gatedir_answer gatedir_ready(gatedir *g, roll *r)
{
  if (g->fd >= 0 && !is_same(g))
    gatedir_close(g);
  if (g->fd < 0) {
    gatedir_answer answer = open_it(g);
    if (answer != GATEDIR_FINE)
      return answer;
    g->known = 0;
    if (g->loaded)
      want_again(r);
  }
  return g->known ? GATEDIR_FINE : load(g, r);
}

static int take_away(gatedir *g, held *h, roll *r)
{
  heldfile_answer answer = heldfile_remove(g->fd, h);

  if (answer == HELDFILE_FAILED)
    return 0;
  if (answer != HELDFILE_NONE)
    (*g->tell)(g->to, answer == HELDFILE_OURS ? GATEDIR_LET_GO : GATEDIR_FOREIGN, h);
  h->state = HELD_NONE;
  held_settle(h);
  r->changed = 1;
  return 1;
}

static int make(gatedir *g, held *h)
{
  heldfile_answer answer = heldfile_make(g->fd, h);
  int ours = answer == HELDFILE_OURS;

  if (answer == HELDFILE_FAILED)
    return 0;
  h->state = ours ? HELD_MADE : HELD_GONE;
  (*g->tell)(g->to, ours ? GATEDIR_HELD : GATEDIR_FOREIGN, h);
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

  if (r->changed && !ledger_write(g->fd, r, 1))
    return GATEDIR_LIST;
  if (!each(g, r, HELD_WANTED, &made) && fine) {
    fine = 0;
    e = errno;
  }
  if (made) {
    heldfile_tidy(g->fd);
    if (!ledger_write(g->fd, r, 0))
      return GATEDIR_LIST;
  }
  roll_sweep(r);
  errno = e;
  return fine ? GATEDIR_FINE : GATEDIR_FILE;
}

#define RETRY SECOND
#define SOON (SECOND / 20) /* what fails once may well succeed at once */

void upkeep_open(upkeep *u, upkeep_trouble *trouble, void *to)
{
  u->trouble = trouble;
  u->to = to;
  u->answer = u->last = GATEDIR_FINE;
  u->again = INT64_MIN;
}

int upkeep_ready(upkeep const *u)
{
  return u->dry || u->gate.loaded;
}

int upkeep_fine(upkeep const *u)
{
  return u->answer == GATEDIR_FINE;
}

static void answered(upkeep *u, gatedir_answer answer, int64_t now)
{
  u->answer = answer;
  u->again = now + (answer == GATEDIR_FINE ? UPKEEP_LOOK : answer == u->last ? RETRY : SOON);
  if (answer != GATEDIR_FINE && answer != u->last)
    (*u->trouble)(u->to, answer);
}

int upkeep_look(upkeep *u, roll *r, int64_t now)
{
  gatedir_answer answer;

  if (u->dry)
    return 1;
  u->last = u->answer;
  answer = gatedir_ready(&u->gate, r);
  if (u->gate.remark != GATEDIR_FINE)
    (*u->trouble)(u->to, u->gate.remark);
  u->gate.remark = GATEDIR_FINE;
  if (answer != GATEDIR_FINE)
    answered(u, answer, now);
  return answer == GATEDIR_FINE;
}

/* As if all that is to be done had been done. */
static void do_dry(upkeep const *u, roll *r)
{
  for (size_t i = 0; i < r->len; i++) {
    held *h = r->at[i];
    if (h->state == HELD_WANTED || h->state == HELD_LEAVING) {
      (*u->gate.tell)(u->gate.to, h->state == HELD_WANTED ? GATEDIR_HELD : GATEDIR_LET_GO, h);
      h->state = h->state == HELD_WANTED ? HELD_MADE : HELD_NONE;
    }
    held_settle(h);
  }
  roll_sweep(r);
  r->changed = 0;
}

void upkeep_do(upkeep *u, roll *r, int64_t now)
{
  if (u->dry)
    do_dry(u, r);
  else
    answered(u, gatedir_keep(&u->gate, r), now);
}
