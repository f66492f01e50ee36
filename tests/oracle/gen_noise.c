/* gen_noise.c - lines that look like qmail-send's and are not, other programs' lines, and damage. */
#include <stdio.h>
#include <string.h>

#include "gen.h"

static char const *const fixed[] = {
    "status: local 0/10 remote 3/20",
    "status: exiting",
    "",
    "running",
    "tcpserver: status: 3/40",
    "mail recv: pid 71 from <mallory@example.org> qp 71",
    "info: queue domain msg 3: rate 5",
    "info msg 1001: bytes 500 from <mallory@example.org qp 7 uid 89",
    "info msg 1001: bytes 500 from mallory@example.org> qp 7 uid 89",
    "info msg 1001: bytes -5 from <mallory@example.org> qp 7 uid 89",
    "info msg +1001: bytes 5 from <mallory@example.org> qp 7 uid 89",
    "info msg 1001: bytes 5 from <mallory@example.org> qp 7x uid 89",
    "info msg 1001: bytes 5 from <mallory@example.org> qp 7 uid ",
    "info msg 18446744073709551616: bytes 5 from <mallory@example.org> qp 7 uid 1",
    "info msg 1001: bytes 5 from <mallory@example.org> qp 18446744073709551616 uid 1",
    "info msg 18446744073709551615: bytes 0 from <mallory@example.org> qp 018446744073709551615 uid 007",
    "info msg 1002: bytes 10 from <mal lory@example.org> qp 7 uid 1",
    "info msg 1002: bytes 10 from <mallory@example.org> qp 7 uid 1 q1 q2",
    "starting delivery 3: msg 1001 to remote a b c",
    "starting delivery 3: msg 1001 to remote ",
    "starting delivery 3: msg 1001 to remote",
    "starting delivery : msg 1001 to remote a@example.net",
    "starting delivery 4: msg x to remote a@example.net",
    "delivery 3: succ",
    "delivery 3: success",
    "delivery 999: failure: nobody_asked",
    "bounce msg 1001",
    "bounce msg 99999 qp 5",
    "triple bounce: discarding bounce/1001",
    "warning: trouble opening remote/3/1001; will try again later",
    "end msg 99999",
    "end msg ",
    "End msg 1001",
    " info msg 1001: bytes 5 from <mallory@example.org> qp 7 uid 89",
    "@400000006b0439c6 info msg 1001: bytes 5 from <mallory@example.org> qp 7 uid 89",
    "authlog: authuser=mallory@example.org, host=192.0.2.7",
    "authlog: authuser=\"\" host=192.0.2.7",
    "qmail-smtpd: authuser=ann;authuser=bob",
    "qmail-smtpd: authuser=carl\tok",
    "qmail-smtpd: authuser=",
    "2025-06-15 15:06:40 Z",
    "2025-06-15 15:06:40 +15:00 info msg 1003: bytes 5 from <mallory@example.org> qp 7 uid 89",
    "2025-06-15 15:06:40 +14:60 info msg 1003: bytes 5 from <mallory@example.org> qp 7 uid 89",
    "2025-06-15 15:06:40 XYZ info msg 1003: bytes 5 from <mallory@example.org> qp 7 uid 89",
    "2025-06-15 15:06:40 Europe/Rome info msg 1003: bytes 5 from <mallory@example.org> qp 7 uid 89",
    "2025-06-15T15:06:40Z auth: ann",
    "2025-06-15 15:06:40 CET auth: ann",
    "Jun 15 2025 15:06:40 auth: authuser=ann",
    "Jun 15 2025 15:06:40 mx1 auth: authuser=ann",
    "15-Jun-2025:15:06:40 authuser=ann",
    "15/Jun/2025:15:06:40 authuser=ann",
    "[15-Jun-2025 15:06:40 authuser=ann",
    "[15-Jun-2025 15:06:40] authuser=ann",
    "31-Feb-2025 15:06:40 authuser=ann",
    "delivery 3: deferral: ratetap:_",
    "Nov 23 12:44:00 info msg 1003: bytes 5 from <mallory@example.org> qp 7 uid 89",
    "2025-06-15T15:06:40 mx1 qmail: info msg 1003: bytes 5 from <mallory@example.org> qp 7 uid 89",
    "<22>info msg 1003: bytes 5 from <mallory@example.org> qp 7 uid 89",
    "xinfo msg 1003",
    "info msg info msg x",
    "info msg  1003",
    "smtpd.info: info msg 1003: bytes 5 from <mallory@example.org> qp 7 uid 89",
    "starting delivery x3: msg 1001 to remote a@example.net",
    "starting delivery 3.: msg 1001 to remote a@example.net",
    "starting delivery 3x: msg 1001 to remote a@example.net",
    "starting delivery 0003.a: msg 1001 to remote a@example.net",
    "starting delivery 3.a:b: msg 1001 to remote a@example.net",
    "delivery 3.a: failure: no",
    "delivery 3:b: failure: no",
    "delivery 3: failure:",
    "delivery 3: failure: info msg 7",
    "delivery 3: report mangled, will defer:",
    "delivery 3: report mangled, will defer: a b",
    "end msg 1001 qmail-send:",
    "end msg 1001 x:",
};

static size_t garbage(gen *g, char *text)
{
  size_t n = gen_below(g, 80);

  for (size_t i = 0; i < n; i++) {
    text[i] = (char)gen_below(g, 256);
    if (text[i] == '\n')
      text[i] = 0;
  }
  return n;
}

/* Logins with addresses, as other servers write them. */
static size_t login(gen *g, char *text, size_t room)
{
  static char const *const who[] = {"ann@example.org",
                                    "Bob@example.org",
                                    "(unknown)",
                                    "carl",
                                    "it's",
                                    "d;e",
                                    "100%",
                                    "\320\260\320\275\321\217@example.org",
                                    "\320\261\320\276\321\200@example.org"};
  static char const *const forms[][2] = {
      {"vchkpw-submission: (PLAIN) login success ", ":192.0.2."},
      {"spamdyke[7]: DENIED auth: ", " encryption: (none) origin_ip: 192.0.2."},
      {"qmail-smtpd: authuser=", " host=192.0.2."},
      {"imap-login: Login: user=<", ">, method=PLAIN, rip=192.0.2."},
      {"mail() on [/var/www/", ".php:12]: To: user@192.0.2."},
      {"smtp: helo=authuser=eve authuser=\"", "\", ip=192.0.2."}};
  static char const *const tails[] = {"", " x", ", y", " authuser=bob", "."};
  char const *const *form = forms[gen_below(g, 6)];
  char const *w = who[gen_below(g, sizeof who / sizeof *who)];
  unsigned ip = (unsigned)gen_below(g, 30);

  return (size_t)snprintf(text, room, "%s%s%s%u%s", form[0], w, form[1], ip, tails[gen_below(g, 5)]);
}

void gen_noise(gen *g, unsigned host)
{
  char text[GEN_TEXT];
  size_t n;

  if (gen_in(g, 12)) {
    n = garbage(g, text);
  } else if (gen_in(g, 60)) {
    n = gen_in(g, 3) ? 65400 + gen_below(g, 200) : 7000 + gen_below(g, 3000);
    memset(text, 'x', n);
    memcpy(text + n - 40, "authuser=far authuser=ann", 25);
  } else if (gen_in(g, 2)) {
    n = login(g, text, sizeof text);
  } else {
    n = (size_t)snprintf(text, sizeof text, "%s", fixed[gen_below(g, sizeof fixed / sizeof *fixed)]);
  }
  gen_line(g, host, text, n, 1);
}

/* Changes, drops or adds a byte, or cuts the line short. */
size_t gen_damage(gen *g, char *text, size_t n)
{
  static char const bytes[] = "0123456789 <>:@=-./abqu\t\r\200\377";
  size_t at = gen_below(g, n);
  char c = bytes[gen_below(g, sizeof bytes - 1)];

  switch (gen_below(g, 4)) {
  case 0: text[at] = c; return n;
  case 1: memmove(text + at, text + at + 1, n - at - 1); return n - 1;
  case 2:
    memmove(text + at + 1, text + at, n - at);
    text[at] = c;
    return n + 1;
  default: return at;
  }
}
