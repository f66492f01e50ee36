/* list_file.h - the list of who is held as it is kept in GATE: the file .held, replaced whole. */
#ifndef HOLD_LIST_FILE_H
#define HOLD_LIST_FILE_H

#include "hold/holds.h"

/* Appends len bytes of s, and end. Returns 1, or 0 with errno ENOMEM. */
extern int list_put(stralloc *out, char const *s, size_t len, char end);

/* Adds to *all who is in the list of the open folder, if there is one. What *all says of keys that it has
 * already stays, but the text of their files comes from the list. first: nothing was known before. *odd
 * becomes 1 if there is something in the list that was not understood, or is too much, and was passed over.
 * Returns 1, or 0 with errno: to be called again, for *all may have some of them. */
extern int list_read(int folder, holds *all, int first, int *odd);

/* Writes the list; sync: it is on the disk before this returns. all->changed becomes 0, or 1 if it fails.
 * Returns 1, or 0 with errno. */
extern int list_write(int folder, holds *all, int sync);

#endif
