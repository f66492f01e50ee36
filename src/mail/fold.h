/* fold.h - one account, one key: undoes what mailers do to an envelope sender (case, VERP, BATV, SRS, ezmlm).
 */
#ifndef MAIL_FOLD_H
#define MAIL_FOLD_H

#include "base/span.h"

typedef struct {
  int exact; /* no folding at all */
  span cut;  /* the local part ends before the first of these, unless that is its first byte; may be empty */
} folding;

/* Writes the folded sender to out, which has room for sender.len bytes. Returns its length, never more than
 * sender.len. */
extern size_t fold_sender(char *out, span sender, folding const *how);

/* What comes after the last '@' of a folded address; empty if there is none. */
extern span fold_domain(span folded);

/* Is it one of the null senders, "" and "#@[]"? */
extern int fold_null(span folded);

/* Writes sender to out, as many bytes, as qmail-send(8) writes it to its log: bytes outside 33..126 and '%'
 * as '_'. Returns whether that differs. */
extern int fold_logged(char *out, span sender);

#endif
