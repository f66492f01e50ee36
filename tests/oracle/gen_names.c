/* gen_names.c - senders and recipients: few, so that limits are passed, and odd ones among them. */
#include <stdio.h>
#include <string.h>

#include "gen.h"

static char const *const odd[] = {"",
                                  "#@[]",
                                  "ann+shop@example.org",
                                  "prvs=1234abcd=ann@example.org",
                                  "btv1==0a1b==BOB@example.org",
                                  "SRS0=HHH=TT=example.net=carl@fwd.example.org",
                                  "srs1+abc=x@fwd.example.org",
                                  "srs0@fwd.example.org",
                                  "srs2=abc@fwd.example.org",
                                  "owner-news-@lists.example.org-@[]",
                                  "root",
                                  "prvs=1=root",
                                  "we>ird@example.org",
                                  "a<b@example.net",
                                  "\"quo;ted\"@example.org",
                                  "ann@",
                                  "@example.org",
                                  "a@b@example.com",
                                  "100%@example.org",
                                  "+ann@example.org",
                                  "ann++@example.org",
                                  "@[]",
                                  "-@[]",
                                  "#@[]-@[]",
                                  "list-return-x-@lists.example.org",
                                  "list-return-7-user@lists.example.org",
                                  "-return-5-@lists.example.org",
                                  "list-return-1-b-return-2-c=d@lists.example.org",
                                  "list-return-1-x=y-return-2-z@lists.example.org",
                                  "prvs=tag=srs0-x@fwd.example.org",
                                  "prvs=none@example.org",
                                  "btv1==x=y@example.org",
                                  "prvs==@example.org",
                                  "$(reboot)@example.net",
                                  "b\303\266b@example.net",
                                  "\320\260\320\275\321\217@example.net",
                                  "\320\261\320\276\321\200@example.net",
                                  "news-bounces+ann=example.net@lists.example.org",
                                  "news-bounces+bob=example.net@lists.example.org",
                                  "News+a+b=c@lists.example.org",
                                  "+a+b=c@lists.example.org",
                                  "+a=b@lists.example.org",
                                  "a=b+c@lists.example.org",
                                  "news+=@lists.example.org",
                                  "prvs=1=news-bounces+ann=x@lists.example.org",
                                  "srs0+a+b=c@fwd.example.org",
                                  "list-return-3-a+b=c@lists.example.org",
                                  "list-return-x-a+b=c@lists.example.org",
                                  "news+ann=root",
                                  "[star]*?@example.net"};

static char const *const odd_to[] = {"root",
                                     "ann@",
                                     "@dest.example",
                                     "USER1@dest1.example.net",
                                     "user1@DEST1.example.net",
                                     "a@b@dest2.example.net",
                                     "@",
                                     "info msg 7"};

void gen_sender(gen *g, char *s, size_t room)
{
  static char const *const usual[] = {"mallory@example.org",     "ann@example.org",     "Bob@Example.ORG",
                                      "carl@mail.example.org",   "dora@example.net",    "ann@example.com",
                                      "newsletter@bulk.example", "MALLORY@example.org", "eve.1@example.net"};
  static char const *const dests[] = {"example.net", "example.com", "dest.example"};

  if (gen_in(g, 8))
    snprintf(s, room, "list-return-%u-%s%u=%s@lists.example.org", (unsigned)gen_below(g, 20),
             gen_in(g, 2) ? "user" : "USER", (unsigned)gen_below(g, 5), dests[gen_below(g, 3)]);
  else if (gen_in(g, 20))
    snprintf(s, room, "news-return-%u-@lists.example.org%s", (unsigned)gen_below(g, 20),
             gen_in(g, 2) ? "-@[]" : "");
  else if (gen_in(g, 12))
    snprintf(s, room, "%s-bounces+user%u=%s@lists.example.org", gen_in(g, 2) ? "news" : "talk",
             (unsigned)gen_below(g, 30), dests[gen_below(g, 3)]);
  else if (gen_in(g, 5))
    snprintf(s, room, "%s", odd[gen_below(g, sizeof odd / sizeof *odd)]);
  else if (gen_in(g, 400))
    snprintf(s, room, "%0*u%s%u@long.example.org", 750 + (int)gen_below(g, 230), (unsigned)gen_below(g, 3),
             gen_in(g, 2) ? "%%\303\266" : "", (unsigned)gen_below(g, 3));
  else
    snprintf(s, room, "%s",
             usual[gen_in(g, 2) ? gen_below(g, 2) : gen_below(g, sizeof usual / sizeof *usual)]);
}

void gen_recipient(gen *g, char *s, size_t room)
{
  if (gen_in(g, 12))
    snprintf(s, room, "%s", odd_to[gen_below(g, sizeof odd_to / sizeof *odd_to)]);
  else if (gen_in(g, 50))
    snprintf(s, room, "we>ird%u@%%dest.example", (unsigned)gen_below(g, 3));
  else if (gen_in(g, 400))
    snprintf(s, room, gen_in(g, 2) ? "%0*u@long.example.net" : "%0*u%%\303\244%%@long.example.net",
             880 + (int)gen_below(g, 100), (unsigned)gen_below(g, 9));
  else
    snprintf(s, room, "user%u@dest%u.example.net", (unsigned)gen_below(g, 40), (unsigned)gen_below(g, 3));
}

char const *gen_channel(gen *g)
{
  static char const *const channels[] = {"remote", "remote", "remote", "remote", "local", "local", "suppl0"};

  return channels[gen_below(g, sizeof channels / sizeof *channels)];
}
