/* take.h - counts what the text of a line says, at the time of its stamp. */
#ifndef TAP_TAKE_H
#define TAP_TAKE_H

#include "tap/state.h"

/* Takes the text of a line with that stamp. */
extern void take_whole(tap *t, stamp const *s, span text, span line);

/* Takes the text of a line of splogger's, behind the number in s: it may be a part of one that splogger has
 * cut. whole is the line with the blanks at its end, of which one may be the text's. */
extern void take_part(tap *t, stamp const *s, span text, span whole);

#endif
