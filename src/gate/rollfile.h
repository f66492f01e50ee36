/* rollfile.h - the roll as text, as it is kept in GATE. */
#ifndef GATE_ROLLFILE_H
#define GATE_ROLLFILE_H

#include "gate/roll.h"
#include <skalibs/stralloc.h>

/* Appends the text to out. Returns 1, or 0 with errno ENOMEM. */
extern int rollfile_write(stralloc *out, roll const *r);

/* Reads text into *r, which is empty. Returns 1, or 0 with errno: ENOMEM, or EINVAL if a line is none that
 * was written so; what stands in the others is in *r all the same. */
extern int rollfile_read(roll *r, span text);

#endif
