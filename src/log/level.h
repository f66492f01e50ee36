/* level.h - the names of syslog(3)'s facilities and levels, as loggers write them before a line. */
#ifndef LOG_LEVEL_H
#define LOG_LEVEL_H

#include "base/span.h"

/* Reads facility.level, as mail.info. Returns the bytes, 0 if it is not made of two such names. */
extern size_t level_scan(span in);

#endif
