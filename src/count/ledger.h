/* ledger.h - opens the book, and a ledger in it for each rule; closes them, and turns over a new leaf.
 *
 * What is closed is not swept: its counters are doomed and freed a few at a time (idle.h). */
#ifndef COUNT_LEDGER_H
#define COUNT_LEDGER_H

#include "count/book.h"

/* Makes an empty book over mem, which must not move; keep: idle keys stay, for the report.
 * Returns 1, or 0 with errno ENOMEM. */
extern int book_open(book *b, pool *mem, int keep);

/* Frees what is not in the pool. */
extern void book_close(book *b);

/* Opens a ledger for limit, clear (at most limit) and period in nanoseconds.
 * Returns its number, or -1 with errno ENOMEM (also if there are too many). */
extern int ledger_open(book *b, uint64_t limit, uint64_t clear, int64_t period);

/* Forgets a ledger with its counters and episodes; its number is free to be given out again. */
extern void ledger_close(book *b, unsigned int number);

/* Forgets all counts and episodes of all ledgers. With keep, what the report needs stays. */
extern void book_clear(book *b);

/* Forgets all of all ledgers, as if nothing had been counted yet. */
extern void book_drop(book *b);

#endif
