/* header.h - the parts of the headers that syslog daemons and journalctl(1) put before a line.
 *
 * Each function reads one part, blank behind it included where it says so, and returns how many bytes that
 * is, 0 if the part is not there. */
#ifndef LOG_HEADER_H
#define LOG_HEADER_H

#include "base/span.h"
#include <stdint.h>

/* "Nov 23 12:44:00 " (RFC 3164; a day below 10 is padded with a blank). It names no year, so it gives no
 * time. */
extern size_t header_date(span in);

/* "Z", "+01:00", "-0330" into *east, seconds ahead of UTC. */
extern size_t header_zone(int64_t *east, span in);

/* "host ident: " or "host ident[12]: "; *host lies inside in. */
extern size_t header_names(span *host, span in);

#endif
