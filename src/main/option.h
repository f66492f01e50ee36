/* option.h - what the command lines of all programs of the package have in common. */
#ifndef MAIN_OPTION_H
#define MAIN_OPTION_H

#include "mail/fold.h"

/* Dies 100: says what is wrong with option c, and the usage. */
extern void option_bad(char const *options, int c, char const *usage) __attribute__((noreturn));

/* The characters of -x; dies 100 if there is none, or a letter, a digit or '@' among them. */
extern span option_cut(char const *value);

/* Dies 100 if -e and -x exclude each other. */
extern void option_folding(folding const *how);

#endif
