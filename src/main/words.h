/* words.h - mistakes in directives in words: what is wrong, where, and what would be right.
 *
 * Bytes that came from outside are shown as '_' if they are not visible ASCII, and cut if there are many. No
 * newline. */
#ifndef MAIN_WORDS_H
#define MAIN_WORDS_H

#include "rule/script.h"

#define WORDS_MAX 1024 /* enough for every answer with a file name of up to 255 bytes */

/* Writes what is wrong, with the directive and, from a file, its name and line in front, to out, as
 * "rules:7: bad rule 10/30x: unknown unit 'x' in the period (s, m, h, d or w)": at most max bytes with the
 * terminator. max is not 0. Returns how many bytes that is, without the terminator. */
extern size_t words_script(char *out, size_t max, script_error const *e);

#endif
