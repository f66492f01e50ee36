/* rollfile.h - the roll as text, as it is kept in GATE. */

/* ledger.h - the roll in an open folder: the file .held, replaced whole. */
#ifndef HOLD_LIST_FILE_H
#define HOLD_LIST_FILE_H

#include "hold/holds.h"
#include <skalibs/stralloc.h>

/* Appends the text to out. Returns 1, or 0 with errno ENOMEM. */
extern int rollfile_write(stralloc *out, roll const *r);

/* Reads text into *r, which is empty. Returns 1, or 0 with errno: ENOMEM, or EINVAL if a line is none that
 * was written so; what stands in the others is in *r all the same. */
extern int rollfile_read(roll *r, span text);

/* Adds to *r who stands in the list, if there is one. Of those who are in *r already, *r knows better but for
 * the text of their files. first: nothing was known before. *odd becomes 1 if there is something in the list
 * that was not understood, or is too much, and was passed over. Returns 1, or 0 with errno: to be called
 * again, for *r may have some of them. */
extern int ledger_read(int folder, roll *r, int first, int *odd);

/* Writes the list; sync: it is on the disk before this returns. Sets r->changed. Returns 1, or 0 with errno.
 */
extern int ledger_write(int folder, roll *r, int sync);

#endif
