/* num.h - whole decimal numbers, exactly: no sign, no blanks, no overflow. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/span.h"
#include <stdint.h>

/* Reads the digits at the start of in (leading zeros allowed) into *u.
 * Returns how many bytes they take; 0 with *u unchanged if there is none or the number is 2^64 or more.
 * Never looks past in.len. */
extern size_t num_scan(uint64_t *u, span in);

#endif
