/* level.h - the names of syslog(3)'s facilities and levels, as loggers write them before a line. */

/* ident.h - who wrote a line, in the headers of syslog: the host, and the program with the number of its
 * process. */

/* header.h - the headers that syslog daemons and journalctl(1) put before a line, behind their date.
 *
 * Each function takes its header, and the one or two blanks behind it, off the start of *in, and returns 1;
 * or it returns 0 and changes nothing. *host lies inside *in; it is empty where the header has none. */

/* structured.h - the header of RFC 5424, behind its date: "host app procid msgid - ", or "[...]" with
 * structured data in place of the "-". */
#ifndef LOG_HEADER_H
#define LOG_HEADER_H

#include "base/span.h"

/* Reads facility.level, as mail.info. Returns the bytes, 0 if it is not made of two such names. */
extern size_t level_scan(span in);

/* Takes "ident: ", "ident[12]: " or "ident [12]: " off the start of *in, *pid: there was a number. An ident
 * does not begin with a digit. Returns 1, or 0 with *in unchanged. */
extern int ident_take(span *in, int *pid);

/* Takes a word that is no ident, and a blank. Returns 1 with *host inside *in, or 0 with both unchanged. */
extern int ident_host(span *host, span *in);

/* How far the "[" reaches in a word that ends with "[12]:", 1 if nothing stands before it; 0 if the word does
 * not end so. */
extern size_t ident_bracket(span word);

/* "<22>" */
extern int header_priority(span *in);

/* RFC 3164 and its kin: "<mail.info> host ident: ", "host ident[12]: ", "ident [12]: " and so on, on Solaris
 * "[ID 748625 mail.info] " behind it. With strict, "ident: " alone is
 * none: it needs a host or a "[12]". */
extern int header_names(span *host, span *in, int strict);

/* "host ident[12]: ", as journalctl has it behind a number. */
extern int header_journal(span *host, span *in);

/* Takes it, and the one or two blanks behind it, off the start of *in. Returns 1 with *host inside *in, empty
 * where the header has none; or 0 with nothing changed. */
extern int structured_take(span *host, span *in);

#endif
