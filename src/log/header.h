/* header.h - the headers that syslog daemons and journalctl(1) put before a line, after their date.
 *
 * Each function takes what it is named for off the start of *in, with the one or two blanks after it, and
 * returns 1; or it returns 0 and changes nothing. *host lies inside *in; it is empty if the header has none.
 * The forms are those of RFC 3164 and RFC 5424, and what rsyslog, syslog-ng, busybox, FreeBSD's and Solaris's
 * syslogd, socklog and journalctl were seen to write. */
#ifndef LOG_HEADER_H
#define LOG_HEADER_H

#include "base/span.h"

/* "<22>", which no blank follows */
extern int header_priority(span *in);

/* "<mail.info> host ident: ", "host ident[12]: ", "ident [12]: " and so on, on Solaris
 * "[ID 748625 mail.info] " after it. With strict, "ident: " alone is none: it needs a host or a "[12]". */
extern int header_names(span *host, span *in, int strict);

/* "host ident[12]: ", as journalctl has it after a number */
extern int header_journal(span *host, span *in);

/* "host app procid msgid - " of RFC 5424, or "[...]" with structured data in place of the "-" */
extern int header_structured(span *host, span *in);

/* "mail.info: ", of syslog(3)'s facilities and levels */
extern int header_level(span *in);

#endif
