#include "rows.h"

#include "log/stamp.h"
#include <stdio.h>
#include <time.h>

#define BILLION INT64_C(1000000000)
#define LABEL "@400000006b04351a075bcd15 " /* 1795437840.123456789, 2026-11-23 12:44:00 UTC */
#define NOON 1795437840

typedef struct {
  char const *name, *stamp; /* what stands before the text */
  int64_t seconds;
  uint32_t nano;
  char const *host;
} row;

/* Local time in these tests is one hour ahead of UTC, two in summer. */
static row const timed[] = {
    {"multilog's label", LABEL, NOON, 123456789, ""},
    {"the first year that is a time", "@3ffffffddca62c8a00000000 ", -9183024000, 0, ""},
    {"the last year that is a time", "@40000002235b25093b9ac9ff ", 9183110399, 999999999, ""},
    {"local time", "2026-11-23 13:44:00.123456789 ", NOON, 123456789, ""},
    {"local time in summer", "2026-07-01 02:00:59.5 ", 1782864059, 500000000, ""},
    {"local time, two blanks", "2026-11-23 13:44:00.123456789  ", NOON, 123456789, ""},
    {"local time without a fraction", "2026-11-23 13:44:00 ", NOON, 0, ""},
    {"local time with one digit of fraction", "2026-11-23 13:44:01.1 ", NOON + 1, 100000000, ""},
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
    {"label, then local time: the label is the time", LABEL "2020-01-01 00:00:00.5  ", NOON, 123456789, ""},
    {"label, then local time, one blank", LABEL "2020-01-01 00:00:00.5 ", NOON, 123456789, ""},
    {"svlogd -tt, UTC", "2026-11-23_12:44:00.12345 ", NOON, 123450000, ""},
    {"svlogd -ttt, UTC", "2026-11-23T12:44:00.12345 ", NOON, 123450000, ""},
    {"svlogd's form without a fraction", "2026-11-23_12:44:00 ", NOON, 0, ""},
    {"svlogd's form with nine digits", "2026-11-23T12:44:00.000000001 ", NOON, 1, ""},
    {"six digits of fraction", "1461492794.123456 ", 1461492794, 123456000, ""},
    {"nine digits of fraction", "1461492794.123456789 ", 1461492794, 123456789, ""},
    {"seconds of one digit", "7.000000001 ", 7, 1, ""},
    {"syslog, then splogger", "Nov 23 12:44:00 mx1 qmail: 1461492794.123456 ", 1461492794, 123456000, "mx1"},
    {"syslog with a process id", "Nov  3 12:44:00 mx1 qmail[12]: 1461492794.123456 ", 1461492794, 123456000,
     "mx1"},
    {"ISO, then splogger", "2026-11-23T12:44:00.123456+01:00 mx.example.org qmail[12]: 1461492794.123456 ",
     1461492794, 123456000, "mx.example.org"},
    {"ISO, east of Greenwich", "2026-11-23T13:44:00.123456+01:00 mx1 qmail[12]: ", NOON, 123456000, "mx1"},
    {"ISO, west of Greenwich", "2026-11-23T09:14:00.1-03:30 mx1 qmail: ", NOON, 100000000, "mx1"},
    {"ISO, zone without a colon", "2026-11-23T13:44:00+0100 mx1 qmail: ", NOON, 0, "mx1"},
    {"ISO, zone without a colon, west", "2026-11-23T11:44:00.000000001-0100 mx1 qmail: ", NOON, 1, "mx1"},
    {"ISO, 23 hours and 59 minutes east", "2026-11-24T12:43:00+23:59 mx1 qmail: ", NOON, 0, "mx1"},
    {"ISO, the zone of Greenwich in figures", "2026-11-23T12:44:00+00:00 mx1 qmail: ", NOON, 0, "mx1"},
    {"label, then local time of year 9999", LABEL "9999-12-31 23:59:59 ", NOON, 123456789, ""},
    {"label, then local time of year 1", LABEL "0001-01-01 00:00:00 ", NOON, 123456789, ""},
    {"ISO, Z", "2026-11-23T12:44:00Z 10.0.0.1 qmail[1]: ", NOON, 0, "10.0.0.1"},
    {"ISO, Z and a fraction", "2026-11-23T12:44:00.5Z ::1 q: ", NOON, 500000000, "::1"},
};

/* Skipped, but they give no time. */
static row const untimed[] = {
    {"syslog without a number names no year", "Nov 23 12:44:00 mx1 qmail: ", 0, 0, "mx1"},
    {"syslog on 29 February", "Feb 29 00:00:00 mx1 qmail[7]: ", 0, 0, "mx1"},
    {"syslog with a leap second", "Jan  1 00:59:60 mx1 qmail[7]: ", 0, 0, "mx1"},
    {"a reserved label is no time", "@ffffffff6b04351a075bcd15 ", 0, 0, ""},
    {"the label zero is no time", "@000000000000000000000000 ", 0, 0, ""},
    {"the highest label is no time", "@7fffffffffffffff3b9ac9ff ", 0, 0, ""},
    {"a label before 1679 is no time", "@3ffffffddca62c893b9ac9ff ", 0, 0, ""},
    {"a label after 2260 is no time", "@40000002235b250a00000000 ", 0, 0, ""},
    {"a reserved label, then local time", "@800000000000000000000000 2026-11-23 13:44:00 ", 0, 0, ""},
    {"local time of year 9999 is no time", "9999-12-31 23:59:59 ", 0, 0, ""},
    {"local time of year 1 is no time", "0001-01-01 00:00:00 ", 0, 0, ""},
    {"UTC of year 1 is no time", "0001-01-01T00:00:00.5 ", 0, 0, ""},
    {"a number after 2260 is no time", "9183110400.000000 ", 0, 0, ""},
    {"the highest number is no time", "18446744073709551615.999999999 ", 0, 0, ""},
    {"splogger's number is the time even if it is none",
     "2026-11-23T12:44:00Z mx1 qmail: 18446744073709551615.999999 ", 0, 0, "mx1"},
};

/* Not stamped: all of it is text. */
static row const none[] = {
    {"nothing", "", 0, 0, ""},
    {"qmail-send's own line", "new msg 7", 0, 0, ""},
    {"an '@' alone", "@", 0, 0, ""},
    {"a label without a blank at the end of the line", "@400000006b04351a075bcd15", 0, 0, ""},
    {"a label with another byte behind it", "@400000006b04351a075bcd15:new", 0, 0, ""},
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
    {"no colon behind a minute known already", "2026-11-23 13:44.00 x", 0, 0, ""},
    {"no dash behind the year", "2026.11-23 12:44:00 x", 0, 0, ""},
    {"no dash behind the month", "2026-11.23 12:44:00 x", 0, 0, ""},
    {"no colon behind the hour", "2026-11-23 12.44:00 x", 0, 0, ""},
    {"no colon behind the minute", "2026-11-23T12:44.00 x", 0, 0, ""},
    {"a colon in the year", "20:6-11-23 12:44:00 x", 0, 0, ""},
    {"a colon in the fraction", "2026-11-23T12:44:00.12:45 x", 0, 0, ""},
    {"the year 0", "0000-01-01 00:00:00 x", 0, 0, ""},
    {"a year with a letter", "2o26-11-23 12:44:00 x", 0, 0, ""},
    {"a year of five digits", "12026-11-23 12:44:00 x", 0, 0, ""},
    {"a fraction without digits", "2026-11-23 12:44:00. x", 0, 0, ""},
    {"ten digits of fraction", "2026-11-23 12:44:00.1234567890 x", 0, 0, ""},
    {"a comma before the fraction", "2026-11-23 12:44:00,123 x", 0, 0, ""},
    {"local time without a blank at the end", "2026-11-23 12:44:00", 0, 0, ""},
    {"local time and fraction without a blank at the end", "2026-11-23 12:44:00.123456789", 0, 0, ""},
    {"UTC without a blank at the end", "2026-11-23T12:44:00.12345", 0, 0, ""},
    {"another byte between date and time", "2026-11-23t12:44:00 x", 0, 0, ""},
    {"a tab between date and time", "2026-11-23\t12:44:00 x", 0, 0, ""},
    {"a zone behind svlogd's '_'", "2026-11-23_12:44:00Z mx1 qmail: x", 0, 0, ""},
    {"a zone behind local time", "2026-11-23 12:44:00+01:00 mx1 qmail: x", 0, 0, ""},
    {"five digits of fraction behind seconds", "1461492794.12345 x", 0, 0, ""},
    {"seven digits of fraction behind seconds", "1461492794.1234567 x", 0, 0, ""},
    {"ten digits of fraction behind seconds", "1461492794.1234567890 x", 0, 0, ""},
    {"seconds without a fraction", "1461492794 x", 0, 0, ""},
    {"a number of seconds that is none", "18446744073709551616.123456 x", 0, 0, ""},
    {"a number without a blank at the end", "1461492794.123456", 0, 0, ""},
    {"a number with a sign", "-1461492794.123456 x", 0, 0, ""},
    {"a fraction without seconds", ".123456 x", 0, 0, ""},
    {"a number of a short line", "1", 0, 0, ""},
    {"syslog without an ident", "Nov 23 12:44:00 mx1 last message repeated 2 times", 0, 0, ""},
    {"syslog with an empty ident", "Nov 23 12:44:00 mx1 : x", 0, 0, ""},
    {"syslog without a host", "Nov 23 12:44:00  qmail: x", 0, 0, ""},
    {"syslog with no blank behind the ident", "Nov 23 12:44:00 mx1 qmail:", 0, 0, ""},
    {"syslog cut behind the host", "Nov 23 12:44:00 mx1", 0, 0, ""},
    {"syslog cut behind the time", "Nov 23 12:44:00 ", 0, 0, ""},
    {"syslog cut inside the time", "Nov 23 12:44:0", 0, 0, ""},
    {"syslog with a month that is none", "Nev 23 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"syslog with a month across two names", "anF 23 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"syslog with another byte behind the month", "Nov.23 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"syslog with another byte behind the day", "Nov 23.12:44:00 mx1 qmail: x", 0, 0, ""},
    {"syslog with another byte behind the time", "Nov 23 12:44:00.mx1 qmail: x", 0, 0, ""},
    {"syslog with no colon behind the hour", "Nov 23 12.44:00 mx1 qmail: x", 0, 0, ""},
    {"names behind a letter, in a line too short for a date", "Nov qq: x", 0, 0, ""},
    {"names behind a letter, and blanks where a date has its own", "Nov q: 12345678 new msg 7", 0, 0, ""},
    {"syslog on 30 February", "Feb 30 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"syslog on day 0", "Nov  0 12:44:00 mx1 qmail: x", 0, 0, ""},
    {"syslog at 24:00", "Nov 23 24:00:00 mx1 qmail: x", 0, 0, ""},
    {"ISO without names", "2026-11-23T12:44:00Z new msg 7", 0, 0, ""},
    {"ISO with a zone cut short", "2026-11-23T12:44:00+01:0", 0, 0, ""},
    {"ISO with a zone of one hour digit", "2026-11-23T12:44:00+1:00 mx1 qmail: x", 0, 0, ""},
    {"ISO with a sign and no zone", "2026-11-23T12:44:00+ mx1 qmail: x", 0, 0, ""},
    {"ISO with a zone of 24 hours", "2026-11-23T12:44:00+24:00 mx1 qmail: x", 0, 0, ""},
    {"ISO with a zone of 60 minutes", "2026-11-23T12:44:00+00:60 mx1 qmail: x", 0, 0, ""},
    {"a header of a wrong date gives no host", "2026-02-30T12:44:00Z mx1 qmail: x", 0, 0, ""},
};

static void read_exact(stamp *st, char const *line, char const *host)
{
  size_t len = strlen(line);
  char *in = rows_exact(line, len);
  stamp_read(st, (span){in, len});
  assert_true(st->len <= len);
  assert_true(span_equal(st->host, span_of(host)));
  free(in);
}

/* text stands behind the stamp; it must be left over whole. */
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
    stamp_read(&st, (span){in, len});
    assert_true(st.len <= len);
    if (st.len)
      assert_int_equal(in[st.len - 1], ' ');
    free(in);
  }
}

static void check_all_texts(row const *r, int has_time)
{
  check_before(r, "", has_time);
  check_before(r, "n", has_time);
  check_before(r, "new msg 7", has_time);
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

static void blanks_beyond_two_are_text(void **state)
{
  stamp st;
  (void)state;
  read_exact(&st, "2026-11-23 13:44:00   x", "");
  assert_int_equal(st.len, strlen("2026-11-23 13:44:00  "));
}

static void a_label_takes_one_blank(void **state)
{
  stamp st;
  (void)state;
  read_exact(&st, LABEL " x", "");
  assert_int_equal(st.len, strlen(LABEL));
}

static void no_local_time_behind_a_label(void **state)
{
  static char const *const wrong[] = {"2026-02-30 00:00:00 x",
                                      "2026.02-20 00:00:00 x",
                                      "2026-02.20 00:00:00 x",
                                      "2026-02-20T00:00:00 x",
                                      "2026-02-20_00:00:00 x",
                                      "2026-02-20 00:00:00",
                                      "2026-02-20 00.00:00 x",
                                      "2026-02-20",
                                      "2"};
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    char line[64];
    stamp st;
    snprintf(line, sizeof line, "%s%s", LABEL, wrong[i]);
    read_exact(&st, line, "");
    assert_int_equal(st.len, strlen(LABEL));
    assert_true(st.timed && st.when == NOON * BILLION + 123456789);
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
    stamp_read(&st, span_of(line));
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
  rows_one(&list, "local time takes two blanks at most", blanks_beyond_two_are_text);
  rows_one(&list, "a label takes one blank", a_label_takes_one_blank);
  rows_one(&list, "a wrong local time behind a label is text", no_local_time_behind_a_label);
  rows_one(&list, "a month has the days that it has, and no more", days_of_a_month);
  rows_one(&list, "every day of six centuries is read", days_of_six_centuries);
  rows_one(&list, "local times of a whole year are read back", local_times_of_a_year);
  return rows_run(&list, "stamp");
}
