#include "gate/heldfile.h"
#include "gate/folder.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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
