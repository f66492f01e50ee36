/* heldfile.h - the file of one key in GATE: made and taken away whole, and known to be ours by its text.
 *
 * One with another text was made or changed by hand, and is neither replaced nor taken away. */
#ifndef GATE_HELDFILE_H
#define GATE_HELDFILE_H

#include "gate/held.h"

typedef enum {
  HELDFILE_FAILED, /* with errno; nothing was done, or it cannot be known whose the file is */
  HELDFILE_OURS,   /* done */
  HELDFILE_FOREIGN,
  HELDFILE_NONE /* it was not there */
} heldfile_answer;

/* Makes the file of h in the open folder. One of ours that is there already, from before a crash, will do.
 * The text of h is changed meanwhile. Never HELDFILE_NONE. */
extern heldfile_answer heldfile_make(int folder, held *h);

/* Takes away what heldfile_make may leave beside the files; to be called after the last. */
extern void heldfile_tidy(int folder);

/* Takes away the file of h. */
extern heldfile_answer heldfile_remove(int folder, held const *h);

#endif
