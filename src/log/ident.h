/* ident.h - who wrote a line, in the headers of syslog: the host, and the program with the number of its
 * process. */
#ifndef LOG_IDENT_H
#define LOG_IDENT_H

#include "base/span.h"

/* Takes "ident: ", "ident[12]: " or "ident [12]: " off the start of *in, *pid: there was a number. An ident
 * does not begin with a digit. Returns 1, or 0 with *in unchanged. */
extern int ident_take(span *in, int *pid);

/* Takes a word that is no ident, and a blank. Returns 1 with *host inside *in, or 0 with both unchanged. */
extern int ident_host(span *host, span *in);

/* How far the "[" reaches in a word that ends with "[12]:", 1 if nothing stands before it; 0 if the word does
 * not end so. */
extern size_t ident_bracket(span word);

#endif
