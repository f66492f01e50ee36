#include "rows.h"

#include "log/prefix.h"
#include <stdio.h>
#include <time.h>

#define BILLION INT64_C(1000000000)
#define LABEL "@400000006b04351a075bcd15 " /* 1795437840.123456789, 2026-11-23 12:44:00 UTC */
#define NOON 1795437840

typedef struct {
  char const *name, *stamp; /* what is before the text */
  int64_t seconds;
  uint32_t nano;
  char const *host;
} row;

/* Local time in these tests is one hour ahead of UTC, two in summer; the machine's clock shows NOON. */
static row const timed[] = {
    {"multilog's label", LABEL, NOON, 123456789, ""},
    {"a label and two blanks", LABEL " ", NOON, 123456789, ""},
    {"the first year that is a time", "@3ffffffddca62c8a00000000 ", -9183024000, 0, ""},
    {"the last year that is a time", "@40000002235b25093b9ac9ff ", 9183110399, 999999999, ""},
    {"local time", "2026-11-23 13:44:00.123456789 ", NOON, 123456789, ""},
    {"local time in summer", "2026-07-01 02:00:59.5 ", 1782864059, 500000000, ""},
    {"local time, two blanks", "2026-11-23 13:44:00.123456789  ", NOON, 123456789, ""},
    {"local time without a fraction", "2026-11-23 13:44:00 ", NOON, 0, ""},
    {"local time with one digit of fraction", "2026-11-23 13:44:01.1 ", NOON + 1, 100000000, ""},
    {"local time, a comma before the fraction", "2026-11-23 13:44:01,123 ", NOON + 1, 123000000, ""},
    {"local time in the minute after", "2026-11-23 13:45:01.1 ", NOON + 61, 100000000, ""},
    {"local time, a leap second", "2026-11-23 13:44:60 ", NOON + 60, 0, ""},
    {"an hour that comes twice is the first", "2026-10-25 02:30:00 ", 1792891800 - 3600, 0, ""},
    {"the hour before it", "2026-10-25 01:30:00 ", 1792891800 - 7200, 0, ""},
    {"the hour after it", "2026-10-25 03:30:00 ", 1792891800 + 3600, 0, ""},
    {"an hour that the clock skips goes on from before", "2026-03-29 02:30:00 ", 1774747800, 0, ""},
    {"the last minute before the skipped hour", "2026-03-29 01:59:59 ", 1774745999, 0, ""},
    {"the first minute after it", "2026-03-29 03:00:00 ", 1774746000, 0, ""},
    {"29 February of a leap year", "2024-02-29 01:00:00 ", 1709164800, 0, ""},
    {"29 February of 2000", "2000-02-29 01:00:00 ", 951782400, 0, ""},
    {"label, then local time: the label is certain", LABEL "2020-01-01 00:00:00.5  ", NOON, 123456789, ""},
    {"local time, then a label", "2020-01-01 00:00:00.5 " LABEL, NOON, 123456789, ""},
    {"two local times: the last is the time", "2020-01-01 00:00:00.5 2026-11-23 13:44:00 ", NOON, 0, ""},
    {"a label, then a zone: the last absolute time counts", LABEL "2020-01-01 00:00:00 +0100 ", 1577833200, 0,
     ""},
    {"a zone, then local time", "2026-11-23 12:44:00Z 2020-01-01 00:00:00 ", NOON, 0, ""},
    {"UTC by its 'T', then local time", "2026-11-23T12:44:00 2020-01-01 00:00:00 ", NOON, 0, ""},
    {"a number, then local time", "1461492794.123456 2020-01-01 00:00:00 ", 1461492794, 123456000, ""},
    {"a local zone by its name is local", LABEL "2020-01-01 00:00:00 CET ", NOON, 123456789, ""},
    {"a label, then a header of another zone: its host, not its time",
     LABEL "Nov 23 11:44:00 mx2 qmail: ", NOON, 123456789, "mx2"},
    {"local time with slashes", "2026/11/23 13:44:00 ", NOON, 0, ""},
    {"day, month, year", "23-Nov-2026 13:44:00 ", NOON, 0, ""},
    {"day, month, year with slashes", "23/Nov/2026 13:44:00 ", NOON, 0, ""},
    {"day, month, year, and a colon", "23/Nov/2026:12:44:00 +0000 ", NOON, 0, ""},
    {"month, day, year", "Nov 23 2026 13:44:00 ", NOON, 0, ""},
    {"month, short day, year", "Nov  3 2026 13:44:00.25 ", NOON - 20 * 86400, 250000000, ""},
    {"a weekday", "Mon 2026-11-23 13:44:00 ", NOON, 0, ""},
    {"UTC in words", "2026-11-23 12:44:00 UTC ", NOON, 0, ""},
    {"UTC in words, no blank", "2026-11-23 12:44:00UTC ", NOON, 0, ""},
    {"GMT and a colon", "2026-11-23 12:44:00 GMT: ", NOON, 0, ""},
    {"an offset in hours", "2026-11-23 10:44:00 -02 ", NOON, 0, ""},
    {"an offset without a blank", "2026-11-23 14:44:00.5+02 ", NOON, 500000000, ""},
    {"an offset with a colon after a blank", "2026-11-23 18:29:00 +05:45 ", NOON, 0, ""},
    {"the largest offset", "2026-11-24T03:43:00+14:59 ", NOON, 0, ""},
    {"a zone after svlogd's '_'", "2026-11-23_13:44:00+0100 ", NOON, 0, ""},
    {"the local zone by its name", "2026-11-23 13:44:00 CET ", NOON, 0, ""},
    {"... in summer", "2026-07-01 02:00:59 CEST ", 1782864059, 0, ""},
    {"... without a blank", "2026-11-23 13:44:00CET ", NOON, 0, ""},
    {"... after 'T' it is local all the same", "2026-11-23T13:44:00CET ", NOON, 0, ""},
    {"lighttpd's colon", "2026-11-23 13:44:00: ", NOON, 0, ""},
    {"in brackets", "[2026-11-23 13:44:00] ", NOON, 0, ""},
    {"in brackets, and a colon", "[2026-11-23T12:44:00.5Z]: ", NOON, 500000000, ""},
    {"PHP, UTC", "[23-Nov-2026 12:44:00 UTC] ", NOON, 0, ""},
    {"PHP, a zone by its place", "[23-Nov-2026 13:44:00 Europe/Rome] ", NOON, 0, ""},
    {"PHP, a zone of three names", "[23-Nov-2026 13:44:00 America/Argentina/Buenos_Aires] ", NOON, 0, ""},
    {"PHP, an offset", "[23-Nov-2026 14:44:00 +02:00] ", NOON, 0, ""},
    {"a weekday in brackets", "[Mon 23/Nov/2026:12:44:00 +0000] ", NOON, 0, ""},
    {"journalctl -o short-full", "Mon 2026-11-23 13:44:00 CET mx1 qmail[12]: ", NOON, 0, "mx1"},
    {"... of another zone", "Mon 2026-11-23 12:44:00 UTC mx1 qmail[12]: ", NOON, 0, "mx1"},
    {"a header after a year", "Nov 23 2026 13:44:00 mx1 qmail: ", NOON, 0, "mx1"},
    {"a header after a year, by a process id that ends with 0", "Nov 23 2026 13:44:00 qmail[120]: ", NOON, 0,
     ""},
    {"a header after a year, by its process id", "Nov 23 2026 13:44:00 qmail[12]: ", NOON, 0, ""},
    {"a host that begins as a date", "2026-11-23T12:44:00Z 2026-11-23T12:44:00x q[1]: ", NOON, 0,
     "2026-11-23T12:44:00x"},
    {"a stamp in brackets after a zone is no host",
     "2020-01-01 00:00:00 UTC [2026-11-23T12:44:00UTC] mail.info: ", NOON, 0, ""},
    {"a reserved label, then local time", "@800000000000000000000000 2026-11-23 13:44:00 ", NOON, 0, ""},
    {"label, then local time of year 9999, which is none", LABEL "9999-12-31 23:59:59 ", NOON, 123456789, ""},
    {"label, then local time of year 1", LABEL "0001-01-01 00:00:00 ", NOON, 123456789, ""},
    {"svlogd -tt, UTC", "2026-11-23_12:44:00.12345 ", NOON, 123450000, ""},
    {"svlogd -ttt, UTC", "2026-11-23T12:44:00.12345 ", NOON, 123450000, ""},
    {"svlogd's form without a fraction", "2026-11-23_12:44:00 ", NOON, 0, ""},
    {"svlogd's form with nine digits", "2026-11-23T12:44:00.000000001 ", NOON, 1, ""},
    {"svlogd's form with a comma", "2026-11-23T12:44:00,5 ", NOON, 500000000, ""},
    {"docker, then a label before a word", "2026-11-23T12:44:01Z " LABEL, NOON, 123456789, ""},
    {"docker, then a number before a word", "2026-11-23T12:44:01Z 1461492794.123456 ", 1461492794, 123456000,
     ""},
    {"svlogd's form, then names that are no header's", "2026-11-23T12:44:00.12345  ", NOON, 123450000, ""},
    {"docker logs -t", "2026-11-23T12:44:00.123456789Z ", NOON, 123456789, ""},
    {"docker logs -t, two blanks", "2026-11-23T12:44:00.123456789Z  ", NOON, 123456789, ""},
    {"ISO with a zone", "2026-11-23T13:44:00+01:00 ", NOON, 0, ""},
    {"ISO with a zone without a colon", "2026-11-23T09:14:00,25-0330 ", NOON, 250000000, ""},
    {"six digits of fraction", "1461492794.123456 ", 1461492794, 123456000, ""},
    {"nine digits of fraction", "1461492794.123456789 ", 1461492794, 123456789, ""},
    {"a number and two blanks", "1461492794.123456  ", 1461492794, 123456000, ""},
    {"seconds of one digit", "7.000000001 ", 7, 1, ""},
    {"multilog T after its label", LABEL "1461492794.123456 ", 1461492794, 123456000, ""},
    {"syslog, then splogger", "Nov 23 12:44:00 mx1 qmail: 1461492794.123456 ", 1461492794, 123456000, "mx1"},
    {"syslog with a process id", "Nov  3 12:44:00 mx1 qmail[12]: 1461492794.123456 ", 1461492794, 123456000,
     "mx1"},
    {"syslog, the number first", "1461492794.123456 Nov 23 13:44:00 mx1 qmail: ", 1461492794, 123456000,
     "mx1"},
    {"syslog, one blank before a short day", "Sep 4 05:26:48 mx qmail: 1504517208.249400 ", 1504517208,
     249400000, "mx"},
    {"syslog with its priority", "<22>Aug 26 11:19:05 mx qmail: 1661512745.100000 ", 1661512745, 100000000,
     "mx"},
    {"a stamp before a header", "@4000000063088bb305f5e100 Aug 26 11:19:05 mx qmail: 1661512745.100000 ",
     1661512745, 100000000, "mx"},
    {"ISO, then splogger", "2026-11-23T12:44:00.123456+01:00 mx.example.org qmail[12]: 1461492794.123456 ",
     1461492794, 123456000, "mx.example.org"},
    {"ISO, east of Greenwich", "2026-11-23T13:44:00.123456+01:00 mx1 qmail[12]: ", NOON, 123456000, "mx1"},
    {"ISO, west of Greenwich", "2026-11-23T09:14:00.1-03:30 mx1 qmail: ", NOON, 100000000, "mx1"},
    {"ISO, zone without a colon", "2026-11-23T13:44:00+0100 mx1 qmail: ", NOON, 0, "mx1"},
    {"ISO, zone without a colon, west", "2026-11-23T11:44:00.000000001-0100 mx1 qmail: ", NOON, 1, "mx1"},
    {"ISO, 14 hours and 59 minutes east", "2026-11-24T03:43:00+14:59 mx1 qmail: ", NOON, 0, "mx1"},
    {"ISO, the zone of Greenwich in figures", "2026-11-23T12:44:00+00:00 mx1 qmail: ", NOON, 0, "mx1"},
    {"ISO, Z", "2026-11-23T12:44:00Z 10.0.0.1 qmail[1]: ", NOON, 0, "10.0.0.1"},
    {"ISO, Z and a fraction", "2026-11-23T12:44:00.5Z ::1 q: ", NOON, 500000000, "::1"},
    {"ISO with a process id and no host", "2026-11-23T12:44:00Z qmail[12]: ", NOON, 0, ""},
    {"ISO with a process id apart and no host", "2026-11-23T12:44:00Z qmail [12]: ", NOON, 0, ""},
    {"ISO after a priority", "<22>2026-11-23T12:44:00Z mx1 qmail: ", NOON, 0, "mx1"},
    {"ISO after a priority, and two blanks", "<22>2026-11-23T12:44:00Z  mx1 qmail: ", NOON, 0, "mx1"},
    {"a date without a year is local time", "Nov 23 13:44:00 mx1 qmail: ", NOON, 0, "mx1"},
    {"... with a fraction", "Nov 23 13:44:00.5 mx1 qmail: ", NOON, 500000000, "mx1"},
    {"... with a comma before the fraction", "Nov 23 13:44:00,000000001 mx1 qmail: ", NOON, 1, "mx1"},
    {"... a zero before a short day", "Nov 03 13:44:00 mx1 qmail: ", NOON - 20 * 86400, 0, "mx1"},
    {"... a blank before a short day", "Nov  3 13:44:00 mx1 qmail: ", NOON - 20 * 86400, 0, "mx1"},
    {"... nothing before a short day", "Nov 3 13:44:00 mx1 qmail: ", NOON - 20 * 86400, 0, "mx1"},
    {"... a day ahead", "Nov 24 13:44:00 mx1 qmail: ", NOON + 86400, 0, "mx1"},
    {"... more than a day ahead is of last year", "Nov 24 13:44:01 mx1 qmail: ", NOON + 86401 - 365 * 86400,
     0, "mx1"},
    {"... more by a little", "Nov 24 13:44:00.000000001 q: ", NOON + 86400 - 365 * 86400, 1, ""},
    {"... of the morning of the year", "Jan  1 00:00:00 mx1 qmail: ", 1767222000, 0, "mx1"},
    {"... of its last evening is last year's", "Dec 31 23:59:59 mx1 qmail: ", 1767222000 - 1, 0, "mx1"},
    {"... in summer", "Jul  1 02:00:59 mx1 qmail[7]: ", 1782864059, 0, "mx1"},
    {"... 29 February is of the last leap year", "Feb 29 00:00:00 mx1 qmail[7]: ", 1709161200, 0, "mx1"},
    {"... a leap second", "Jan  1 00:59:60 mx1 qmail[7]: ", 1767225600, 0, "mx1"},
    {"FreeBSD's syslogd -v -v", "Nov 23 13:44:00 <mail.info> mx1 qmail: ", NOON, 0, "mx1"},
    {"FreeBSD's syslogd -v", "Nov 23 13:44:00 <2.6> mx1 qmail[1]: ", NOON, 0, "mx1"},
    {"a level and no host", "Nov 23 13:44:00 <local0.debug> qmail: ", NOON, 0, ""},
    {"ISO and a level", "2026-11-23T12:44:00Z <mail.info> mx1 qmail: ", NOON, 0, "mx1"},
    {"busybox's syslogd", "Nov 23 13:44:00 mx1 mail.info qmail: ", NOON, 0, "mx1"},
    {"Solaris", "Nov 23 13:44:00 mx1 qmail: [ID 748625 mail.info] ", NOON, 0, "mx1"},
    {"Solaris, then splogger", "Nov 23 13:44:00 mx1 qmail[5]: [ID 1 daemon.notice] 1461492794.123456 ",
     1461492794, 123456000, "mx1"},
    {"a process id apart", "Nov 23 13:44:00 mx1 qmail [12]: ", NOON, 0, "mx1"},
    {"a process id apart and no host", "Nov 23 13:44:00 qmail [12]: ", NOON, 0, ""},
    {"a host of digits", "Nov 23 13:44:00 17 qmail: ", NOON, 0, "17"},
    {"journalctl -o short-unix", "1795437840.123456 mx1 qmail[12]: ", NOON, 123456000, "mx1"},
    {"journalctl, then splogger", "1795437840.123456 mx1 qmail[12]: 1461492794.123456 ", 1461492794,
     123456000, "mx1"},
    {"journalctl -o short-iso", "2026-11-23T13:44:00+0100 mx1 qmail[12]: ", NOON, 0, "mx1"},
    {"RFC 5424", "<22>1 2026-11-23T12:44:00.123456Z mx1 qmail 12 - - ", NOON, 123456000, "mx1"},
    {"RFC 5424 without a zone", "<22>1 2026-11-23T12:44:00 mx1 qmail 12 - - ", NOON, 0, "mx1"},
    {"RFC 5424 with a colon after its date", "<22>1 2026-11-23T12:44:00Z: mx1 qmail 12 - - ", NOON, 0, "mx1"},
    {"RFC 5424 with data", "<22>1 2026-11-23T12:44:00Z mx1 qmail 12 ID47 [a@1 b=\"c d\"] ", NOON, 0, "mx1"},
    {"RFC 5424 with two elements, a bracket in one",
     "<0>1 2026-11-23T13:44:00+01:00 mx1 q - - [a b=\"\\]\"][c] ", NOON, 0, "mx1"},
    {"RFC 5424 without a host", "<191>1 2026-11-23T12:44:00Z - qmail - - - ", NOON, 0, ""},
    {"RFC 5424, its mark of UTF-8", "<22>1 2026-11-23T12:44:00Z mx1 q - - - \xef\xbb\xbf", NOON, 0, "mx1"},
    {"container logs", "2026-11-23T12:44:00.123456789Z stdout F ", NOON, 123456789, ""},
    {"container logs, the other stream", "2026-11-23T13:44:00.123456789+01:00 stderr F ", NOON, 123456789,
     ""},
    {"container logs, a part", "2026-11-23T12:44:00Z stdout P ", NOON, 0, ""},
    {"container logs after a label", LABEL "stderr P ", NOON, 123456789, ""},
    {"socklog", LABEL "mail.info: ", NOON, 123456789, ""},
    {"socklog, and what it was sent", LABEL "mail.info: Nov 23 13:44:00 qmail: 1461492794.123456 ",
     1461492794, 123456000, ""},
    {"every level has its name", LABEL "local7.emerg: user.warn: authpriv.debug: security.panic: ", NOON,
     123456789, ""},
    {"the last host is the host", "Nov 23 13:44:00 mx1 qmail: Nov 23 13:44:00 mx2 qmail: ", NOON, 0, "mx2"},
    {"a header without a host leaves the one before", "Nov 23 13:44:00 mx1 q: Nov 23 13:44:00 q: ", NOON, 0,
     "mx1"},
    {"a piece without a time leaves the one before", "1461492794.123456 mail.info: ", 1461492794, 123456000,
     ""},
    {"a number that is no time leaves the one before",
     "2026-11-23T12:44:00Z mx1 qmail: 18446744073709551615.999999 ", NOON, 0, "mx1"},
    {"eight pieces",
     "@4000000063088bb305f5e100 1461492794.123456 2026-11-23_00:00:00 mail.info: 7.000000 7.000000 " LABEL
     "Nov 23 13:44:00 mx1 qmail: ",
     NOON, 123456789, "mx1"},
    {"splogger's part of a line", "Nov 23 12:44:00 mx1 qmail: 1461492794.123456+", 1461492794, 123456000,
     "mx1"},
    {"a part after a number alone", "1461492794.123456789+", 1461492794, 123456789, ""},
};

/* Skipped, but they give no time. */
static row const untimed[] = {
    {"a reserved label is no time", "@ffffffff6b04351a075bcd15 ", 0, 0, ""},
    {"the label zero is no time", "@000000000000000000000000 ", 0, 0, ""},
    {"the highest label is no time", "@7fffffffffffffff3b9ac9ff ", 0, 0, ""},
    {"a label before 1679 is no time", "@3ffffffddca62c893b9ac9ff ", 0, 0, ""},
    {"a label after 2260 is no time", "@40000002235b250a00000000 ", 0, 0, ""},
    {"local time of year 9999 is no time", "9999-12-31 23:59:59 ", 0, 0, ""},
    {"local time of year 1 is no time", "0001-01-01 00:00:00 ", 0, 0, ""},
    {"UTC of year 1 is no time", "0001-01-01T00:00:00.5 ", 0, 0, ""},
    {"a number after 2260 is no time", "9183110400.000000 ", 0, 0, ""},
    {"the highest number is no time", "18446744073709551615.999999999 ", 0, 0, ""},
    {"socklog alone", "mail.info: ", 0, 0, ""},
    {"socklog of the highest level", "kern.emerg:  ", 0, 0, ""},
    {"journalctl after a number that is no time", "9183110400.000000 mx1 qmail[12]: ", 0, 0, "mx1"},
};

/* Not stamped: all of it is text. */
static row const none[] = {
    {"nothing", "", 0, 0, ""},
    {"qmail-send's own line", "new msg 7", 0, 0, ""},
    {"an '@' alone", "@", 0, 0, ""},
    {"a label with another byte after it", "@400000006b04351a075bcd15:new", 0, 0, ""},
    {"a label of 23 digits", "@400000006b04351a075bcd1 new msg 7", 0, 0, ""},
    {"a label of 25 digits", "@400000006b04351a075bcd155 new", 0, 0, ""},
    {"a label in upper case", "@400000006B04351A075BCD15 new", 0, 0, ""},
    {"a label with 10^9 nanoseconds", "@400000006b04351a3b9aca00 new", 0, 0, ""},
    {"month 13", "2026-13-23 12:44:00 x", 0, 0, ""},
    {"month 0", "2026-00-23 12:44:00 x", 0, 0, ""},
    {"day 32", "2026-01-32 12:44:00 x", 0, 0, ""},
    {"day 0", "2026-01-00 12:44:00 x", 0, 0, ""},
    {"30 February", "2024-02-30 12:44:00 x", 0, 0, ""},
    {"29 February of a common year", "2026-02-29 12:44:00 x", 0, 0, ""},
    {"29 February of 2100", "2100-02-29T12:44:00 x", 0, 0, ""},
    {"31 April", "2026-04-31_12:44:00 x", 0, 0, ""},
    {"hour 24", "2026-11-23 24:00:00 x", 0, 0, ""},
    {"minute 60", "2026-11-23 12:60:00 x", 0, 0, ""},
    {"second 61", "2026-11-23 12:44:61 x", 0, 0, ""},
    {"second 61 of a minute known already", "2026-11-23 13:44:61 x", 0, 0, ""},
    {"no digits in the seconds of a minute known already", "2026-11-23 13:44:x1 x", 0, 0, ""},
    {"no colon after a minute known already", "2026-11-23 13:44.00 x", 0, 0, ""},
    {"no dash after the year", "2026.11-23 12:44:00 x", 0, 0, ""},
    {"no dash after the month", "2026-11.23 12:44:00 x", 0, 0, ""},
    {"no colon after the hour", "2026-11-23 12.44:00 x", 0, 0, ""},
    {"no colon after the minute", "2026-11-23T12:44.00 x", 0, 0, ""},
    {"a colon in the year", "20:6-11-23 12:44:00 x", 0, 0, ""},
    {"a colon in the fraction", "2026-11-23T12:44:00.12:45 x", 0, 0, ""},
    {"the year 0", "0000-01-01 00:00:00 x", 0, 0, ""},
    {"a year with a letter", "2o26-11-23 12:44:00 x", 0, 0, ""},
    {"a year of five digits", "12026-11-23 12:44:00 x", 0, 0, ""},
    {"a fraction without digits", "2026-11-23 12:44:00. x", 0, 0, ""},
    {"ten digits of fraction", "2026-11-23 12:44:00.1234567890 x", 0, 0, ""},
    {"another byte between date and time", "2026-11-23t12:44:00 x", 0, 0, ""},
    {"a tab between date and time", "2026-11-23\t12:44:00 x", 0, 0, ""},
    {"15 hours east", "2026-11-23T12:44:00+15:00 x", 0, 0, ""},
    {"a bracket that is not closed", "[2026-11-23 12:44:00 x", 0, 0, ""},
    {"a bracket closed by another byte", "[2026-11-23 12:44:00) x", 0, 0, ""},
    {"an empty bracket", "[] x", 0, 0, ""},
    {"a date without a year in brackets", "[Nov 23 12:44:00] mx1 qmail: x", 0, 0, ""},
    {"a date without a year after a weekday", "Mon Nov 23 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"a colon in place of the blank after dashes", "23-Nov-2026:12:44:00 x", 0, 0, ""},
    {"day 32 of a month by name", "32-Nov-2026 12:44:00 x", 0, 0, ""},
    {"slash and dash", "2026/11-23 12:44:00 x", 0, 0, ""},
    {"a weekday that is none", "Mom 2026-11-23 12:44:00 x", 0, 0, ""},
    {"a zone of another place, no blank", "2026-11-23 12:44:00PST x", 0, 0, ""},
    {"a zone by its place, not in brackets, no blank", "2026-11-23 12:44:00Europe/Rome x", 0, 0, ""},
    {"a zone by a word that is no place, in brackets", "[2026-11-23 12:44:00 Rome] x", 0, 0, ""},
    {"a zone by its place, without the city", "[2026-11-23 12:44:00 Europe/] x", 0, 0, ""},
    {"a zone by its place, two slashes together", "[2026-11-23 12:44:00 Europe//Rome] x", 0, 0, ""},
    {"a priority before a date alone", "<22>2026-11-23 12:44:00 x", 0, 0, ""},
    {"five digits of fraction after seconds", "1461492794.12345 x", 0, 0, ""},
    {"seven digits of fraction after seconds", "1461492794.1234567 x", 0, 0, ""},
    {"ten digits of fraction after seconds", "1461492794.1234567890 x", 0, 0, ""},
    {"seconds without a fraction", "1461492794 x", 0, 0, ""},
    {"a number of seconds that is none", "18446744073709551616.123456 x", 0, 0, ""},
    {"a number with a sign", "-1461492794.123456 x", 0, 0, ""},
    {"a fraction without seconds", ".123456 x", 0, 0, ""},
    {"a number of a short line", "1", 0, 0, ""},
    {"syslog without an ident", "Nov 23 12:44:00 mx1 last message repeated 2 times", 0, 0, ""},
    {"syslog with an empty ident", "Nov 23 12:44:00 mx1 : x", 0, 0, ""},
    {"syslog without a host", "Nov 23 12:44:00  qmail: x", 0, 0, ""},
    {"syslog cut after the host", "Nov 23 12:44:00 mx1", 0, 0, ""},
    {"syslog cut after the time", "Nov 23 12:44:00 ", 0, 0, ""},
    {"syslog cut inside the time", "Nov 23 12:44:0", 0, 0, ""},
    {"syslog with a month that is none", "Nev 23 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"syslog with a month across two names", "anF 23 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"syslog with another byte after the month", "Nov.23 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"syslog with another byte after the day", "Nov 23.12:44:00 mx1 qmail: x", 0, 0, ""},
    {"syslog with another byte after the time", "Nov 23 12:44:00.mx1 qmail: x", 0, 0, ""},
    {"syslog with no colon after the hour", "Nov 23 12.44:00 mx1 qmail: x", 0, 0, ""},
    {"names after a letter, in a line too short for a date", "Nov qq: x", 0, 0, ""},
    {"names after a letter, and blanks where a date has its own", "Nov q: 12345678 new msg 7", 0, 0, ""},
    {"syslog on 30 February", "Feb 30 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"syslog on day 0", "Nov  0 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"syslog at 24:00", "Nov 23 24:00:00 mx1 qmail: x", 0, 0, ""},
    {"ISO with a zone cut short", "2026-11-23T12:44:00+01:0", 0, 0, ""},
    {"ISO with a zone of one hour digit", "2026-11-23T12:44:00+1:00 mx1 qmail: x", 0, 0, ""},
    {"ISO with a sign and no zone", "2026-11-23T12:44:00+ mx1 qmail: x", 0, 0, ""},
    {"ISO with a zone of 24 hours", "2026-11-23T12:44:00+24:00 mx1 qmail: x", 0, 0, ""},
    {"ISO with a zone of 60 minutes", "2026-11-23T12:44:00+00:60 mx1 qmail: x", 0, 0, ""},
    {"an ident that begins with a digit", "Nov 23 12:44:00 mx1 5qmail: x", 0, 0, ""},
    {"an ident that begins with 0", "Nov 23 12:44:00 mx1 0qmail: x", 0, 0, ""},
    {"an ident that begins with a digit, and no host", "Nov 23 12:44:00 5qmail: x", 0, 0, ""},
    {"a delivery after a date", "Nov 23 12:44:00 delivery 5: success: x", 0, 0, ""},
    {"a host that ends with a colon", "Nov 23 12:44:00 10.0.0.1: qmail: x", 0, 0, ""},
    {"a date alone", "Nov 23 12:44:00 info msg 7: bytes 900", 0, 0, ""},
    {"a day of three digits", "Nov 023 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"three blanks before a day", "Nov   3 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"no day", "Nov 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"ten digits in the fraction of a date", "Nov 23 12:44:00.1234567890 mx1 qmail: x", 0, 0, ""},
    {"a year after the date", "Nov 23 12:44:00 2026 mx1 qmail: x", 0, 0, ""},
    {"a priority alone", "<22>qmail: x", 0, 0, ""},
    {"a priority of four digits", "<1000>Nov 23 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"an empty priority", "<>Nov 23 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"a priority in words", "<mail>Nov 23 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"a blank after the priority", "<22> Nov 23 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"a priority before a number", "<22>1461492794.123456 x", 0, 0, ""},
    {"a priority cut short", "<22", 0, 0, ""},
    {"a priority at the end", "<22>", 0, 0, ""},
    {"RFC 5424 of another version", "<22>2 2026-11-23T12:44:00Z mx1 qmail 12 - - x", 0, 0, ""},
    {"RFC 5424 without a priority", "1 2026-11-23T12:44:00Z mx1 qmail 12 - - x", 0, 0, ""},
    {"RFC 5424 without data", "<22>1 2026-11-23T12:44:00Z mx1 qmail 12 - x", 0, 0, ""},
    {"RFC 5424 with data cut short", "<22>1 2026-11-23T12:44:00Z mx1 q 12 - [a b=\"\\] x", 0, 0, ""},
    {"RFC 5424 with data cut after a backslash", "<22>1 2026-11-23T12:44:00Z mx1 q 12 - [a\\", 0, 0, ""},
    {"RFC 5424 with a letter after its data", "<22>1 2026-11-23T12:44:00Z mx1 q 12 - [a]x", 0, 0, ""},
    {"RFC 5424 with another date than the ISO form", "<22>1 23/Nov/2026T12:44:00Z mx1 qmail 12 - - x", 0, 0,
     ""},
    {"RFC 5424 cut after its host", "<22>1 2026-11-23T12:44:00Z mx1", 0, 0, ""},
    {"RFC 5424 with an empty field", "<22>1 2026-11-23T12:44:00Z mx1  12 - - x", 0, 0, ""},
    {"socklog's form of another's names", "smtpd.info: x", 0, 0, ""},
    {"a facility that only begins like one", "mailer.info: x", 0, 0, ""},
    {"a level that only begins like one", "mail.information: x", 0, 0, ""},
    {"a level that is none", "mail.loud: x", 0, 0, ""},
    {"a facility alone", "mail: x", 0, 0, ""},
    {"a facility and a dot", "mail.", 0, 0, ""},
    {"facility and level without a colon", "mail.info x", 0, 0, ""},
    {"facility and level, and no blank", "mail.info:x", 0, 0, ""},
    {"facility and level in capitals", "MAIL.INFO: x", 0, 0, ""},
    {"container logs without a time", "stdout F x", 0, 0, ""},
    {"journalctl without a number", "mx1 qmail[12]: x", 0, 0, ""},
    {"a part after five digits of fraction", "1461492794.12345+x", 0, 0, ""},
    {"a part after seconds alone", "1461492794+x", 0, 0, ""},
    {"a header of a wrong date gives no host", "2026-02-30T12:44:00Z mx1 qmail: x", 0, 0, ""},
};

static date_reader hints = {.machine = NOON * BILLION, .newest = INT64_MIN};

static void read_exact(stamp *st, char const *line, char const *host)
{
  size_t len = strlen(line);
  char *in = rows_exact(line, len);
  prefix_read(st, (span){in, len}, &hints);
  assert_true(st->len <= len);
  assert_true(span_equal(st->host, span_of(host)));
  free(in);
}

/* text comes after the stamp; it must be left over whole. */
static void check_before(row const *r, char const *text, int has_time)
{
  char line[256];
  stamp st;
  snprintf(line, sizeof line, "%s%s", r->stamp, text);
  read_exact(&st, line, r->host);
  assert_int_equal(st.len, strlen(r->stamp));
  assert_int_equal(st.timed, has_time);
  if (has_time)
    assert_true(st.when == r->seconds * BILLION + r->nano);
}

/* Cut anywhere, a stamped line is read without looking beyond, and never gives a part of a stamp. */
static void check_cuts(row const *r)
{
  for (size_t len = 0; len <= strlen(r->stamp); len++) {
    char *in = rows_exact(r->stamp, len);
    stamp st;
    prefix_read(&st, (span){in, len}, &hints);
    assert_true(st.len <= len);
    if (st.len && st.len < len)
      assert_non_null(strchr(" +\xbf", in[st.len - 1]));
    free(in);
  }
}

static void check_all_texts(row const *r, int has_time)
{
  check_before(r, "", has_time);
  check_before(r, "n", has_time);
  check_before(r, "new msg 7", has_time);
  check_before(r, "status: local 1/10", has_time);
  check_before(r, "@new", has_time);
  check_cuts(r);
}

static void check_timed(void **state)
{
  check_all_texts(ROWS_ROW(row, state), 1);
}

static void check_untimed(void **state)
{
  check_all_texts(ROWS_ROW(row, state), 0);
}

static void check_none(void **state)
{
  row const *r = ROWS_ROW(row, state);
  stamp st;
  read_exact(&st, "2026-11-23 13:44:00 x", ""); /* the "minute known already" */
  assert_true(st.timed);
  read_exact(&st, r->stamp, "");
  assert_int_equal(st.len, 0);
  assert_false(st.timed);
}

/* The zone of another place is not known, and a word that begins like a zone is a word. */
static void text_like_a_zone(void **state)
{
  static char const *const texts[] = {"mx1 qmail[12]: x", "mx1 auth: x", "Zoe: x", "PST x",  "UTC+1 x",
                                      "Europe/Rome x",    "+1 x",        "-",      "CETI x", "-0100x"};
  static char const *const dates[] = {"2026-11-23 13:44:00", "2026-11-23T12:44:00", "2026-11-23_12:44:00"};
  (void)state;
  for (size_t i = 0; i < 3 * sizeof texts / sizeof *texts; i++) {
    char line[128];
    stamp st;
    snprintf(line, sizeof line, "%s %s", dates[i % 3], texts[i / 3]);
    read_exact(&st, line, "");
    assert_int_equal(st.len, 20);
    assert_true(st.timed && st.when == NOON * BILLION);
  }
}

static void blanks_beyond_two_are_text(void **state)
{
  static char const *const pieces[] = {LABEL,
                                       "2026-11-23 13:44:00 ",
                                       "2026-11-23T12:44:00Z ",
                                       "1461492794.123456 ",
                                       "Nov 23 13:44:00 mx1 qmail: ",
                                       "Nov 23 13:44:00 mx1 qmail: [ID 1 mail.info] ",
                                       "1795437840.123456 mx1 qmail[12]: ",
                                       "<22>1 2026-11-23T12:44:00Z mx1 qmail 12 - - ",
                                       "2026-11-23T12:44:00Z stdout F ",
                                       "mail.info: "};
  (void)state;
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    char line[128];
    stamp st;
    snprintf(line, sizeof line, "%s  " LABEL, pieces[i]);
    prefix_read(&st, span_of(line), &hints);
    assert_int_equal(st.len, strlen(pieces[i]) + 1);
  }
}

/* Blanks at the end of a line do not count, so a piece needs none there. */
static void at_the_end(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof timed / sizeof *timed; i++) {
    size_t len = strlen(timed[i].stamp);
    char *in = rows_exact(timed[i].stamp, len);
    stamp whole, cut;
    prefix_read(&whole, (span){in, len}, &hints);
    while (len && in[len - 1] == ' ')
      len--;
    prefix_read(&cut, (span){in, len}, &hints);
    assert_int_equal(cut.len, len);
    assert_true(cut.timed && cut.when == whole.when && span_equal(cut.host, whole.host));
    free(in);
  }
}

static void no_more_than_eight(void **state)
{
  char line[64 * 10] = "";
  (void)state;
  for (int n = 1; n <= 10; n++) {
    stamp st;
    char count[32];
    snprintf(count, sizeof count, "%d.000000 ", n);
    strcat(line, count);
    read_exact(&st, line, "");
    assert_true(st.timed && st.when == (n < 8 ? n : 8) * BILLION);
    assert_int_equal(st.len, 9 * (n < 8 ? n : 8));
  }
}

/* What is wrong after a piece is text, and what the piece said stands. */
static void wrong_behind_a_label(void **state)
{
  static char const *const wrong[] = {"2026-02-30 00:00:00 x",
                                      "2026.02-20 00:00:00 x",
                                      "2026-02.20 00:00:00 x",
                                      "2026-02-20t00:00:00 x",
                                      "2026-02-20 00:00:00Zulu",
                                      "2026-02-20 00:00:0",
                                      "2026-02-20 00.00:00 x",
                                      "2026-02-20",
                                      "2",
                                      "mx1 qmail[12]: x",
                                      "stdout X x",
                                      "stdout FP x",
                                      "stdout Fmail.info: x",
                                      "stdin F x",
                                      "Nov 31 12:44:00 mx1 qmail: x",
                                      "<22>Nov 23 12:44:00 x"};
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    char line[128];
    stamp st;
    snprintf(line, sizeof line, "%s%s", LABEL, wrong[i]);
    read_exact(&st, line, "");
    assert_int_equal(st.len, strlen(LABEL));
    assert_true(st.timed && st.when == NOON * BILLION + 123456789);
  }
}

/* After a stamp, names without a host or a process id are text. */
static void text_like_a_header(void **state)
{
  static char const *const texts[] = {"auth: ann",
                                      "auth: ann: x",
                                      "status: local 1/10 remote 2/20",
                                      "delivery 5: success: x",
                                      "end msg 7",
                                      "warning: trouble: x",
                                      "mx1 5qmail: x",
                                      "mx1 qmail [a]: x",
                                      "qmail [1] x",
                                      "mx1 qmail",
                                      "mail.info x"};
  static char const *const stamps[] = {"2026-11-23T12:44:00Z ", "2026-11-23T13:44:00+01:00 "};
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    for (size_t k = 0; k < 2; k++) {
      char line[128];
      stamp st;
      snprintf(line, sizeof line, "%s%s", stamps[k], texts[i]);
      read_exact(&st, line, "");
      assert_int_equal(st.len, strlen(stamps[k]));
      assert_true(st.timed && st.when == NOON * BILLION);
    }
}

/* After a number too, unless they have both. */
static void text_like_a_journal(void **state)
{
  static char const *const texts[] = {
      "qmail[12]: x", "mx1 qmail: x",    "mx1: qmail[12]: x", "mx1 5q[12]: x", "mx1 q[]: x",
      "mx1 [12]: x",  "mx1 qmail[12]:x", "mx1 qmail[12]",     "mx1 q[a]: x",   "mx1 qmail [12]: x"};
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    char line[128];
    stamp st;
    snprintf(line, sizeof line, "1461492794.123456 %s", texts[i]);
    read_exact(&st, line, "");
    assert_int_equal(st.len, 18);
  }
}

typedef struct {
  char const *name, *line, *number;
  int more;
} part_row;

static part_row const parts[] = {
    {"a number before a text", "Nov 23 12:44:00 mx1 qmail: 1461492794.123456 x", "1461492794.123456", 0},
    {"a number before the rest of a text", "Nov 23 12:44:00 mx1 qmail: 1461492794.123456+x",
     "1461492794.123456", 1},
    {"blanks of the rest belong to it", "1461492794.123456+  x", "1461492794.123456", 1},
    {"a rest that looks like a piece is text", "1461492794.123456+7.000000 x", "1461492794.123456", 1},
    {"a number with a piece after it", "1461492794.123456 mail.info: x", "", 0},
    {"a number with a header after it", "1461492794.123456 mx1 qmail[12]: x", "", 0},
    {"no number", LABEL "x", "", 0},
};

static void check_part(void **state)
{
  part_row const *r = ROWS_ROW(part_row, state);
  stamp st;
  prefix_read(&st, span_of(r->line), &hints);
  assert_true(span_equal(st.number, span_of(r->number)));
  assert_int_equal(st.more, r->more);
  if (st.more)
    assert_int_equal(st.len, (size_t)(strchr(r->line, '+') + 1 - r->line));
}

/* Of the two passages of a repeated hour the newest stamp decides. */
typedef struct {
  char const *name, *line;
  int64_t newest, when; /* seconds */
} passage_row;

#define FIRST_TIME 1792888200 /* 2026-10-25 02:30, in summer time */
#define SECOND_TIME (FIRST_TIME + 3600)

static passage_row const passages[] = {
    {"5 minutes behind is still the first", "2026-10-25 02:30:00 ", FIRST_TIME + 300, FIRST_TIME},
    {"more is the second", "2026-10-25 02:30:00 ", FIRST_TIME + 301, SECOND_TIME},
    {"much more too", "2026-10-25 02:30:00 ", FIRST_TIME + 86400, SECOND_TIME},
    {"ahead is the first", "2026-10-25 02:30:00 ", FIRST_TIME - 86400, FIRST_TIME},
    {"the second within its minute", "2026-10-25 02:30:59 ", FIRST_TIME + 359, FIRST_TIME + 59},
    {"the second within its minute, late", "2026-10-25 02:30:59 ", FIRST_TIME + 360, SECOND_TIME + 59},
    {"the fraction counts", "2026-10-25 02:30:00.000000001 ", FIRST_TIME + 300, FIRST_TIME},
    {"an hour that comes once has no second", "2026-10-25 03:30:00 ", SECOND_TIME + 3600 + 301,
     SECOND_TIME + 3600},
    {"a date without a year likewise, the first", "Oct 25 02:30:00 q: ", FIRST_TIME + 300, FIRST_TIME},
    {"a date without a year likewise, the second", "Oct 25 02:30:00 q: ", FIRST_TIME + 301, SECOND_TIME},
};

static void check_passage(void **state)
{
  passage_row const *r = ROWS_ROW(passage_row, state);
  date_reader newest = {.machine = NOON * BILLION, .newest = r->newest * BILLION};
  stamp st;
  prefix_read(&st, span_of(r->line), &newest);
  assert_true(st.timed && st.when / BILLION == r->when);
  newest.newest++;
  prefix_read(&st, span_of(r->line), &newest);
  assert_true(st.timed);
  assert_int_equal(st.when / BILLION, r->newest == FIRST_TIME + 300 && !strstr(r->line, ".0") ? SECOND_TIME
                                      : r->newest == FIRST_TIME + 359 ? SECOND_TIME + 59
                                                                      : r->when);
}

/* A year's dates, read at times all over another year: the year is the latest that is not too far ahead. */
static void years_of_dates(void **state)
{
  (void)state;
  for (time_t now = 1767222000; now < 1767222000 + 366 * 86400; now += 86400 * 7 + 1799)
    for (time_t t = now + 86400; t > now - 364 * 86400; t -= 86400 * 5 + 3601) {
      date_reader then = {.machine = now * BILLION, .newest = INT64_MIN};
      char line[64];
      stamp st;
      struct tm tm;
      localtime_r(&t, &tm);
      strftime(line, sizeof line, "%b %e %H:%M:%S q: x", &tm);
      prefix_read(&st, span_of(line), &then);
      assert_true(st.timed);
      if (tm.tm_mon != 9) /* October has the repeated hour */
        assert_true(st.when == t * BILLION);
    }
}

/* The machine's clock goes on while one and the same minute is read. */
static void the_year_turns(void **state)
{
  stamp st;
  (void)state;
  for (int ahead = -2; ahead <= 2; ahead++) {
    date_reader then = {.machine = (NOON - 86400 + ahead) * BILLION, .newest = INT64_MIN};
    prefix_read(&st, span_of("Nov 23 13:44:00 q: x"), &then);
    assert_true(st.timed && st.when == (NOON - (ahead < 0 ? 365 * 86400 : 0)) * BILLION);
  }
  for (int year = 1990; year < 2100; year++) {
    date_reader then = {.machine = ((year - 1970) * INT64_C(31556952)) * BILLION, .newest = INT64_MIN};
    int leap = year - 1 - (year - 1) % 4;
    struct tm tm = {.tm_year = (leap == 1900 ? 1896 : leap) - 1900, .tm_mon = 1, .tm_mday = 29};
    prefix_read(&st, span_of("Feb 29 00:00:00 q: x"), &then);
    assert_true(st.timed && st.when == mktime(&tm) * BILLION);
  }
}

/* Each half hour of a year, as localtime(3) shows it, is read back; in the repeated hour, as its first half.
 */
static void local_times_of_a_year(void **state)
{
  (void)state;
  for (time_t t = 1767222000; t < 1767222000 + 366 * 86400; t += 1799) {
    char line[64];
    stamp st;
    struct tm tm, earlier;
    time_t before = t - 3600;
    localtime_r(&t, &tm);
    localtime_r(&before, &earlier);
    strftime(line, sizeof line, "%Y-%m-%d %H:%M:%S x", &tm);
    read_exact(&st, line, "");
    assert_true(st.timed && st.when == (int64_t)(earlier.tm_hour == tm.tm_hour ? before : t) * BILLION);
  }
}

/* From 1679 to 2260, a time of each day, as gmtime(3) shows it. */
static void days_of_six_centuries(void **state)
{
  (void)state;
  for (time_t day = -106000; day < 106000; day++) {
    time_t t = day * 86400 + (day * 7919 % 86400 + 86400) % 86400;
    char line[64];
    stamp st;
    struct tm tm;
    gmtime_r(&t, &tm);
    strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%S.5 x", &tm);
    prefix_read(&st, span_of(line), &hints);
    assert_true(st.timed && st.when == (int64_t)t * BILLION + BILLION / 2);
  }
}

static size_t length_of(char const *line, char const *host)
{
  stamp st;
  read_exact(&st, line, host);
  return st.len;
}

/* In the two forms that a month has, by its number and by its name. */
static void days_of_a_month(void **state)
{
  static char const *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  static int const days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  (void)state;
  for (int month = 1; month <= 12; month++)
    for (int day = 0; day <= 33; day++) {
      char line[64];
      int exists = day >= 1 && day <= days[month - 1], leap_day = month == 2 && day == 29;
      snprintf(line, sizeof line, "2026-%02d-%02d_12:44:00 ", month, day);
      assert_int_equal(length_of(line, ""), exists ? 20 : 0);
      snprintf(line, sizeof line, "%s %2d 12:44:00 h q: ", names[month - 1], day);
      assert_int_equal(length_of(line, exists || leap_day ? "h" : ""), exists || leap_day ? 21 : 0);
    }
}

int main(void)
{
  static rows_list list;
  setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
  tzset();
  ROWS_ADD(&list, timed, check_timed);
  ROWS_ADD(&list, untimed, check_untimed);
  ROWS_ADD(&list, none, check_none);
  ROWS_ADD(&list, parts, check_part);
  ROWS_ADD(&list, passages, check_passage);
  rows_one(&list, "no piece takes more than two blanks", blanks_beyond_two_are_text);
  rows_one(&list, "after a time without a zone, a word that is no zone is text, and so are names",
           text_like_a_zone);
  rows_one(&list, "at the end of a line a piece has no blank after it", at_the_end);
  rows_one(&list, "the ninth piece is text", no_more_than_eight);
  rows_one(&list, "a wrong piece after a label is text", wrong_behind_a_label);
  rows_one(&list, "after a stamp, names alone are text", text_like_a_header);
  rows_one(&list, "after a number, names want a host and a process id", text_like_a_journal);
  rows_one(&list, "a date without a year is of the latest year that fits", years_of_dates);
  rows_one(&list, "the year changes with the machine's clock, and leap days are rare", the_year_turns);
  rows_one(&list, "a month has the days that it has, and no more", days_of_a_month);
  rows_one(&list, "every day of six centuries is read", days_of_six_centuries);
  rows_one(&list, "local times of a whole year are read back", local_times_of_a_year);
  return rows_run(&list, "prefix");
}
