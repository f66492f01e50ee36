#include "log/level.h"

#include "base/scan.h"

static char const *const facilities[] = {"auth",   "authpriv", "cron",   "daemon",  "ftp",    "kern",
                                         "lpr",    "mail",     "news",   "syslog",  "user",   "uucp",
                                         "local0", "local1",   "local2", "local3",  "local4", "local5",
                                         "local6", "local7",   "audit",  "console", "ntp",    "security"};
static char const *const levels[] = {"emerg", "alert", "crit",  "err",   "warning", "notice",
                                     "info",  "debug", "panic", "error", "warn"};

#define LONGEST 8 /* bytes of the longest name */

/* The length of the name that ends at the first byte that is neither letter nor digit; 0 if it is not one of
 * count names. */
static size_t name_scan(span in, char const *const *names, size_t count)
{
  size_t len = 0;
  while (len < in.len && len <= LONGEST &&
         ((in.s[len] >= 'a' && in.s[len] <= 'z') || (in.s[len] >= '0' && in.s[len] <= '9')))
    len++;
  for (size_t i = 0; i < count; i++)
    if (span_equal((span){in.s, len}, span_of(names[i])))
      return len;
  return 0;
}

/* Is there a dot where a facility could end? Nearly all lines are sent away here. */
static int has_dot(span in)
{
  uint64_t x = eight_first(in.s, in.len) ^ EIGHT('.');
  return ((x - EIGHT(1u)) & ~x & EIGHT(128u)) != 0 || (in.len > LONGEST && in.s[LONGEST] == '.');
}

size_t level_scan(span in)
{
  size_t facility, level;
  if (!has_dot(in))
    return 0;
  facility = name_scan(in, facilities, sizeof facilities / sizeof *facilities);
  if (!facility || facility == in.len || in.s[facility] != '.')
    return 0;
  scan_skip(&in, facility + 1);
  level = name_scan(in, levels, sizeof levels / sizeof *levels);
  return level ? facility + 1 + level : 0;
}
