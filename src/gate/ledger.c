#include "gate/ledger.h"
#include "gate/folder.h"
#include "gate/rollfile.h"
#include <errno.h>
#include <skalibs/djbunix.h>
#include <stdio.h>

static char const list[] = ".held", list_new[] = ".held.new";

#define LIST_MAX ((off_t)1 << 30)

/* What we know is newer than what stood in the list; but the files there have the texts of the list. Returns
 * 1, or 0 with errno ENOMEM: to be called again, with the whole list. */
static int take_over(roll *r, roll *other, int *odd)
{
  for (size_t i = 0; i < other->len; i++) {
    held *there = other->at[i], *h = roll_find(r, there->name);
    char *text = there->text;
    if (!h) {
      h = roll_add(r, there->name);
      if (!h && errno != E2BIG)
        return 0;
      if (!h) {
        *odd = 1;
        return 1;
      }
      h->state = there->state;
      h->reasons = there->reasons;
      there->reasons = 0;
    } else if (there->state != HELD_NONE && h->state != HELD_GONE)
      h->state = HELD_LEAVING;
    there->text = h->text;
    h->text = text;
    held_settle(h);
  }
  return 1;
}

int ledger_read(int folder, roll *r, int first, int *odd)
{
  stralloc text = STRALLOC_ZERO;
  roll there = {0};
  int fine = folder_read(folder, list, &text, LIST_MAX) || errno == ENOENT, e;

  if (fine && text.len && !rollfile_read(&there, (span){text.s, text.len})) {
    fine = errno == EINVAL;
    *odd = 1;
    r->changed = 1;
  }
  fine = fine && take_over(r, &there, odd);
  e = errno;
  if (fine && first)
    r->still = there.still;
  stralloc_free(&text);
  roll_close(&there);
  errno = e;
  return fine;
}

int ledger_write(int folder, roll *r, int sync)
{
  stralloc text = STRALLOC_ZERO;
  int fine = rollfile_write(&text, r) && folder_write(folder, list_new, (span){text.s, text.len}, sync) &&
             renameat(folder, list_new, folder, list) == 0 && (!sync || fd_sync(folder) == 0),
      e = errno;

  stralloc_free(&text);
  errno = e;
  r->changed = !fine;
  return fine;
}
