/* header.h - the headers that syslog daemons and journalctl(1) put before a line, behind their date.
 *
 * Each function takes its header, and the one or two blanks behind it, off the start of *in, and returns 1;
 * or it returns 0 and changes nothing. *host lies inside *in; it is empty where the header has none. */
#ifndef LOG_HEADER_H
#define LOG_HEADER_H

#include "base/span.h"

/* "<22>" */
extern int header_priority(span *in);

/* RFC 3164 and its kin: "<mail.info> host ident: ", "host ident[12]: ", "ident [12]: " and so on, on Solaris
 * "[ID 748625 mail.info] " behind it. With strict, "ident: " alone is
 * none: it needs a host or a "[12]". */
extern int header_names(span *host, span *in, int strict);

/* "host ident[12]: ", as journalctl has it behind a number. */
extern int header_journal(span *host, span *in);

#endif
