/* structured.h - the header of RFC 5424, behind its date: "host app procid msgid - ", or "[...]" with
 * structured data in place of the "-". */
#ifndef LOG_STRUCTURED_H
#define LOG_STRUCTURED_H

#include "base/span.h"

/* Takes it, and the one or two blanks behind it, off the start of *in. Returns 1 with *host inside *in, empty
 * where the header has none; or 0 with nothing changed. */
extern int structured_take(span *host, span *in);

#endif
