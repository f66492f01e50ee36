/* folder.h - files in an open folder, read and written whole; links are not followed. */
#ifndef HOLD_FOLDER_H
#define HOLD_FOLDER_H

#include "base/span.h"
#include <skalibs/stralloc.h>
#include <sys/types.h>

/* Appends to text, which is the caller's, all of a regular file that has at most most bytes. Returns 1, or 0
 * with errno, EINVAL if it is none. */
extern int folder_read(int folder, char const *name, stralloc *text, off_t most);

/* Makes name anew, in the place of what is there, with that mode whatever the umask, and writes text into it.
 * sync: it is on the disk before this returns. Returns 1, or 0 with errno. */
extern int folder_write(int folder, char const *name, span text, mode_t mode, int sync);

#endif
