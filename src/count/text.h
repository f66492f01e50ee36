/* text.h - bytes of any length, kept in a chain of cells. */
#ifndef COUNT_TEXT_H
#define COUNT_TEXT_H

#include "base/span.h"
#include "count/pool.h"

/* Stores bytes. Returns the first cell of the chain, or 0 with errno ENOMEM; an empty text takes one cell. */
extern cell text_store(pool *mem, span bytes);

/* The same for several pieces, one after the other. */
extern cell text_store_all(pool *mem, span const *bytes, size_t count);

/* Where in a text to read on. */
typedef struct {
  cell text;   /* the cell */
  size_t read; /* bytes of it */
} text_place;

/* Writes the next len bytes of a stored text to out, and moves *at past them. A text is read from
 * (text_place){its first cell, 0} on. */
extern void text_read(pool const *mem, text_place *at, char *out, size_t len);

/* Writes the first len bytes of a stored text to out. */
extern void text_load(pool const *mem, cell text, char *out, size_t len);

/* Does the stored text begin with bytes? */
extern int text_begins(pool const *mem, cell text, span bytes);

/* Gives all cells of the chain back. Returns how many. */
extern size_t text_free(pool *mem, cell text);

/* How many cells a text of len bytes takes. */
extern size_t text_cells(size_t len);

#endif
