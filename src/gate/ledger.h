/* ledger.h - the roll in an open folder: the file .held, replaced whole. */
#ifndef GATE_LEDGER_H
#define GATE_LEDGER_H

#include "gate/roll.h"

/* Adds to *r who stands in the list, if there is one. Of those who are in *r already, *r knows better but for
 * the text of their files. first: nothing was known before. *odd becomes 1 if there is something in the list
 * that was not understood, or is too much, and was passed over. Returns 1, or 0 with errno: to be called
 * again, for *r may have some of them. */
extern int ledger_read(int folder, roll *r, int first, int *odd);

/* Writes the list; sync: it is on the disk before this returns. Sets r->changed. Returns 1, or 0 with errno.
 */
extern int ledger_write(int folder, roll *r, int sync);

#endif
