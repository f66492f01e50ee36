#include "sayings.h"

#include <time.h>

#define MEMORY ((size_t)16 << 20)

static world w;

/* One rule, lines separated by '|', all at one instant, and the alerts they give, each without its label and
 * the rule's text. */
typedef struct {
  char const *name, *rule, *lines, *alerts;
} row;

#define INFO(m, from, uid) "info msg " m ": bytes 900 from <" from "> qp 4 uid " uid "|"

#define TO(d, m, r) "starting delivery " d ": msg " m " to remote " r "|"

static row const rows[] = {
    {"msg counts messages, for the folded sender", "1/1h", INFO("1", "Ann@X", "2") INFO("2", "ann@x", "2"),
     "over 1/1h/msg/sender ann@x count=2 within=0 msg=2 qp=4 uid=2 from=ann@x\n"},
    {"from is the sender as logged", "0/1h", INFO("1", "Ann@X", "2"),
     "over 0/1h/msg/sender ann@x count=1 within=0 msg=1 qp=4 uid=2 from=Ann@X\n"},
    {"byte counts bytes", "899/1h/byte", INFO("1", "a@x", "2"),
     "over 899/1h/byte/sender a@x count=900 within=0 msg=1 qp=4 uid=2 from=a@x\n"},
    {"domain is behind the last '@'", "0/1h/msg/domain", INFO("1", "a@b@X", "2"),
     "over 0/1h/msg/domain x count=1 within=0 msg=1 qp=4 uid=2 from=a@b@X\n"},
    {"a sender without '@' has no domain", "0/1h/msg/domain", INFO("1", "root", "2"), ""},
    {"the null sender has no sender", "0/1h", INFO("1", "", "2"), ""},
    {"nor has the double bounce sender", "0/1h", INFO("1", "#@[]", "2"), ""},
    {"nor have they a domain", "0/1h/msg/domain", INFO("1", "#@[]", "2") INFO("2", "", "2"), ""},
    {"they count for the uid", "1/1h/msg/uid", INFO("1", "#@[]", "2") INFO("2", "", "2"),
     "over 1/1h/msg/uid 2 count=2 within=0 msg=2 qp=4 uid=2 from=\n"},
    {"and for all", "1/1h/msg/all", INFO("1", "#@[]", "2") INFO("2", "", "3"),
     "over 1/1h/msg/all * count=2 within=0 msg=2 qp=4 uid=3 from=\n"},
    {"uids are numbers", "1/1h/msg/uid", INFO("1", "a@x", "007") INFO("2", "b@x", "7"),
     "over 1/1h/msg/uid 7 count=2 within=0 msg=2 qp=4 uid=7 from=b@x\n"},
    {"the largest uid", "0/1h/msg/uid", INFO("1", "a@x", "18446744073709551615"),
     "over 0/1h/msg/uid 18446744073709551615 count=1 within=0 msg=1 qp=4 uid=18446744073709551615 "
     "from=a@x\n"},
    {"remote has its recipient", "0/1h/remote",
     INFO("1", "a@x", "2") "starting delivery 5: msg 1 to remote Bob@Y|",
     "over 0/1h/remote/sender a@x count=1 within=0 msg=1 qp=4 uid=2 from=a@x to=Bob@Y\n"},
    {"so has rcpt", "0/1h/rcpt", INFO("1", "a@x", "2") "starting delivery 5: msg 1 to local Bob@Y|",
     "over 0/1h/rcpt/sender a@x count=1 within=0 msg=1 qp=4 uid=2 from=a@x to=Bob@Y\n"},
    {"fail has none", "0/1h/fail",
     INFO("1", "a@x", "2") "starting delivery 5: msg 1 to local b@y|delivery 5: failure: no|",
     "over 0/1h/fail/sender a@x count=1 within=0 msg=1 qp=4 uid=2 from=a@x\n"},
    {"line counts the word behind its text", "1/1h/line/authuser=", "x authuser=ann y|authuser=ann,z|",
     "over 1/1h/line/authuser= ann count=2 within=0\n"},
    {"no word, no event", "0/1h/line/user=", "user=|user= ann|user=,|user=\"|user=;|user='|user=\t|use|", ""},
    {"a word ends at each of these", "6/1h/line/u=", "u=a b|u=a\tb|u=a,b|u=a;b|u=a\"b|u=a'b|u=a|",
     "over 6/1h/line/u= a count=7 within=0\n"},
    {"the first occurrence counts, once", "0/1h/line/u=", "u=a u=b|",
     "over 0/1h/line/u= a count=1 within=0\n"},
    {"words are folded to small letters", "1/1h/line/u=", "u=Ann@X|u=aNN@x|",
     "over 1/1h/line/u= ann@x count=2 within=0\n"},
    {"words are not folded as senders", "1/1h/line/u=", "u=prvs=1=a@x|u=a@x|u=a@[]|", ""},
    {"any line is a line, an event too", "0/1h/line/<", INFO("1", "a@x", "2"),
     "over 0/1h/line/< a@x> count=1 within=0\n"},
    {"bytes of a key that cannot be shown are written as %XX", "0/1h/line/u=", "u=\x01\xff%|",
     "over 0/1h/line/u= %01%FF%25 count=1 within=0\n"},
    {"to counts different recipients, whatever their case", "1/1h/to",
     INFO("1", "a@x", "2") TO("5", "1", "Bob@Y") INFO("2", "a@x", "2") TO("6", "2", "bOB@y")
         TO("7", "2", "cid@y"),
     "over 1/1h/to/sender a@x count=2 within=0 msg=2 qp=4 uid=2 from=a@x to=cid@y\n"},
    {"local recipients are none of them", "1/1h/to",
     INFO("1", "a@x", "2") TO("5", "1", "bob@y") "starting delivery 6: msg 1 to local cid@y|", ""},
    {"a recipient that is tried again is none", "0/1h/to",
     INFO("1", "a@x", "2") TO("5", "1", "bob@y") TO("6", "1", "bob@y"),
     "over 0/1h/to/sender a@x count=1 within=0 msg=1 qp=4 uid=2 from=a@x to=bob@y\n"},
    {"host counts different domains, whatever their case", "1/1h/host",
     INFO("1", "a@x", "2") TO("5", "1", "b@Y") TO("6", "1", "c@y") TO("7", "1", "d@z@w"),
     "over 1/1h/host/sender a@x count=2 within=0 msg=1 qp=4 uid=2 from=a@x to=d@z@w\n"},
    {"the domain of a recipient is behind the last '@'", "1/1h/host",
     INFO("1", "a@x", "2") TO("5", "1", "b@y@z") TO("6", "1", "b@q@z"), ""},
    {"a recipient without a domain has no host", "0/1h/host",
     INFO("1", "a@x", "2") TO("5", "1", "bob") TO("6", "1", "b@"), ""},
    {"from counts different senders, folded", "1/1h/from/uid",
     INFO("1", "Ann@x", "2") INFO("2", "prvs=1=ann@x", "2") INFO("3", "bob@x", "2"),
     "over 1/1h/from/uid 2 count=2 within=0 msg=3 qp=4 uid=2 from=bob@x\n"},
    {"null senders are none of them", "0/1h/from/uid", INFO("1", "", "2") INFO("2", "#@[]", "2"), ""},
    {"different senders of a domain", "1/1h/from/domain",
     INFO("1", "a@x", "2") INFO("2", "b@y", "2") INFO("3", "b@X", "3"),
     "over 1/1h/from/domain x count=2 within=0 msg=3 qp=4 uid=3 from=b@X\n"},
    {"different senders of all", "1/1h/from/all", INFO("1", "a@x", "2") INFO("2", "b@y", "3"),
     "over 1/1h/from/all * count=2 within=0 msg=2 qp=4 uid=3 from=b@y\n"},
    {"a deselected sender is none of the different ones", "-a@x 0/1h/from/all", INFO("1", "a@x", "2"), ""},
    {"more, of different values", "1/1h/to/all",
     INFO("1", "a@x", "2") TO("5", "1", "b@y") TO("6", "1", "c@y") TO("7", "1", "d@y") INFO("2", "e@x", "2")
         TO("8", "2", "d@y"),
     "over 1/1h/to/all * count=2 within=0 msg=1 qp=4 uid=2 from=a@x to=c@y\nmore 1/1h/to/all * count=3 "
     "within=0 msg=1 qp=4 "
     "uid=2 "
     "from=a@x to=d@y\n"},
    {"two words: the different second ones of each first", "1/1h/line/u={}*r={}",
     "u=Ann r=1|u=ann r=1|u=bob r=2|u=cid r=3|u=cid x=7 r=4.A%|u=ann r=1|",
     "over 1/1h/line/u={}*r={} cid count=2 within=0 word=4.A%25\n"},
    {"second words are one whatever their case, and shown as they stand", "1/1h/line/u={}:{}",
     "u=a:X|u=a:x|u=a:Y|", "over 1/1h/line/u={}:{} a count=2 within=0 word=Y\n"},
    {"selection is by the first word", "-1 -ann 0/1h/line/u={}:{}", "u=ann:2|u=bob:1|",
     "over 0/1h/line/u={}:{} bob count=1 within=0 word=1\n"},
    {"more", "1/1h/msg/all", INFO("1", "a@x", "2") INFO("2", "a@x", "2") INFO("3", "a@x", "2"),
     "over 1/1h/msg/all * count=2 within=0 msg=2 qp=4 uid=2 from=a@x\nmore 1/1h/msg/all * count=3 within=0 "
     "msg=3 qp=4 uid=2 "
     "from=a@x\n"},
    {"a deselected sender is not counted", "-*@x 0/1h", INFO("1", "a@x", "2"), ""},
    {"a word can be deselected", "-(Unknown) 0/1h/line/u=", "u=(unknown)|u=(UNKNOWN)|u=a|",
     "over 0/1h/line/u= a count=1 within=0\n"},
    {"a word has a limit of its own", "-news 0/1h/line/u= -* +news 1/1h/line/u=", "u=news|u=a|u=News|",
     "over 0/1h/line/u= a count=1 within=0\nover 1/1h/line/u= news count=2 within=0\n"},
    {"the sender in a line does not matter to a line rule", "-a@x 0/1h/line/uid*", INFO("1", "a@x", "2"),
     "over 0/1h/line/uid* 2 count=1 within=0\n"},
};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  char *copy = strdup(r->lines), *rest = copy, *one, got[2000] = "";
  world_open(&w, r->rule, MEMORY, 0);
  while ((one = strsep(&rest, "|")))
    if (*one)
      world_line(&w, 7, "%s", one);
  for (char *s = w.said.s; *s; s = strchr(s, '\n') + 1)
    strncat(got, s + LABEL_FMT + 1, strcspn(s, "\n") - LABEL_FMT);
  assert_string_equal(got, r->alerts);
  world_close(&w);
  free(copy);
}

static void all_rules_in_order(void **state)
{
  (void)state;
  world_open(&w, "0/1h/msg/uid 0/2h -*@x 0/3h 0/4h/line/msg 0/5h/byte/all", MEMORY, 0);
  world_line(&w, 1, "info msg 7: bytes 900 from <a@x> qp 4 uid 2");
  world_expect(&w, "@1 over 0/1h/msg/uid 2 count=1 within=0 msg=7 qp=4 uid=2 from=a@x\n"
                   "@1 over 0/2h/msg/sender a@x count=1 within=0 msg=7 qp=4 uid=2 from=a@x\n");
  world_line(&w, 2, "a msg7");
  world_expect(&w, "@2 over 0/4h/line/msg 7 count=1 within=0\n");
  assert_int_equal(w.t.watch.alerts, 3);
  world_close(&w);
}

static void quiet(void **state)
{
  (void)state;
  world_open(&w, "0/1h", MEMORY, 0);
  w.t.watch.is_silent = 1;
  world_msg(&w, 1, "a@x");
  world_expect(&w, "");
  assert_int_equal(w.t.watch.alerts, 0);
  assert_int_equal(w.t.watch.store.now_over, 1);
  world_close(&w);
}

static void over_old_memory(void **state)
{
  (void)state;
  memset(&w.t, 0xff, sizeof w.t);
  world_open(&w, "0/1h", MEMORY, 0);
  world_line(&w, 1, "info msg 7: bytes 900 from <a@x> qp 4 uid 2");
  world_expect(&w, "@1 over 0/1h/msg/sender a@x count=1 within=0 msg=7 qp=4 uid=2 from=a@x\n");
  assert_int_equal(w.t.watch.alerts, 1);
  world_close(&w);
}

static void nul_in_a_word(void **state)
{
  static char const line[] = "u=a\0b c";
  (void)state;
  world_open(&w, "0/1h/line/u=", MEMORY, 0);
  tap_line(&w.t, (span){line, sizeof line - 1});
  world_expect(&w, "@0 over 0/1h/line/u= a%00b count=1 within=0\n");
  world_close(&w);
}

/* A rule, and the processor time of 20,000 messages, each with a key of its own. */
typedef struct {
  char const *name, *rule;
} spread_row;

static spread_row const spread[] = {
    {"20,000 senders are not compared with each other", "9/1h/msg/sender"},
    {"nor are 20,000 domains", "9/1h/msg/domain"},
    {"nor 20,000 uids", "9/1h/msg/uid"},
    {"nor 20,000 words", "9/1h/line/<"},
};

static clock_t messages_time(char const *directive)
{
  clock_t start;
  world_open(&w, directive, MEMORY, 0);
  start = clock();
  for (int i = 0; i < 20000; i++)
    world_line(&w, 0, "info msg %d: bytes 1 from <u%d@d%d.org> qp 3 uid %d", i, i, i, i);
  start = clock() - start;
  assert_string_equal(w.said.s, "");
  world_close(&w);
  return start;
}

/* Compared with each other they would take hundreds of times as long as one key that is always the same. */
static void check_spread(void **state)
{
  clock_t one = messages_time("1M/1h/msg/all");
  assert_true(messages_time(ROWS_ROW(spread_row, state)->rule) < 10 * one + CLOCKS_PER_SEC / 10);
}

int main(void)
{
  static rows_list list;
  ROWS_ADD(&list, rows, check);
  ROWS_ADD(&list, spread, check_spread);
  rows_one(&list, "each rule that applies counts, in the order of the script", all_rules_in_order);
  rows_one(&list, "a watch begins at nothing, whatever was there before", over_old_memory);
  rows_one(&list, "a NUL byte belongs to a word", nul_in_a_word);
  rows_one(&list, "a quiet watch counts and says nothing", quiet);
  return rows_run(&list, "watch");
}
