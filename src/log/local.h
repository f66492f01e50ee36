/* local.h - moments written in the local time of the process (its TZ), turned into instants.
 *
 * The zone is asked for the first line of each minute only: the last minute is remembered by its text. Zones
 * change their offset between minutes, never inside one, so this is exact on the days of a change too. TZ
 * must not change while the process runs. */
#ifndef LOG_LOCAL_H
#define LOG_LOCAL_H

#include "base/span.h"
#include <stdint.h>

/* Reads YYYY-MM-DD, any one byte, HH:MM:SS into *seconds since the Unix epoch.
 * A moment that the local clock shows twice is the earlier of the two; one that it skips is read as if the
 * clock had not been put forward yet. Returns 19, or 0 if there is no such moment in the calendar. */
extern size_t local_scan(int64_t *seconds, span in);

#endif
